package io.weir.metrics;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.IntToLongFunction;
import java.util.function.IntUnaryOperator;

/**
 * The durations of about the last minute, seen through a histogram that counts since the start: so
 * recording costs nothing more. Somebody calls {@link #turn} every ten seconds. Safe for every
 * thread but an event loop.
 */
public final class RecentLatency {

    /** How often {@link #turn} is to be called. */
    public static final long TURN_SECONDS = 10;

    private static final int SLICES = 6;

    private final IntUnaryOperator counts;
    private final IntToLongFunction middle;
    private final int[] before;
    private final ArrayDeque<Slice> slices = new ArrayDeque<>(SLICES);

    /** Durations in all slices: most objects of a large configuration have none. */
    private long sliced;

    /** What came in ten seconds: the buckets that got something. */
    private record Slice(int[] buckets, int[] counts, long total) {}

    /**
     * Percentiles of durations, and what lies between the least and the most of them.
     *
     * @param count of durations
     * @param p50 in milliseconds, as the others
     */
    public record Percentiles(
            long count,
            double p50,
            double p95,
            double p99,
            double least,
            double mean,
            double most) {}

    private RecentLatency(IntUnaryOperator counts, int buckets, IntToLongFunction middle) {
        this.counts = counts;
        this.middle = middle;
        this.before = new int[buckets];
        for (int i = 0; i < buckets; i++) {
            before[i] = counts.applyAsInt(i);
        }
    }

    /** Those of {@code histogram} from now on. */
    public static RecentLatency of(LatencyHistogram histogram) {
        return new RecentLatency(
                i -> (int) histogram.count(i),
                LatencyHistogram.BUCKETS,
                LatencyHistogram::middleOf);
    }

    /** Those of {@code coarse} from now on. */
    public static RecentLatency of(CoarseLatency coarse) {
        return new RecentLatency(coarse::count, CoarseLatency.BUCKETS, CoarseLatency::middleOf);
    }

    /** Ten seconds are over: what is older than a minute is forgotten. */
    public synchronized void turn() {
        int[] buckets = new int[before.length];
        int[] added = new int[before.length];
        int used = 0;
        long total = 0;
        for (int i = 0; i < before.length; i++) {
            int now = counts.applyAsInt(i);
            if (now != before[i]) {
                buckets[used] = i;
                added[used] = now - before[i];
                total += added[used++];
                before[i] = now;
            }
        }
        if (slices.size() == SLICES) {
            sliced -= slices.removeFirst().total();
        }
        slices.addLast(new Slice(Arrays.copyOf(buckets, used), Arrays.copyOf(added, used), total));
        sliced += total;
    }

    /** The last minute, up to now; null when nothing was recorded in it. */
    public synchronized @Nullable Percentiles read() {
        if (sliced == 0 && isQuiet()) {
            return null;
        }
        long[] sums = new long[before.length];
        long total = sliced;
        for (int i = 0; i < sums.length; i++) {
            // As an int, so that counts that have begun again at their least are right, too.
            int since = counts.applyAsInt(i) - before[i];
            sums[i] = since;
            total += since;
        }
        for (Slice slice : slices) {
            for (int i = 0; i < slice.buckets().length; i++) {
                sums[slice.buckets()[i]] += slice.counts()[i];
            }
        }
        return new Percentiles(
                total,
                at(sums, total, 0.50),
                at(sums, total, 0.95),
                at(sums, total, 0.99),
                at(sums, total, 0),
                mean(sums, total),
                at(sums, total, 1));
    }

    /** Whether nothing has been recorded since the last turn. */
    private boolean isQuiet() {
        for (int i = 0; i < before.length; i++) {
            if (counts.applyAsInt(i) != before[i]) {
                return false;
            }
        }
        return true;
    }

    /** The smallest duration that the share {@code quantile} of all does not exceed. */
    private double at(long[] sums, long total, double quantile) {
        long rank = Math.max(1, (long) Math.ceil(quantile * total));
        long seen = 0;
        int bucket = 0;
        for (int i = 0; i < sums.length && seen < rank; i++) {
            seen += sums[i];
            bucket = i;
        }
        return millis(bucket);
    }

    private double mean(long[] sums, long total) {
        double sum = 0;
        for (int i = 0; i < sums.length; i++) {
            sum += sums[i] == 0 ? 0 : sums[i] * millis(i);
        }
        return sum / total;
    }

    private double millis(int bucket) {
        return middle.applyAsLong(bucket) / (double) TimeUnit.MILLISECONDS.toNanos(1);
    }
}
