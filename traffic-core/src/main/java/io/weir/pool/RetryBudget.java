package io.weir.pool;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * Keeps retries to a part of the requests of the last ten seconds, so that failing nodes are not
 * buried under repetitions. Safe for every thread.
 *
 * <p>A ring of ten one-second slots holds the count of requests at the beginning of each second and
 * the retries in it. Whoever first comes in a new second moves the ring on.
 */
final class RetryBudget {

    /** Retries per second that are always allowed, so that little traffic can be retried at all. */
    static final int FLOOR_PER_SECOND = 10;

    private static final int SECONDS = 10;
    private static final long SECOND = 1_000_000_000L;

    private final LongAdder requests = new LongAdder();
    private final AtomicLong secondEnds;
    private final AtomicLongArray requestsBefore = new AtomicLongArray(SECONDS);
    private final AtomicIntegerArray retriesIn = new AtomicIntegerArray(SECONDS);
    private final AtomicInteger retries = new AtomicInteger();
    private volatile int slot;

    RetryBudget(long now) {
        secondEnds = new AtomicLong(now + SECOND);
    }

    /** Counts a request that is not a retry. */
    void request(long now) {
        requests.increment();
        if (now - secondEnds.get() >= 0) {
            turn(now);
        }
    }

    /**
     * Takes one retry if there is one left.
     *
     * @param percent of the requests of the last ten seconds; 0 allows none
     */
    boolean take(int percent, long now) {
        if (percent <= 0) {
            return false;
        }
        if (now - secondEnds.get() >= 0) {
            turn(now);
        }
        int at = slot;
        long recent = requests.sum() - requestsBefore.get((at + 1) % SECONDS);
        long allowed = Math.max(FLOOR_PER_SECOND * SECONDS, recent * percent / 100);
        for (int used = retries.get(); used < allowed; used = retries.get()) {
            if (retries.compareAndSet(used, used + 1)) {
                retriesIn.incrementAndGet(at);
                return true;
            }
        }
        return false;
    }

    private void turn(long now) {
        long end = secondEnds.get();
        long late = now - end;
        if (late < 0 || !secondEnds.compareAndSet(end, end + SECOND * (late / SECOND + 1))) {
            return;
        }
        long sum = requests.sum();
        int at = slot;
        for (long left = Math.min(late / SECOND + 1, SECONDS); left > 0; left--) {
            at = (at + 1) % SECONDS;
            requestsBefore.set(at, sum);
            retries.addAndGet(-retriesIn.getAndSet(at, 0));
        }
        slot = at;
    }

    /** Requests since the pool began. */
    long requests() {
        return requests.sum();
    }
}
