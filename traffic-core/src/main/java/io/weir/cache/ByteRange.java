package io.weir.cache;

import org.jspecify.annotations.Nullable;

/**
 * A part of a representation (RFC 9110 section 14).
 *
 * @param first index of the first byte
 * @param last index of the last byte; before {@code first} when no byte can be given
 */
public record ByteRange(long first, long last) {

    /** No byte that was asked for is there. */
    static final ByteRange NOTHING = new ByteRange(0, -1);

    public boolean satisfiable() {
        return last >= first;
    }

    /**
     * What the value of a {@code Range} field asks for of {@code length} bytes.
     *
     * @return null when the field means nothing, or means several ranges: then the whole is sent
     */
    public static @Nullable ByteRange of(String value, long length) {
        String text = value.strip();
        int equals = text.indexOf('=');
        if (equals < 0 || !text.substring(0, equals).equalsIgnoreCase("bytes")) {
            return null;
        }
        String spec = text.substring(equals + 1).strip();
        int dash = spec.indexOf('-');
        if (dash < 0 || spec.indexOf(',') >= 0) {
            return null;
        }
        long first = number(spec.substring(0, dash));
        long last = number(spec.substring(dash + 1));
        if (first == BROKEN || last == BROKEN || first == NONE && last == NONE) {
            return null;
        }
        if (first == NONE) {
            return last == 0 || length == 0
                    ? NOTHING
                    : new ByteRange(Math.max(0, length - last), length - 1);
        }
        if (last != NONE && last < first) {
            return null;
        }
        if (first >= length) {
            return NOTHING;
        }
        return new ByteRange(first, last == NONE ? length - 1 : Math.min(last, length - 1));
    }

    private static final long NONE = -1;
    private static final long BROKEN = -2;

    private static long number(String text) {
        if (text.isEmpty()) {
            return NONE;
        }
        if (text.length() > 18 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return BROKEN;
        }
        return Long.parseLong(text);
    }
}
