package io.weir.compress;

import java.util.Arrays;

/**
 * Writes blocks of deflate (RFC 1951 section 3.2.3): with codes made for the block, with the fixed
 * ones, or as they are, whichever is shortest. Used by one thread at a time.
 */
final class DeflateBlock {

    /** Widest codes of symbols, and of the widths of these. */
    private static final int LIMIT = 15;

    private static final int WIDTHS_LIMIT = 7;

    private static final int STORED_HEADER = 5;
    private static final int MOST_STORED = 65535;

    /** In which order the codes for widths are told (section 3.2.7). */
    private static final int[] ORDER = {
        16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15
    };

    private final HuffmanCodes huffman = new HuffmanCodes();
    private final int[] literals = new int[DeflateSymbols.LITERALS];
    private final int[] distances = new int[DeflateSymbols.DISTANCES];

    /** What tokens have in their lowest bits, as it is written: literals, then lengths. */
    private final int[] near = new int[2 * MatchFinder.LENGTH];

    /** Codes of distances, and of none. */
    private final int[] far = new int[DeflateSymbols.DISTANCES + 1];

    private final int[] lengths = new int[DeflateSymbols.LONGEST + 1];

    /** The widths of both codes, with repetitions told: symbol, above it what is repeated. */
    private final int[] told = new int[DeflateSymbols.LITERALS + DeflateSymbols.DISTANCES];

    private final int[] toldCounts = new int[19];
    private final int[] toldCodes = new int[19];
    private final int[] widths = new int[told.length];

    private final byte[] out;
    private int at;
    private long bits;
    private int width;

    /**
     * @param block most bytes of a block
     */
    DeflateBlock(int block) {
        out = new byte[block + STORED_HEADER * (block / MOST_STORED + 2) + 64];
    }

    /** What is written, from the beginning of the array to {@link #length}. */
    byte[] bytes() {
        return out;
    }

    int length() {
        return at;
    }

    /** What was written has been taken away; bits of a byte that is not full stay. */
    void taken() {
        at = 0;
    }

    void reset() {
        at = 0;
        bits = 0;
        width = 0;
    }

    /** Writes bytes; only where a byte ends. */
    void raw(byte[] bytes) {
        System.arraycopy(bytes, 0, out, at, bytes.length);
        at += bytes.length;
    }

    void put(int value, int n) {
        bits |= (long) value << width;
        width += n;
        MatchFinder.LONGS.set(out, at, bits);
        at += width >>> 3;
        bits >>>= width & ~7;
        width &= 7;
    }

    /** An empty block that ends where a byte ends (a flush), or the last one. */
    void empty(boolean last) {
        if (last) {
            put(0b011, 3);
            put(0, 7);
            align();
        } else {
            put(0b000, 3);
            align();
            raw(new byte[] {0, 0, (byte) 0xff, (byte) 0xff});
        }
    }

    private void align() {
        if (width > 0) {
            out[at++] = (byte) bits;
        }
        bits = 0;
        width = 0;
    }

    /** Writes the block between {@code from} and {@code end}, which {@code found} has divided. */
    void write(byte[] in, int from, int end, MatchFinder found) {
        huffman.make(found.literalCounts, LIMIT, literals);
        huffman.make(found.distanceCounts, LIMIT, distances);
        tell();
        long extra = extra(found);
        long own = cost(found, literals, distances) + extra + told();
        long fixed =
                cost(found, DeflateSymbols.FIXED_LITERALS, DeflateSymbols.FIXED_DISTANCES) + extra;
        long stored = 8L * (end - from + STORED_HEADER * (1 + (end - from) / MOST_STORED));
        if (stored < Math.min(own, fixed)) {
            store(in, from, end);
        } else if (fixed <= own) {
            put(0b010, 3);
            codes(found, DeflateSymbols.FIXED_LITERALS, DeflateSymbols.FIXED_DISTANCES);
        } else {
            put(0b100, 3);
            header();
            codes(found, literals, distances);
        }
    }

    private static long cost(MatchFinder found, int[] literals, int[] distances) {
        long sum = 0;
        for (int i = 0; i < literals.length; i++) {
            sum += (long) found.literalCounts[i] * (literals[i] & DeflateSymbols.WIDTH_MASK);
        }
        for (int i = 0; i < distances.length; i++) {
            sum += (long) found.distanceCounts[i] * (distances[i] & DeflateSymbols.WIDTH_MASK);
        }
        return sum;
    }

    private static long extra(MatchFinder found) {
        long sum = 0;
        for (int i = DeflateSymbols.END_OF_BLOCK; i < DeflateSymbols.LITERALS; i++) {
            sum += (long) found.literalCounts[i] * DeflateSymbols.lengthExtra(i);
        }
        for (int i = 0; i < DeflateSymbols.DISTANCES; i++) {
            sum += (long) found.distanceCounts[i] * DeflateSymbols.distanceExtra(i);
        }
        return sum;
    }

    private void store(byte[] in, int from, int end) {
        for (int start = from; start < end; ) {
            int n = Math.min(MOST_STORED, end - start);
            put(0b000, 3);
            align();
            out[at++] = (byte) n;
            out[at++] = (byte) (n >>> 8);
            out[at++] = (byte) ~n;
            out[at++] = (byte) (~n >>> 8);
            System.arraycopy(in, start, out, at, n);
            at += n;
            start += n;
        }
    }

    // ---- telling the codes (section 3.2.7)

    private int literalsTold;
    private int distancesTold;
    private int toldLength;

    /** Works out how the widths of both codes are told. */
    private void tell() {
        literalsTold = used(literals, 257);
        distancesTold = used(distances, 1);
        int n = 0;
        for (int i = 0; i < literalsTold; i++) {
            widths[n++] = literals[i] & DeflateSymbols.WIDTH_MASK;
        }
        for (int i = 0; i < distancesTold; i++) {
            widths[n++] = distances[i] & DeflateSymbols.WIDTH_MASK;
        }
        Arrays.fill(toldCounts, 0);
        toldLength = 0;
        for (int i = 0; i < n; ) {
            int value = widths[i];
            int same = 1;
            while (i + same < n && widths[i + same] == value) {
                same++;
            }
            i += same;
            if (value != 0) {
                told(value, 0);
                same--;
            }
            repeat(value, same);
        }
        huffman.make(toldCounts, WIDTHS_LIMIT, toldCodes);
    }

    private void repeat(int value, int times) {
        int left = times;
        while (left >= 3) {
            int n = Math.min(left, value != 0 ? 6 : 138);
            if (value != 0) {
                told(16, n - 3);
            } else if (n <= 10) {
                told(17, n - 3);
            } else {
                told(18, n - 11);
            }
            left -= n;
        }
        for (; left > 0; left--) {
            told(value, 0);
        }
    }

    private void told(int symbol, int extra) {
        told[toldLength++] = symbol | extra << 8;
        toldCounts[symbol]++;
    }

    private static int used(int[] codes, int least) {
        int n = codes.length;
        while (n > least && codes[n - 1] == 0) {
            n--;
        }
        return n;
    }

    private static int toldExtra(int symbol) {
        return switch (symbol) {
            case 16 -> 2;
            case 17 -> 3;
            case 18 -> 7;
            default -> 0;
        };
    }

    private int orderTold() {
        int n = ORDER.length;
        while (n > 4 && toldCodes[ORDER[n - 1]] == 0) {
            n--;
        }
        return n;
    }

    /** Bits that telling the codes takes. */
    private int told() {
        int sum = 14 + 3 * orderTold();
        for (int i = 0; i < toldCounts.length; i++) {
            int each = (toldCodes[i] & DeflateSymbols.WIDTH_MASK) + toldExtra(i);
            sum += toldCounts[i] * each;
        }
        return sum;
    }

    private void header() {
        int order = orderTold();
        put(literalsTold - 257 | distancesTold - 1 << 5 | order - 4 << 10, 14);
        for (int i = 0; i < order; i++) {
            put(toldCodes[ORDER[i]] & DeflateSymbols.WIDTH_MASK, 3);
        }
        for (int i = 0; i < toldLength; i++) {
            int symbol = told[i] & 0xff;
            int code = toldCodes[symbol];
            int n = code & DeflateSymbols.WIDTH_MASK;
            put(code >>> DeflateSymbols.WIDTH_BITS | told[i] >>> 8 << n, n + toldExtra(symbol));
        }
    }

    // ---- the block itself

    private void codes(MatchFinder found, int[] symbols, int[] farSymbols) {
        DeflateSymbols.lengthCodes(symbols, lengths);
        System.arraycopy(symbols, 0, near, 0, MatchFinder.LENGTH);
        System.arraycopy(
                lengths,
                DeflateSymbols.SHORTEST,
                near,
                MatchFinder.LENGTH,
                lengths.length - DeflateSymbols.SHORTEST);
        for (int i = 0; i < farSymbols.length; i++) {
            far[i] = farSymbols[i] << 5 | DeflateSymbols.distanceExtra(i);
        }
        // A token has 48 bits at most, and 7 may be left of the one before.
        int[] tokens = found.tokens;
        int[] low = near;
        int[] high = far;
        byte[] to = out;
        long waiting = bits;
        int n = width;
        int end = at;
        for (int i = 0, count = found.tokenCount; i < count; i++) {
            int token = tokens[i];
            int code = low[token & 511];
            int distance = high[token >>> MatchFinder.SYMBOL_AT & 31];
            waiting |= (long) (code >>> 5) << n;
            n += code & 31;
            waiting |= (long) (distance >>> 10) << n;
            n += distance >>> 5 & 31;
            waiting |= (long) (token >>> MatchFinder.EXTRA_AT) << n;
            n += distance & 31;
            MatchFinder.LONGS.set(to, end, waiting);
            end += n >>> 3;
            waiting >>>= n & ~7;
            n &= 7;
        }
        at = end;
        bits = waiting;
        width = n;
        int code = symbols[DeflateSymbols.END_OF_BLOCK];
        put(code >>> DeflateSymbols.WIDTH_BITS, code & DeflateSymbols.WIDTH_MASK);
    }
}
