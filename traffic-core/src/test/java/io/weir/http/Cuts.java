package io.weir.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Ways to cut bytes into the pieces in which they might come from a socket. */
final class Cuts {

    private Cuts() {}

    /** No cut at all. */
    static final int[] NONE = {};

    /** One cut before every byte but the first. */
    static int[] everywhere(int length) {
        return IntStream.range(1, Math.max(1, length)).toArray();
    }

    /** Each single cut, then all of them at once. */
    static List<int[]> all(int length) {
        List<int[]> all = new ArrayList<>();
        for (int cut = 1; cut < length; cut++) {
            all.add(new int[] {cut});
        }
        all.add(everywhere(length));
        return all;
    }

    /** Up to eight cuts; the same ones for the same bytes. */
    static int[] drawn(byte[] bytes) {
        if (bytes.length < 2) {
            return NONE;
        }
        Random dice = new Random(Arrays.hashCode(bytes));
        return dice.ints(1 + dice.nextInt(8), 1, bytes.length).sorted().distinct().toArray();
    }

    /** The pieces between the cuts. */
    static List<byte[]> pieces(byte[] bytes, int... cuts) {
        List<byte[]> pieces = new ArrayList<>();
        int from = 0;
        for (int cut : cuts) {
            pieces.add(Arrays.copyOfRange(bytes, from, cut));
            from = cut;
        }
        pieces.add(Arrays.copyOfRange(bytes, from, bytes.length));
        return pieces;
    }
}
