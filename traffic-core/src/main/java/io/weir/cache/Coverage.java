package io.weir.cache;

import java.util.Arrays;

/** Which bytes of a body are there, as far as they came in parts. Immutable. */
final class Coverage {

    static final Coverage NONE = new Coverage(new int[0]);

    /**
     * Where each run of bytes begins and, next to it, ends; in ascending order with gaps between.
     */
    private final int[] runs;

    private Coverage(int[] runs) {
        this.runs = runs;
    }

    /**
     * Index behind the last byte of the run that has the byte at {@code from}; {@code from} if none
     * has.
     */
    int end(int from) {
        for (int i = 0; i < runs.length; i += 2) {
            if (runs[i] <= from && from < runs[i + 1]) {
                return runs[i + 1];
            }
        }
        return from;
    }

    /** Where the first run behind {@code from} begins; {@code otherwise} when there is none. */
    int next(int from, int otherwise) {
        for (int i = 0; i < runs.length; i += 2) {
            if (runs[i] >= from) {
                return runs[i];
            }
        }
        return otherwise;
    }

    /** Index of the first byte that is missing. */
    int firstGap() {
        return end(0);
    }

    /** Index behind the last byte that is missing of {@code length}. */
    int lastGap(int length) {
        int last = runs.length - 1;
        return last > 0 && runs[last] == length ? runs[last - 1] : length;
    }

    /** Runs of bytes with gaps between. */
    int count() {
        return runs.length / 2;
    }

    /** Bytes that are there. */
    int bytes() {
        int sum = 0;
        for (int i = 0; i < runs.length; i += 2) {
            sum += runs[i + 1] - runs[i];
        }
        return sum;
    }

    /** The same with the bytes from {@code from} to before {@code to}. */
    Coverage with(int from, int to) {
        int[] next = new int[runs.length + 2];
        int first = from;
        int last = to;
        int n = 0;
        int i = 0;
        for (; i < runs.length && runs[i + 1] < from; i += 2) {
            next[n++] = runs[i];
            next[n++] = runs[i + 1];
        }
        for (; i < runs.length && runs[i] <= to; i += 2) {
            first = Math.min(first, runs[i]);
            last = Math.max(last, runs[i + 1]);
        }
        next[n++] = first;
        next[n++] = last;
        for (; i < runs.length; i++) {
            next[n++] = runs[i];
        }
        return new Coverage(Arrays.copyOf(next, n));
    }
}
