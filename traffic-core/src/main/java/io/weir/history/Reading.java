package io.weir.history;

import io.weir.metrics.LatencySnapshot;
import io.weir.metrics.MetricFamily;
import io.weir.metrics.MetricSink;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/** The counters and gauges of one moment; histograms and what never moves are left out. */
final class Reading implements MetricSink {

    /** Figures that say the same all the time, or that others say better. */
    private static final Set<String> LEFT_OUT =
            Set.of(
                    "weir_build_info",
                    "weir_config_revision",
                    "weir_node_state",
                    "weir_node_weight",
                    "process_start_time_seconds",
                    "process_max_fds",
                    "jvm_memory_committed_bytes",
                    "jvm_memory_max_bytes",
                    "jvm_threads_peak");

    private final Map<String, Value> values = new LinkedHashMap<>();

    /** A figure now. */
    record Value(Series series, double value) {}

    /** By id of the series, in the order of the page. */
    Map<String, Value> values() {
        return values;
    }

    @Override
    public void sample(MetricFamily family, double value, String... labelValues) {
        boolean plain =
                family.type() == MetricFamily.Type.COUNTER
                        || family.type() == MetricFamily.Type.GAUGE;
        if (plain && !LEFT_OUT.contains(family.name())) {
            Series series = Series.of(family, labelValues);
            values.putIfAbsent(series.id(), new Value(series, value));
        }
    }

    @Override
    public void histogram(MetricFamily family, LatencySnapshot snapshot, String... labelValues) {
        // The percentiles of the last minute are gauges of their own.
    }

    @Override
    public void summary(
            MetricFamily family,
            long count,
            double sum,
            SortedMap<Double, Double> quantiles,
            String... labelValues) {
        // The same.
    }
}
