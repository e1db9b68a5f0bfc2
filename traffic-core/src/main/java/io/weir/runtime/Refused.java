package io.weir.runtime;

/** Something that was to be put in force is not possible; the results say what. */
final class Refused extends Exception {

    private static final long serialVersionUID = 1;
}
