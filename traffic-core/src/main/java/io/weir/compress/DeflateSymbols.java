package io.weir.compress;

/**
 * The alphabet of deflate (RFC 1951 section 3.2.5): symbols of lengths and distances, and codes as
 * they are written. A code is an int: its bits, the first one lowest, above five bits of width.
 */
final class DeflateSymbols {

    /** Shortest and longest match that can be told, and the farthest. */
    static final int SHORTEST = 3;

    static final int LONGEST = 258;
    static final int WINDOW = 32 * 1024;

    /** Symbols: literals, the end of the block, lengths; then distances. */
    static final int LITERALS = 286;

    static final int END_OF_BLOCK = 256;
    static final int DISTANCES = 30;

    static final int WIDTH_BITS = 5;
    static final int WIDTH_MASK = 31;

    private static final int[] LENGTH_BASE = {
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115,
        131, 163, 195, 227, 258
    };
    private static final int[] LENGTH_EXTRA = {
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0
    };

    /** Symbol of each length; of the shortest one first. */
    private static final short[] LENGTH_SYMBOL = new short[LONGEST - SHORTEST + 1];

    /** The fixed codes (section 3.2.6). */
    static final int[] FIXED_LITERALS = new int[LITERALS];

    static final int[] FIXED_DISTANCES = new int[DISTANCES];

    static {
        int k = 0;
        for (int length = SHORTEST; length <= LONGEST; length++) {
            while (k + 1 < LENGTH_BASE.length && LENGTH_BASE[k + 1] <= length) {
                k++;
            }
            LENGTH_SYMBOL[length - SHORTEST] = (short) (END_OF_BLOCK + 1 + k);
        }
        for (int symbol = 0; symbol < LITERALS; symbol++) {
            FIXED_LITERALS[symbol] = fixed(symbol);
        }
        for (int symbol = 0; symbol < DISTANCES; symbol++) {
            FIXED_DISTANCES[symbol] = code(symbol, 5);
        }
    }

    private DeflateSymbols() {}

    private static int fixed(int symbol) {
        if (symbol < 144) {
            return code(0x30 + symbol, 8);
        }
        if (symbol < 256) {
            return code(0x190 + symbol - 144, 9);
        }
        return symbol < 280 ? code(symbol - 256, 7) : code(0xc0 + symbol - 280, 8);
    }

    /** The code with these {@code width} bits, the first one highest. */
    static int code(int bits, int width) {
        return Integer.reverse(bits) >>> 32 - width << WIDTH_BITS | width;
    }

    static int ofLength(int length) {
        return LENGTH_SYMBOL[length - SHORTEST];
    }

    /** The symbol of a distance, which is given less one. */
    static int ofDistance(int less) {
        if (less < 2) {
            return less;
        }
        int extra = 30 - Integer.numberOfLeadingZeros(less);
        return 2 * extra + 2 + (less >>> extra & 1);
    }

    /** Bits that follow the symbol of a distance. */
    static int distanceExtra(int symbol) {
        return symbol < 2 ? 0 : (symbol >>> 1) - 1;
    }

    /** Bits that follow {@code symbol}, if it is the one of a length. */
    static int lengthExtra(int symbol) {
        return symbol <= END_OF_BLOCK ? 0 : LENGTH_EXTRA[symbol - END_OF_BLOCK - 1];
    }

    /** Makes codes with their extra bits for all lengths out of those of the symbols. */
    static void lengthCodes(int[] literals, int[] lengths) {
        for (int length = SHORTEST; length <= LONGEST; length++) {
            int symbol = ofLength(length);
            int k = symbol - END_OF_BLOCK - 1;
            int code = literals[symbol];
            int width = code & WIDTH_MASK;
            int bits = code >>> WIDTH_BITS | length - LENGTH_BASE[k] << width;
            lengths[length] = bits << WIDTH_BITS | width + LENGTH_EXTRA[k];
        }
    }
}
