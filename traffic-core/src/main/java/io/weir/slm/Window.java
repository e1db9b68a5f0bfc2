package io.weir.slm;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;

/**
 * What one event loop counts of one class, or of one class and node: a ring of seconds, and sums
 * since the start. Written by that event loop only, without atomic instructions; read by every
 * thread.
 */
final class Window {

    /** Seconds that conformance is about. */
    static final int SECONDS = 10;

    // A ring longer than the window, so that the second being written over is in no reader's view.
    private static final int SLOTS = 16;

    // A slot is a second: its number, then the counts.
    private static final int TOTAL = 1;
    private static final int CONFORMING = 2;
    private static final int SUM = 3;
    private static final int MIN = 4;
    private static final int MAX = 5;
    private static final int WIDTH = 8;

    // Behind the ring: sums since the start.
    private static final int EVER_TOTAL = SLOTS * WIDTH;
    private static final int EVER_CONFORMING = EVER_TOTAL + 1;
    private static final int ENTERED = EVER_TOTAL + 2;
    private static final int LEFT = EVER_TOTAL + 3;

    private static final long NO_SECOND = Long.MIN_VALUE;

    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] cells = new long[EVER_TOTAL + WIDTH];

    Window() {
        for (int slot = 0; slot < SLOTS; slot++) {
            cells[slot * WIDTH] = NO_SECOND;
        }
    }

    /** The second that {@code nanos} since a fixed origin lie in. */
    static long second(long nanos) {
        return Math.floorDiv(nanos, TimeUnit.SECONDS.toNanos(1));
    }

    /** An answer has begun, or was not waited for, {@code took} after its request. */
    void count(long second, long took, boolean conforming) {
        int slot = slot(second);
        int ok = conforming ? 1 : 0;
        long total = cells[slot + TOTAL];
        set(slot + MIN, total == 0 ? took : Math.min(took, cells[slot + MIN]));
        set(slot + MAX, Math.max(took, cells[slot + MAX]));
        set(slot + SUM, cells[slot + SUM] + took);
        set(slot + CONFORMING, cells[slot + CONFORMING] + ok);
        set(slot + TOTAL, total + 1);
        set(EVER_CONFORMING, cells[EVER_CONFORMING] + ok);
        set(EVER_TOTAL, cells[EVER_TOTAL] + 1);
    }

    void entered() {
        set(ENTERED, cells[ENTERED] + 1);
    }

    void left() {
        set(LEFT, cells[LEFT] + 1);
    }

    /** Requests under way. */
    long current() {
        return get(ENTERED) - get(LEFT);
    }

    /** Answers since the start. */
    long total() {
        return get(EVER_TOTAL);
    }

    /** Those of them that began in time. */
    long conforming() {
        return get(EVER_CONFORMING);
    }

    private int slot(long second) {
        int slot = Math.floorMod(second, SLOTS) * WIDTH;
        if (cells[slot] != second) {
            set(slot, NO_SECOND);
            VarHandle.storeStoreFence();
            for (int i = TOTAL; i <= MAX; i++) {
                set(slot + i, 0);
            }
            CELL.setRelease(cells, slot, second);
        }
        return slot;
    }

    /** The answers of the seconds from {@code first} to {@code last}. */
    Conformance between(long first, long last) {
        Conformance sum = Conformance.NOTHING;
        for (long second = first; second <= last; second++) {
            int slot = Math.floorMod(second, SLOTS) * WIDTH;
            if ((long) CELL.getAcquire(cells, slot) != second) {
                continue;
            }
            // A count that is a moment old must not be less than a share of it.
            long total = get(slot + TOTAL);
            Conformance one =
                    new Conformance(
                            total,
                            Math.min(total, get(slot + CONFORMING)),
                            get(slot + SUM),
                            get(slot + MIN),
                            get(slot + MAX));
            VarHandle.loadLoadFence();
            if (get(slot) == second) {
                sum = sum.plus(one);
            }
        }
        return sum;
    }

    private void set(int at, long value) {
        CELL.setOpaque(cells, at, value);
    }

    private long get(int at) {
        return (long) CELL.getOpaque(cells, at);
    }
}
