package io.weir.protect;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * How many connections each client address has open and how often it came of late: a table of fixed
 * size. Safe for every thread; an operation holds one of many locks for a few memory accesses.
 */
final class AddressTable {

    // A set-associative table: an address belongs to one set of eight places, chosen by a hash that
    // nobody outside can know. When all eight are taken the one goes that has no open connection
    // and was quiet the longest; so a flood of addresses pushes out the addresses of the flood
    // first. Plain arrays, since a million addresses must not cost a million objects. The arrays
    // come in parts as they are needed: a class that few clients meet stays small.

    private static final int WAYS = 8;
    private static final int SETS_IN_PART = 128;

    /** What {@link #open} answers when every place is taken by an address with connections. */
    static final int UNTRACKED = -1;

    /** The address has as many connections as it may have. */
    static final int TOO_MANY = -2;

    /** The address came too often. */
    static final int TOO_OFTEN = -3;

    private final int sets;
    private final long seed;
    private final long start;
    private final AtomicReferenceArray<Part> parts;

    /**
     * @param addresses that have a place
     * @param seed makes the place of an address hard to guess
     * @param start reading of the clock from which times are counted
     */
    AddressTable(int addresses, long seed, long start) {
        this.sets = Math.max(1, addresses / WAYS);
        this.seed = seed;
        this.start = start;
        this.parts = new AtomicReferenceArray<>((sets + SETS_IN_PART - 1) / SETS_IN_PART);
    }

    /**
     * Counts one more connection of an address, within limits.
     *
     * @param most open connections; 0 for no limit
     * @param mostOften events within a window; 0 for no limit
     * @param window in nanoseconds
     * @return the connections it has now; negative for one of the constants, and nothing is counted
     */
    int open(long upper, long lower, int most, int mostOften, long window, long now) {
        int set = set(upper, lower);
        Part part = part(set);
        synchronized (part) {
            int at = part.place(set, upper, lower, window(now, window));
            if (at < 0) {
                return UNTRACKED;
            }
            if (most > 0 && part.open[at] >= most) {
                return TOO_MANY;
            }
            if (mostOften > 0 && !part.count(at, mostOften, window, now - start)) {
                return TOO_OFTEN;
            }
            return ++part.open[at];
        }
    }

    /** Counts a request of an address; whether it is within the limit. */
    boolean came(long upper, long lower, int mostOften, long window, long now) {
        int set = set(upper, lower);
        Part part = part(set);
        synchronized (part) {
            int at = part.place(set, upper, lower, window(now, window));
            return at < 0 || part.count(at, mostOften, window, now - start);
        }
    }

    /** A connection that {@link #open} counted has gone; returns how many the address had. */
    int close(long upper, long lower) {
        int set = set(upper, lower);
        Part part = part(set);
        synchronized (part) {
            int at = part.find(set, upper, lower);
            return at < 0 ? 0 : part.open[at]--;
        }
    }

    /** Addresses that have a place now. */
    int size() {
        int all = 0;
        for (int i = 0; i < parts.length(); i++) {
            Part part = parts.get(i);
            if (part != null) {
                all += part.taken;
            }
        }
        return all;
    }

    private int window(long now, long window) {
        return (int) ((now - start) / window);
    }

    private int set(long upper, long lower) {
        long mixed = mix(lower ^ seed);
        mixed = mix(mixed ^ upper ^ Long.rotateLeft(seed, 32));
        return (int) Math.unsignedMultiplyHigh(mixed, sets);
    }

    /** A permutation in which every bit of the input touches every bit of the output. */
    private static long mix(long z) {
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }

    private Part part(int set) {
        int index = set / SETS_IN_PART;
        Part part = parts.get(index);
        if (part == null) {
            Part made = new Part();
            part = parts.compareAndExchange(index, null, made);
            if (part == null) {
                part = made;
            }
        }
        return part;
    }

    /** Sets that share a lock. A place is free while nobody has used it: its window is -1. */
    private static final class Part {
        private final long[] upper = new long[SETS_IN_PART * WAYS];
        private final long[] lower = new long[SETS_IN_PART * WAYS];
        private final int[] open = new int[SETS_IN_PART * WAYS];
        private final int[] windows = new int[SETS_IN_PART * WAYS];
        private final int[] count = new int[SETS_IN_PART * WAYS];
        private final int[] before = new int[SETS_IN_PART * WAYS];
        private volatile int taken;

        Part() {
            java.util.Arrays.fill(windows, -1);
        }

        int find(int set, long wantedUpper, long wantedLower) {
            int first = set % SETS_IN_PART * WAYS;
            for (int at = first; at < first + WAYS; at++) {
                if (lower[at] == wantedLower && upper[at] == wantedUpper && windows[at] >= 0) {
                    return at;
                }
            }
            return -1;
        }

        /** The place of an address, which gets one when it has none; -1 when there is no room. */
        @SuppressWarnings("NonAtomicVolatileUpdate") // written under the lock only
        int place(int set, long wantedUpper, long wantedLower, int window) {
            int at = find(set, wantedUpper, wantedLower);
            if (at >= 0) {
                return at;
            }
            int first = set % SETS_IN_PART * WAYS;
            int victim = -1;
            for (int i = first; i < first + WAYS; i++) {
                if (open[i] == 0 && (victim < 0 || quieter(i, victim))) {
                    victim = i;
                }
            }
            if (victim < 0) {
                return -1;
            }
            if (windows[victim] < 0) {
                taken++;
            }
            upper[victim] = wantedUpper;
            lower[victim] = wantedLower;
            windows[victim] = window;
            count[victim] = 0;
            before[victim] = 0;
            return victim;
        }

        private boolean quieter(int a, int b) {
            return windows[a] != windows[b] ? windows[a] < windows[b] : count[a] < count[b];
        }

        /** A window that slides: the events of the one before count for the part still in sight. */
        boolean count(int at, int most, long window, long age) {
            int current = (int) (age / window);
            if (windows[at] != current) {
                before[at] = windows[at] == current - 1 ? count[at] : 0;
                count[at] = 0;
                windows[at] = current;
            }
            double gone = (double) (age % window) / window;
            if (count[at] + before[at] * (1 - gone) >= most) {
                return false;
            }
            count[at]++;
            return true;
        }
    }
}
