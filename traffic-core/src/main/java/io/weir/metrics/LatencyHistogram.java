package io.weir.metrics;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * Durations counted in log-linear buckets. Safe for every thread; recording is two atomic additions
 * and takes no lock. Memory is fixed at 15 KiB.
 *
 * <p>Figures read back are the middle of a bucket: off by at most 64 ns below 16 µs and by at most
 * 0.8 % above, which is two significant digits. Durations above 73 minutes count as 73 minutes.
 */
public final class LatencyHistogram {

    /*
     * A duration is taken in units of 128 ns. Units below 128 have a bucket each; above, every
     * doubling of the value is cut into 64 equal buckets. The index is therefore the shift that
     * brings the value into 64..127, times 64, plus what is left after the shift.
     */
    private static final int UNIT_SHIFT = 7;
    private static final int LINEAR_BITS = 7;
    private static final int HALF = 1 << (LINEAR_BITS - 1);
    private static final int DOUBLINGS = 28;
    static final int BUCKETS = 2 * HALF + DOUBLINGS * HALF;
    private static final long LARGEST_UNIT = (1L << (LINEAR_BITS + DOUBLINGS)) - 1;

    private final AtomicLongArray counts = new AtomicLongArray(BUCKETS);
    private final LongAdder sumNanos = new LongAdder();

    /**
     * Counts one duration.
     *
     * @param nanos negative counts as 0
     */
    public void recordNanos(long nanos) {
        long positive = Math.max(0, nanos);
        counts.getAndIncrement(bucketOf(positive));
        sumNanos.add(positive);
    }

    /** The present counts; recordings made meanwhile may be in or not. */
    public LatencySnapshot snapshot() {
        long[] copy = new long[BUCKETS];
        for (int i = 0; i < BUCKETS; i++) {
            copy[i] = counts.get(i);
        }
        return new LatencySnapshot(copy, sumNanos.sum());
    }

    long count(int bucket) {
        return counts.get(bucket);
    }

    static int bucketOf(long nanos) {
        long units = Math.min(nanos >>> UNIT_SHIFT, LARGEST_UNIT);
        int shift = Math.max(0, 64 - LINEAR_BITS - Long.numberOfLeadingZeros(units));
        return shift * HALF + (int) (units >>> shift);
    }

    /** The duration in the middle of a bucket. */
    static long middleOf(int bucket) {
        int shift = Math.max(0, bucket / HALF - 1);
        long units = bucket - (long) shift * HALF;
        return (units << shift << UNIT_SHIFT) + (1L << shift << UNIT_SHIFT) / 2;
    }
}
