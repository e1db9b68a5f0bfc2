package io.weir.alert;

import io.weir.config.ThresholdConfig;
import io.weir.event.EventBus;
import io.weir.metrics.LatencySnapshot;
import io.weir.metrics.MetricFamily;
import io.weir.metrics.MetricSink;
import io.weir.metrics.MetricSource;
import io.weir.time.Ticker;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * The thresholds of the configuration: looks at their figures and raises {@code thresholdcrossed}
 * and {@code thresholdcleared}. Safe for every thread but an event loop; without thresholds nothing
 * is looked at.
 */
public final class Thresholds {

    private final MetricSource figures;
    private final EventBus events;
    private final Ticker ticker;

    /** By name. Guarded by this. */
    private Map<String, ThresholdWatch> watches = new LinkedHashMap<>();

    /**
     * No thresholds yet.
     *
     * @param figures that thresholds may be about
     */
    public Thresholds(MetricSource figures, EventBus events, Ticker ticker) {
        this.figures = figures;
        this.events = events;
        this.ticker = ticker;
    }

    /** Puts thresholds in force; those that stay as they are go on with what they know. */
    public synchronized void apply(Collection<ThresholdConfig> thresholds) {
        Map<String, ThresholdWatch> next = new LinkedHashMap<>();
        for (ThresholdConfig config : thresholds) {
            ThresholdWatch old = watches.get(config.name());
            next.put(
                    config.name(),
                    old != null && old.config().equals(config)
                            ? old
                            : new ThresholdWatch(config, events, ticker));
        }
        watches.forEach(
                (name, watch) -> {
                    if (next.get(name) != watch) {
                        watch.end();
                    }
                });
        watches = next;
    }

    /** Looks at the figures. To be called about once a second. */
    public synchronized void look() {
        if (watches.isEmpty()) {
            return;
        }
        Sums sums = new Sums(watches.values().stream().map(ThresholdWatch::config).toList());
        figures.collect(sums);
        watches.forEach((name, watch) -> watch.look(sums.byName.get(name)));
    }

    /** Adds up the figures that thresholds are about. */
    private static final class Sums implements MetricSink {

        private final Map<String, List<ThresholdConfig>> byCounter = new HashMap<>();
        private final Map<String, Double> byName = new HashMap<>();

        Sums(List<ThresholdConfig> thresholds) {
            for (ThresholdConfig each : thresholds) {
                byCounter.computeIfAbsent(each.counter(), _ -> new ArrayList<>()).add(each);
            }
        }

        @Override
        public void sample(MetricFamily family, double value, String... labelValues) {
            for (ThresholdConfig each : byCounter.getOrDefault(family.name(), List.of())) {
                if (!Double.isNaN(value) && fits(each, family.labels(), labelValues)) {
                    byName.merge(each.name(), value, Double::sum);
                }
            }
        }

        private static boolean fits(
                ThresholdConfig threshold, List<String> labels, String[] values) {
            for (String label : threshold.labels()) {
                int equals = label.indexOf('=');
                int place = labels.indexOf(label.substring(0, equals));
                if (place < 0 || !values[place].equals(label.substring(equals + 1))) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public void histogram(
                MetricFamily family, LatencySnapshot snapshot, String... labelValues) {}

        @Override
        public void summary(
                MetricFamily family,
                long count,
                double sum,
                SortedMap<Double, Double> quantiles,
                String... labelValues) {}
    }
}
