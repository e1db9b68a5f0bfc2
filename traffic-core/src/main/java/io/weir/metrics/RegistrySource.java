package io.weir.metrics;

import com.codahale.metrics.Counting;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.Histogram;
import com.codahale.metrics.Meter;
import com.codahale.metrics.Metric;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Snapshot;
import com.codahale.metrics.Timer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Everything in a Dropwizard registry, in its order of names. Families of Weir keep their type and
 * help; others get them from the kind of the metric.
 */
final class RegistrySource implements MetricSource {

    private static final Logger LOG = LoggerFactory.getLogger(RegistrySource.class);

    private static final Map<String, MetricFamily> KNOWN =
            CoreFamilies.all().stream()
                    .collect(Collectors.toUnmodifiableMap(MetricFamily::name, Function.identity()));

    private static final double[] QUANTILES = {0.5, 0.95, 0.99};

    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

    private final MetricRegistry registry;

    RegistrySource(MetricRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void collect(MetricSink sink) {
        new TreeMap<>(registry.getMetrics()).forEach((key, metric) -> tryAdd(key, metric, sink));
    }

    private static void tryAdd(String key, Metric metric, MetricSink sink) {
        try {
            add(MetricName.parse(key), metric, sink);
        } catch (RuntimeException e) {
            // Gauges run the code of others; one that fails must not take the page with it.
            LOG.debug("metric {} cannot be read", key, e);
        }
    }

    private static void add(MetricName name, Metric metric, MetricSink sink) {
        String[] values = everySecond(name.labels(), 1).toArray(new String[0]);
        switch (metric) {
            case Gauge<?> gauge -> {
                if (gauge.getValue() instanceof Number value) {
                    sink.sample(
                            family(name, MetricFamily.Type.GAUGE, ""), value.doubleValue(), values);
                } else if (gauge.getValue() instanceof Boolean value) {
                    sink.sample(family(name, MetricFamily.Type.GAUGE, ""), value ? 1 : 0, values);
                }
            }
            case Histogram histogram -> {
                Snapshot snapshot = histogram.getSnapshot();
                if (snapshot instanceof LatencySnapshot latencies) {
                    sink.histogram(
                            family(name, MetricFamily.Type.HISTOGRAM, ""), latencies, values);
                } else {
                    summary(name, "", histogram.getCount(), snapshot, 1, sink);
                }
            }
            case Timer timer ->
                    summary(name, "_seconds", timer.getCount(), timer.getSnapshot(), NANOS, sink);
            case Meter meter ->
                    sink.sample(
                            family(name, MetricFamily.Type.COUNTER, "_total"),
                            meter.getCount(),
                            values);
            // Dropwizard's counters can fall; only those that Weir declared are known not to.
            case Counting count ->
                    sink.sample(
                            family(name, MetricFamily.Type.GAUGE, ""), count.getCount(), values);
            default -> {
                // A kind that Dropwizard does not define; nothing is known about its figures.
            }
        }
    }

    /** Dropwizard keeps no sum of all values since the start, so none is shown. */
    private static void summary(
            MetricName name,
            String suffix,
            long count,
            Snapshot snapshot,
            double unit,
            MetricSink sink) {
        SortedMap<Double, Double> quantiles = new TreeMap<>();
        for (double quantile : QUANTILES) {
            quantiles.put(quantile, snapshot.getValue(quantile) / unit);
        }
        sink.summary(
                family(name, MetricFamily.Type.SUMMARY, suffix),
                count,
                Double.NaN,
                quantiles,
                everySecond(name.labels(), 1).toArray(new String[0]));
    }

    private static MetricFamily family(MetricName name, MetricFamily.Type type, String suffix) {
        List<String> labels = everySecond(name.labels(), 0);
        MetricFamily known = KNOWN.get(name.family());
        if (known != null && known.labels().equals(labels)) {
            return known;
        }
        String plain = name.family();
        while (type != MetricFamily.Type.COUNTER && plain.endsWith("_total")) {
            plain = plain.substring(0, plain.length() - "_total".length());
        }
        return new MetricFamily(
                plain.endsWith(suffix) ? plain : plain + suffix,
                type,
                "From the metrics registry.",
                labels);
    }

    private static List<String> everySecond(List<String> pairs, int from) {
        List<String> half = new ArrayList<>(pairs.size() / 2);
        for (int i = from; i < pairs.size(); i += 2) {
            half.add(pairs.get(i));
        }
        return half;
    }
}
