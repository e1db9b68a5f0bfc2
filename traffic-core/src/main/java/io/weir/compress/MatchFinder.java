package io.weir.compress;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Divides a block into literals and repetitions of what was before: of the last place where the
 * same four bytes stood, taken at once. Used by one thread at a time.
 */
final class MatchFinder {

    /*
     * Places are kept as positions in all that this finder has ever seen: where the present body
     * begins, "base" has grown so far that places of earlier bodies lie before it. So the table is
     * hardly ever cleared.
     */

    static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** Bytes behind the end of a block that may be read. */
    static final int SLACK = 8;

    /** Tokens of one block. */
    static final int MOST_TOKENS = 32 * 1024;

    static final int LENGTH = 256;
    static final int NEAR = DeflateSymbols.DISTANCES;
    static final int SYMBOL_AT = 9;
    static final int EXTRA_AT = 14;

    private static final int HASH_BITS = 15;

    private final int[] table = new int[1 << HASH_BITS];
    private int base = 1;

    /**
     * Tokens are ints: nine bits with a literal, or 256 and the length less three of a match; above
     * them five with the symbol of its distance, {@link #NEAR} for a literal; then its extra bits.
     */
    final int[] tokens = new int[MOST_TOKENS];

    int tokenCount;
    final int[] literalCounts = new int[DeflateSymbols.LITERALS];
    final int[] distanceCounts = new int[DeflateSymbols.DISTANCES];

    /**
     * What lies in the buffer from now on comes {@code bytes} behind what lay there before: it was
     * moved towards the beginning, or something new begins.
     */
    void advance(int bytes) {
        base += bytes;
        if (base > 1 << 30) {
            Arrays.fill(table, 0);
            base = 1;
        }
    }

    /**
     * Divides {@code in} from {@code from} to before {@code end}, or as far as there is room for
     * tokens; matches may reach back to its beginning.
     *
     * @return where it has come to
     */
    int find(byte[] in, int from, int end) {
        int[] places = table;
        int[] out = tokens;
        int[] counts = literalCounts;
        int[] far = distanceCounts;
        Arrays.fill(counts, 0);
        Arrays.fill(far, 0);
        int count = 0;
        int shift = base;
        int i = from;
        int last = end - SLACK;
        while (i <= last && count < MOST_TOKENS - SLACK) {
            long here = (long) LONGS.get(in, i);
            int slot = slot((int) here);
            int first = places[slot] - shift;
            places[slot] = i + shift;
            if (first >= 0 && i - first <= DeflateSymbols.WINDOW) {
                long x = here ^ (long) LONGS.get(in, first);
                if ((int) x == 0) {
                    int length = length(in, first, i, end, x);
                    int less = i - first - 1;
                    int symbol = DeflateSymbols.ofDistance(less);
                    int extra = less & (1 << DeflateSymbols.distanceExtra(symbol)) - 1;
                    out[count++] =
                            LENGTH - DeflateSymbols.SHORTEST + length
                                    | symbol << SYMBOL_AT
                                    | extra << EXTRA_AT;
                    counts[DeflateSymbols.ofLength(length)]++;
                    far[symbol]++;
                    int next = i + length;
                    if (next <= last) {
                        enter(in, i + 1);
                        enter(in, i + 2);
                        enter(in, next - 1);
                    }
                    i = next;
                    continue;
                }
            }
            int literal = in[i++] & 0xff;
            counts[literal]++;
            out[count++] = literal | NEAR << SYMBOL_AT;
        }
        while (i < end && count < MOST_TOKENS) {
            int literal = in[i++] & 0xff;
            counts[literal]++;
            out[count++] = literal | NEAR << SYMBOL_AT;
        }
        tokenCount = count;
        counts[DeflateSymbols.END_OF_BLOCK] = 1;
        return i;
    }

    private void enter(byte[] in, int at) {
        table[slot((int) (long) LONGS.get(in, at))] = at + base;
    }

    private static int slot(int four) {
        return four * 0x9E3779B1 >>> 32 - HASH_BITS;
    }

    /**
     * @param x in what the first eight bytes differ; not in the first four
     */
    static int length(byte[] in, int a, int b, int end, long x) {
        if (x != 0) {
            return Long.numberOfTrailingZeros(x) >>> 3;
        }
        int most = Math.min(DeflateSymbols.LONGEST, end - b);
        int m = 8;
        while (m < most) {
            x = (long) LONGS.get(in, a + m) ^ (long) LONGS.get(in, b + m);
            if (x != 0) {
                return Math.min(m + (Long.numberOfTrailingZeros(x) >>> 3), most);
            }
            m += 8;
        }
        return most;
    }
}
