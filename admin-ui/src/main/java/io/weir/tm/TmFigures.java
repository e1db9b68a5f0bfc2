package io.weir.tm;

import io.weir.metrics.LatencySnapshot;
import io.weir.metrics.MetricFamily;
import io.weir.metrics.MetricSink;
import io.weir.metrics.MetricSource;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** The figures of the process at one moment, summed up by family. Confined to one request. */
final class TmFigures implements MetricSink {

    private final Map<String, Double> sums = new HashMap<>();

    private TmFigures() {}

    static TmFigures read(MetricSource source) {
        TmFigures figures = new TmFigures();
        source.collect(figures);
        return figures;
    }

    /**
     * The sum of a family's figures that have all of these labels; 0 when there are none.
     *
     * @param labels such as {@code side=client}
     */
    long of(String family, String... labels) {
        double sum = 0;
        String start = family + "{";
        for (Map.Entry<String, Double> each : sums.entrySet()) {
            boolean fits = each.getKey().startsWith(start);
            for (String label : labels) {
                fits &= each.getKey().contains("\0" + label + "\0");
            }
            if (fits) {
                sum += each.getValue();
            }
        }
        return (long) sum;
    }

    @Override
    public void sample(MetricFamily family, double value, String... labelValues) {
        StringBuilder key = new StringBuilder(family.name()).append("{\0");
        List<String> labels = family.labels();
        for (int i = 0; i < labels.size(); i++) {
            key.append(labels.get(i)).append('=').append(labelValues[i]).append('\0');
        }
        sums.merge(key.toString(), value, Double::sum);
    }

    @Override
    public void histogram(MetricFamily family, LatencySnapshot snapshot, String... labelValues) {}

    @Override
    public void summary(
            MetricFamily family,
            long count,
            double sum,
            SortedMap<Double, Double> quantiles,
            String... labelValues) {}
}
