package io.weir.metrics;

import java.util.SortedMap;

/**
 * Takes the samples of one page. Confined to the thread that writes the page. A second sample with
 * the same family and label values is ignored, because a page with duplicates is refused as a whole
 * by its readers.
 */
public interface MetricSink {

    /**
     * Adds one sample of a counter or gauge.
     *
     * @param labelValues one for each label of the family, in its order
     */
    void sample(MetricFamily family, double value, String... labelValues);

    /** Adds one sample of a counter or gauge that is a whole number. */
    default void sample(MetricFamily family, long value, String... labelValues) {
        sample(family, (double) value, labelValues);
    }

    /** Adds one distribution of durations to a family of type histogram. */
    void histogram(MetricFamily family, LatencySnapshot snapshot, String... labelValues);

    /**
     * Adds a count, a sum and quantiles to a family of type summary.
     *
     * @param sum in the unit of the family's name; NaN when it is not known
     * @param quantiles values by quantile, 0 to 1; may be empty
     */
    void summary(
            MetricFamily family,
            long count,
            double sum,
            SortedMap<Double, Double> quantiles,
            String... labelValues);
}
