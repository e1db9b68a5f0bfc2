package io.weir.compress;

/** A body is not what its content coding says, or it grows out of all proportion. */
public final class CorruptException extends Exception {

    private static final long serialVersionUID = 1;

    public CorruptException(String message) {
        super(message);
    }
}
