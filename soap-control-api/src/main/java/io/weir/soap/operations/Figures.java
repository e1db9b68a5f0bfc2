package io.weir.soap.operations;

import io.weir.metrics.LatencySnapshot;
import io.weir.metrics.MetricFamily;
import io.weir.metrics.MetricSink;
import io.weir.metrics.MetricSource;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * One family of figures, read at one moment and summed up by one of its labels. Confined to one
 * call.
 */
final class Figures implements MetricSink {

    private final String family;
    private final String by;
    private final Map<String, String> only;
    private final Map<String, Double> sums = new HashMap<>();
    private double total;

    private Figures(String family, String by, Map<String, String> only) {
        this.family = family;
        this.by = by;
        this.only = only;
    }

    /**
     * Reads the figures.
     *
     * @param by the label to sum up by; {@code -} for the total only
     * @param only values that other labels must have
     */
    static Figures read(MetricSource source, String family, String by, Map<String, String> only) {
        Figures figures = new Figures(family, by, only);
        source.collect(figures);
        return figures;
    }

    /** The sum of all. */
    double total() {
        return total;
    }

    /** The values of the label that there are, in order. */
    List<String> values() {
        return sums.keySet().stream().sorted().toList();
    }

    /** The sum for one value of the label; 0 when there is none. */
    double of(String value) {
        return sums.getOrDefault(value, 0.0);
    }

    @Override
    public void sample(MetricFamily sampled, double value, String... labelValues) {
        if (!sampled.name().equals(family)) {
            return;
        }
        List<String> labels = sampled.labels();
        String key = "";
        for (int i = 0; i < labels.size(); i++) {
            String wanted = only.get(labels.get(i));
            if (wanted != null && !wanted.equals(labelValues[i])) {
                return;
            }
            if (labels.get(i).equals(by)) {
                key = labelValues[i];
            }
        }
        total += value;
        sums.merge(key, value, Double::sum);
    }

    @Override
    public void histogram(MetricFamily sampled, LatencySnapshot snapshot, String... labelValues) {}

    @Override
    public void summary(
            MetricFamily sampled,
            long count,
            double sum,
            SortedMap<Double, Double> quantiles,
            String... labelValues) {}
}
