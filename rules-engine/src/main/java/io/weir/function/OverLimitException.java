package io.weir.function;

/**
 * Work that a rule waits for took too much of something: the rule is aborted, and cannot help it.
 */
public final class OverLimitException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public OverLimitException(String text) {
        super(text, null, false, false);
    }
}
