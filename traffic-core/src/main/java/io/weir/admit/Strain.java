package io.weir.admit;

import io.weir.config.Priority;

import org.jspecify.annotations.Nullable;

/**
 * What one event loop has to bear: how late it is, and whether the process runs out of memory; and
 * which requests are refused for it. Confined to the event loop, but for {@link #refused}.
 */
public final class Strain {

    // A late loop refuses a share of the requests, a little more at each look as long as it is
    // late, and less when it is not: first of those of low priority, when that does not help of
    // the others. So short hiccups refuse nobody, and whoever is refused is a share of the
    // clients all the time and not all of them some of the time.

    private static final double MORE = 0.1;
    private static final double LESS = 0.2;

    /** The share of priority p is the level minus p, between 0 and 1. */
    private static final double MOST = Priority.values().length - 0.1;

    private final double[] debt = new double[Priority.values().length];
    private double level;
    private Memory memory = Memory.PLENTY;
    private volatile long refused;

    /** How much memory is left. */
    public enum Memory {
        PLENTY,
        /** More is in use than the budget: requests of high priority only. */
        SHORT,
        /** Nearly all is in use: no requests. */
        GONE
    }

    /**
     * The loop has come round.
     *
     * @param lateNanos than it was to be
     * @param mostNanos it may be late; 0 for any time
     */
    public void look(long lateNanos, long mostNanos, Memory left) {
        boolean late = mostNanos > 0 && lateNanos > mostNanos;
        level = late ? Math.min(MOST, level + MORE) : Math.max(0, level - LESS);
        memory = left;
    }

    /** Why a request of {@code priority} that comes now is refused; null when it is not. */
    public @Nullable String refuses(Priority priority) {
        if (level == 0 && memory == Memory.PLENTY) {
            return null;
        }
        String why = judge(priority);
        if (why != null) {
            long next = refused + 1; // one writer
            refused = next;
        }
        return why;
    }

    private @Nullable String judge(Priority priority) {
        if (memory == Memory.GONE || memory == Memory.SHORT && priority != Priority.HIGH) {
            return "memory runs out";
        }
        int p = priority.ordinal();
        double share = Math.clamp(level - p, 0, 1);
        debt[p] += share;
        if (share > 0 && debt[p] >= 1) {
            debt[p] -= 1;
            return "the event loops are late";
        }
        return null;
    }

    /** Whether memory is short. */
    public Memory memory() {
        return memory;
    }

    /** Whether requests are refused, at least of low priority. */
    public boolean any() {
        return level > 0 || memory != Memory.PLENTY;
    }

    /** Requests refused since the start; any thread may ask. */
    public long refused() {
        return refused;
    }
}
