package io.weir.metrics;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * One page in a Prometheus text format, gathered family by family. Confined to one thread.
 *
 * <p>Written here because the Prometheus library's bridge from Dropwizard shows histograms as
 * summaries without buckets, takes labels only by matching names against patterns, and knows
 * counters from gauges only by class.
 */
final class PrometheusText implements MetricSink {

    /** Upper bounds of the buckets in nanoseconds, from 100 µs to one minute. */
    private static final long[] BOUNDS = {
        100_000L,
        250_000L,
        500_000L,
        1_000_000L,
        2_500_000L,
        5_000_000L,
        10_000_000L,
        25_000_000L,
        50_000_000L,
        100_000_000L,
        250_000_000L,
        500_000_000L,
        1_000_000_000L,
        2_500_000_000L,
        5_000_000_000L,
        10_000_000_000L,
        30_000_000_000L,
        60_000_000_000L
    };

    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

    private final PrometheusFormat format;
    private final Map<String, Block> blocks = new TreeMap<>();

    PrometheusText(PrometheusFormat format) {
        this.format = format;
    }

    @Override
    public void sample(MetricFamily family, double value, String... labelValues) {
        List<String> labels = MetricName.pairs(family, labelValues);
        Block block = block(family, labels);
        if (block != null) {
            line(block, family.name(), labels, number(value));
        }
    }

    @Override
    public void histogram(MetricFamily family, LatencySnapshot snapshot, String... labelValues) {
        List<String> labels = MetricName.pairs(family, labelValues);
        Block block = block(family, labels);
        if (block == null) {
            return;
        }
        for (long bound : BOUNDS) {
            String count = Long.toString(snapshot.countAtMost(bound));
            line(block, family.name() + "_bucket", with(labels, "le", seconds(bound)), count);
        }
        String count = Long.toString(snapshot.count());
        line(block, family.name() + "_bucket", with(labels, "le", "+Inf"), count);
        line(block, family.name() + "_sum", labels, number(snapshot.sumNanos() / NANOS));
        line(block, family.name() + "_count", labels, count);
    }

    @Override
    public void summary(
            MetricFamily family,
            long count,
            double sum,
            SortedMap<Double, Double> quantiles,
            String... labelValues) {
        List<String> labels = MetricName.pairs(family, labelValues);
        Block block = block(family, labels);
        if (block == null) {
            return;
        }
        quantiles.forEach(
                (quantile, value) ->
                        line(
                                block,
                                family.name(),
                                with(labels, "quantile", quantile.toString()),
                                number(value)));
        if (!Double.isNaN(sum)) {
            line(block, family.name() + "_sum", labels, number(sum));
        }
        line(block, family.name() + "_count", labels, Long.toString(count));
    }

    void writeTo(OutputStream out) throws IOException {
        Set<String> written = new HashSet<>();
        for (Map.Entry<String, Block> entry : blocks.entrySet()) {
            Block block = entry.getValue();
            String name = entry.getKey();
            if (format == PrometheusFormat.OPEN_METRICS
                    && block.type == MetricFamily.Type.COUNTER) {
                name = name.substring(0, name.length() - "_total".length());
            }
            if (!written.add(name)) {
                continue;
            }
            String header =
                    "# HELP %s %s\n# TYPE %s %s\n"
                            .formatted(name, help(block.help), name, block.type.keyword());
            out.write(header.getBytes(StandardCharsets.UTF_8));
            out.write(block.lines.toString().getBytes(StandardCharsets.UTF_8));
        }
        if (format == PrometheusFormat.OPEN_METRICS) {
            out.write("# EOF\n".getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Where to add the series, or null when it is there already or has another type. */
    private @Nullable Block block(MetricFamily family, List<String> labels) {
        Block block =
                blocks.computeIfAbsent(family.name(), n -> new Block(family.type(), family.help()));
        return block.type == family.type() && block.series.add(labels) ? block : null;
    }

    private static List<String> with(List<String> labels, String label, String value) {
        List<String> extended = new ArrayList<>(labels);
        extended.add(label);
        extended.add(value);
        return extended;
    }

    /** A bound as a label value, which readers compare as text: OpenMetrics wants 1.0 for 1. */
    private String seconds(long nanos) {
        String plain = BigDecimal.valueOf(nanos, 9).stripTrailingZeros().toPlainString();
        return format == PrometheusFormat.OPEN_METRICS && plain.indexOf('.') < 0
                ? plain + ".0"
                : plain;
    }

    private static void line(Block block, String name, List<String> labels, String value) {
        block.lines
                .append(name)
                .append(MetricName.braces(labels))
                .append(' ')
                .append(value)
                .append('\n');
    }

    /** A number as both formats read it; integers without a fraction up to 2^53. */
    private static String number(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1L << 53) {
            return Long.toString((long) value);
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        return Double.toString(value);
    }

    private String help(String text) {
        String escaped = text.replace("\\", "\\\\").replace("\n", "\\n");
        return format == PrometheusFormat.OPEN_METRICS ? escaped.replace("\"", "\\\"") : escaped;
    }

    /** One family on the page. */
    private static final class Block {
        final MetricFamily.Type type;
        final String help;
        final Set<List<String>> series = new HashSet<>();
        final StringBuilder lines = new StringBuilder();

        Block(MetricFamily.Type type, String help) {
            this.type = type;
            this.help = help;
        }
    }
}
