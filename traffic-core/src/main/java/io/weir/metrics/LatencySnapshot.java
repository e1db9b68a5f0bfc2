package io.weir.metrics;

import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What a {@link LatencyHistogram} held at one time, with the histogram's precision: an immutable
 * Dropwizard snapshot whose values are nanoseconds.
 */
public final class LatencySnapshot extends com.codahale.metrics.Snapshot {

    private final long[] counts;
    private final long total;
    private final long sumNanos;

    LatencySnapshot(long[] counts, long sumNanos) {
        this.counts = counts;
        this.sumNanos = sumNanos;
        this.total = Arrays.stream(counts).sum();
    }

    /** How many durations were counted. */
    public long count() {
        return total;
    }

    /** The sum of all durations in nanoseconds, not rounded to buckets. */
    public long sumNanos() {
        return sumNanos;
    }

    /** How many durations were at most {@code nanos}. */
    public long countAtMost(long nanos) {
        long sum = 0;
        for (int i = 0; i < counts.length && LatencyHistogram.middleOf(i) <= nanos; i++) {
            sum += counts[i];
        }
        return sum;
    }

    /** The durations of this snapshot and of {@code other} together. */
    public LatencySnapshot plus(LatencySnapshot other) {
        long[] sum = counts.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += other.counts[i];
        }
        return new LatencySnapshot(sum, sumNanos + other.sumNanos);
    }

    /**
     * The smallest duration that at least the share {@code quantile} of all durations does not
     * exceed; 0 when there are none.
     *
     * @param quantile 0 to 1
     */
    @Override
    public double getValue(double quantile) {
        if (!(quantile >= 0 && quantile <= 1)) {
            throw new IllegalArgumentException("quantile " + quantile + " is not in 0 to 1");
        }
        long rank = Math.max(1, (long) Math.ceil(quantile * total));
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= rank) {
                return LatencyHistogram.middleOf(i);
            }
        }
        return 0;
    }

    /** One value per bucket in use, not one per duration: their number is bounded. */
    @Override
    public long[] getValues() {
        return java.util.stream.IntStream.range(0, counts.length)
                .filter(i -> counts[i] > 0)
                .mapToLong(LatencyHistogram::middleOf)
                .toArray();
    }

    @Override
    public int size() {
        return (int) Math.min(Integer.MAX_VALUE, total);
    }

    @Override
    public long getMax() {
        for (int i = counts.length - 1; i >= 0; i--) {
            if (counts[i] > 0) {
                return LatencyHistogram.middleOf(i);
            }
        }
        return 0;
    }

    @Override
    public long getMin() {
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                return LatencyHistogram.middleOf(i);
            }
        }
        return 0;
    }

    @Override
    public double getMean() {
        return total == 0 ? 0 : (double) sumNanos / total;
    }

    @Override
    public double getStdDev() {
        if (total < 2) {
            return 0;
        }
        double mean = getMean();
        double squares = 0;
        for (int i = 0; i < counts.length; i++) {
            double distance = LatencyHistogram.middleOf(i) - mean;
            squares += counts[i] * distance * distance;
        }
        return Math.sqrt(squares / (total - 1));
    }

    @Override
    public void dump(OutputStream output) {
        PrintWriter out = new PrintWriter(output, false, StandardCharsets.UTF_8);
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                out.printf("%d %d%n", LatencyHistogram.middleOf(i), counts[i]);
            }
        }
        out.flush();
    }
}
