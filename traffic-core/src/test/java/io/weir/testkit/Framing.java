package io.weir.testkit;

/**
 * How a message said where its body ends.
 *
 * @param length of a body by length; 0 otherwise
 */
public record Framing(Kind kind, long length) {

    public static final Framing NONE = new Framing(Kind.NONE, 0);
    public static final Framing CHUNKED = new Framing(Kind.CHUNKED, 0);
    public static final Framing CLOSE = new Framing(Kind.CLOSE, 0);

    /** The framing of a body of {@code length} bytes. */
    public static Framing length(long length) {
        return new Framing(Kind.LENGTH, length);
    }

    /** {@code none}, {@code length 5}, {@code chunked} or {@code close}. */
    @Override
    public String toString() {
        return switch (kind) {
            case NONE -> "none";
            case LENGTH -> "length " + length;
            case CHUNKED -> "chunked";
            case CLOSE -> "close";
        };
    }

    /** The ways to say it. */
    public enum Kind {
        NONE,
        LENGTH,
        CHUNKED,
        /** Until the sender closes; responses only. */
        CLOSE
    }
}
