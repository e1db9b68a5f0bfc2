package io.weir.metrics;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The name, type and meaning shared by all samples that differ in label values only, following the
 * naming rules of Prometheus: base units, plural, {@code _total} on counters.
 *
 * @param name such as {@code weir_virtual_server_requests_total}
 * @param help one sentence for the reader of the page
 * @param labels names of the labels, in the order their values are given in
 */
public record MetricFamily(String name, Type type, String help, List<String> labels) {

    /** What a sample means and which operations make sense on it. */
    public enum Type {
        /** A count that only rises, back to 0 at the start of the process. */
        COUNTER,
        /** A reading that goes up and down. */
        GAUGE,
        /** Counts of durations by upper bound, in seconds. */
        HISTOGRAM,
        /** A count and a sum, with or without quantiles. */
        SUMMARY;

        /** The word of the Prometheus text format. */
        String keyword() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    private static final Pattern NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if a name has other characters than letters, digits and
     *     {@code _}, or a counter does not end in {@code _total}, or something else does
     */
    public MetricFamily {
        labels = List.copyOf(labels);
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("metric name " + name + " is not " + NAME);
        }
        if (name.endsWith("_total") != (type == Type.COUNTER)) {
            throw new IllegalArgumentException(
                    "metric "
                            + name
                            + " is a "
                            + type
                            + ": counters, and only they, end in _total");
        }
        for (String label : labels) {
            if (!NAME.matcher(label).matches()) {
                throw new IllegalArgumentException(
                        "label name " + label + " of metric " + name + " is not " + NAME);
            }
        }
    }

    /** A counter; {@code name} ends in {@code _total}. */
    public static MetricFamily counter(String name, String help, String... labels) {
        return new MetricFamily(name, Type.COUNTER, help, List.of(labels));
    }

    /** A gauge. */
    public static MetricFamily gauge(String name, String help, String... labels) {
        return new MetricFamily(name, Type.GAUGE, help, List.of(labels));
    }

    /** A histogram of durations; {@code name} ends in {@code _seconds}. */
    public static MetricFamily histogram(String name, String help, String... labels) {
        return new MetricFamily(name, Type.HISTOGRAM, help, List.of(labels));
    }

    /** A summary. */
    public static MetricFamily summary(String name, String help, String... labels) {
        return new MetricFamily(name, Type.SUMMARY, help, List.of(labels));
    }
}
