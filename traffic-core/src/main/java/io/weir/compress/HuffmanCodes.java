package io.weir.compress;

import java.util.Arrays;

/**
 * Makes the best prefix codes of a limited width for given frequencies. Used by one thread at a
 * time.
 */
final class HuffmanCodes {

    /*
     * Lengths: Moffat and Katajainen, "In-place calculation of minimum-redundancy codes", 1995.
     * Codes that are too long become as long as allowed, and the sum of Kraft is made good by
     * making the longest of the others longer.
     */

    private static final int SYMBOL_BITS = 9;
    private static final int SYMBOL_MASK = (1 << SYMBOL_BITS) - 1;
    private static final int DEEPEST = 31;

    /** Frequencies above symbols, in ascending order. */
    private final int[] sorted = new int[DeflateSymbols.LITERALS];

    private final int[] tree = new int[DeflateSymbols.LITERALS];
    private final int[] counts = new int[DEEPEST + 1];
    private final int[] next = new int[DEEPEST + 1];

    /**
     * Fills {@code codes} with a complete code; symbols that do not occur get 0. At least two
     * symbols get one, because some decoders want that.
     *
     * @param frequencies below 2^22 in sum
     * @param limit of the width
     */
    void make(int[] frequencies, int limit, int[] codes) {
        int n = 0;
        for (int symbol = 0; symbol < frequencies.length; symbol++) {
            codes[symbol] = 0;
            if (frequencies[symbol] != 0) {
                sorted[n++] = frequencies[symbol] << SYMBOL_BITS | symbol;
            }
        }
        for (int symbol = 0; n < 2; symbol++) {
            if (frequencies[symbol] == 0) {
                sorted[n++] = 1 << SYMBOL_BITS | symbol;
            }
        }
        Arrays.sort(sorted, 0, n);
        depths(n);
        limit(limit);
        assign(limit, codes);
    }

    /** Counts how many codes have which width. */
    private void depths(int n) {
        int[] t = tree;
        for (int i = 0; i < n; i++) {
            t[i] = sorted[i] >>> SYMBOL_BITS;
        }
        t[0] += t[1];
        int root = 0;
        int leaf = 2;
        for (int at = 1; at < n - 1; at++) {
            if (leaf >= n || t[root] < t[leaf]) {
                t[at] = t[root];
                t[root++] = at;
            } else {
                t[at] = t[leaf++];
            }
            if (leaf >= n || root < at && t[root] < t[leaf]) {
                t[at] += t[root];
                t[root++] = at;
            } else {
                t[at] += t[leaf++];
            }
        }
        t[n - 2] = 0;
        for (int at = n - 3; at >= 0; at--) {
            t[at] = t[t[at]] + 1;
        }
        Arrays.fill(counts, 0);
        int open = 1;
        int depth = 0;
        root = n - 2;
        while (open > 0) {
            int inner = 0;
            while (root >= 0 && t[root] == depth) {
                inner++;
                root--;
            }
            counts[depth] += open - inner;
            open = 2 * inner;
            depth++;
        }
    }

    private void limit(int limit) {
        for (int width = limit + 1; width <= DEEPEST; width++) {
            counts[limit] += counts[width];
            counts[width] = 0;
        }
        int sum = 0;
        for (int width = 1; width <= limit; width++) {
            sum += counts[width] << limit - width;
        }
        for (; sum > 1 << limit; sum--) {
            counts[limit]--;
            int width = limit - 1;
            while (counts[width] == 0) {
                width--;
            }
            counts[width]--;
            counts[width + 1] += 2;
        }
    }

    /** Gives the rarest symbols the widest codes, in the order that decoders expect. */
    private void assign(int limit, int[] codes) {
        int at = 0;
        for (int width = limit; width > 0; width--) {
            for (int i = counts[width]; i > 0; i--) {
                codes[sorted[at++] & SYMBOL_MASK] = width;
            }
        }
        int code = 0;
        for (int width = 1; width <= limit; width++) {
            code = code + counts[width - 1] << 1;
            next[width] = code;
        }
        for (int symbol = 0; symbol < codes.length; symbol++) {
            int width = codes[symbol];
            if (width != 0) {
                codes[symbol] = DeflateSymbols.code(next[width]++, width);
            }
        }
    }
}
