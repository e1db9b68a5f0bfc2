package io.weir.brake;

/**
 * Unwinds work that was ended from outside. An error, because libraries catch exceptions that they
 * do not know; without a stack trace, because it may pass many frames.
 */
public final class BrakedError extends Error {

    private static final long serialVersionUID = 1;

    BrakedError() {
        super("it was ended from outside", null, false, false);
    }
}
