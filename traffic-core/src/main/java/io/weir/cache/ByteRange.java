package io.weir.cache;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

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

    long length() {
        return last - first + 1;
    }

    /** Ranges in one field; a client that asks for more gets the whole. */
    private static final int MAX_RANGES = 16;

    /**
     * What the value of a {@code Range} field asks for of {@code length} bytes. Several ranges that
     * overlap or touch are one (RFC 9110 section 14.2).
     *
     * @return null when the field means nothing, or means ranges with gaps between them: then the
     *     whole is sent
     */
    public static @Nullable ByteRange of(String value, long length) {
        String text = value.strip();
        int equals = text.indexOf('=');
        if (equals < 0 || !text.substring(0, equals).equalsIgnoreCase("bytes")) {
            return null;
        }
        String[] specs = text.substring(equals + 1).split(",", MAX_RANGES + 1);
        if (specs.length > MAX_RANGES) {
            return null;
        }
        List<ByteRange> ranges = new ArrayList<>(specs.length);
        for (String spec : specs) {
            ByteRange range = one(spec.strip(), length);
            if (range == null) {
                return null;
            }
            if (range.satisfiable()) {
                ranges.add(range);
            }
        }
        return ranges.isEmpty() ? NOTHING : combined(ranges);
    }

    private static @Nullable ByteRange combined(List<ByteRange> ranges) {
        ranges.sort(Comparator.comparingLong(ByteRange::first));
        long first = ranges.getFirst().first();
        long last = ranges.getFirst().last();
        for (ByteRange each : ranges) {
            if (each.first() > last + 1) {
                return null;
            }
            last = Math.max(last, each.last());
        }
        return new ByteRange(first, last);
    }

    private static @Nullable ByteRange one(String spec, long length) {
        int dash = spec.indexOf('-');
        if (dash < 0) {
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
