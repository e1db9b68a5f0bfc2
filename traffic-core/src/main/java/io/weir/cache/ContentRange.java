package io.weir.cache;

import org.jspecify.annotations.Nullable;

/**
 * Which bytes of how many a 206 response brings (RFC 9110 section 14.4).
 *
 * @param first index of the first byte
 * @param last index of the last byte
 * @param total length of the whole
 */
record ContentRange(long first, long last, long total) {

    private static final String UNIT = "bytes ";
    private static final int MOST_DIGITS = 18;

    /** Reads a field value; null when it is none, or does not tell the length of the whole. */
    static @Nullable ContentRange parse(@Nullable String value) {
        if (value == null || !value.regionMatches(true, 0, UNIT, 0, UNIT.length())) {
            return null;
        }
        String text = value.substring(UNIT.length()).strip();
        int dash = text.indexOf('-');
        int slash = text.indexOf('/');
        if (dash < 0 || slash < dash) {
            return null;
        }
        long first = number(text.substring(0, dash));
        long last = number(text.substring(dash + 1, slash));
        long total = number(text.substring(slash + 1));
        return first >= 0 && first <= last && last < total
                ? new ContentRange(first, last, total)
                : null;
    }

    private static long number(String text) {
        boolean sound =
                !text.isEmpty()
                        && text.length() <= MOST_DIGITS
                        && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return sound ? Long.parseLong(text) : -1;
    }

    long length() {
        return last - first + 1;
    }
}
