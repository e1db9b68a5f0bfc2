package io.weir.history;

import io.weir.metrics.MetricFamily;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A figure that has a history.
 *
 * @param id the name with its labels, as on the page of figures; unique
 * @param labels names and values, in their order
 * @param unit such as {@code bytes}, or {@code bytes/s} where values are rates; may be empty
 * @param help one sentence
 */
public record Series(
        String id, String name, Map<String, String> labels, Kind kind, String unit, String help) {

    /** What the values of a series are. */
    public enum Kind {
        /** The rise of a count, per second. */
        COUNTER,
        /** A reading. */
        GAUGE,
        /** A reading of which, when steps are taken together, the highest counts. */
        QUANTILE;

        /** The word for documents. */
        public String keyword() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Series {
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    }

    /** The series of one sample of {@code family}. */
    static Series of(MetricFamily family, String... values) {
        Map<String, String> labels = new LinkedHashMap<>();
        List<String> names = family.labels();
        StringBuilder id = new StringBuilder(family.name());
        for (int i = 0; i < values.length; i++) {
            labels.put(names.get(i), values[i]);
            id.append(i == 0 ? '{' : ',').append(names.get(i)).append("=\"");
            id.append(escaped(values[i])).append('"');
        }
        if (values.length > 0) {
            id.append('}');
        }
        boolean counter = family.type() == MetricFamily.Type.COUNTER;
        Kind kind =
                counter
                        ? Kind.COUNTER
                        : labels.containsKey("quantile") ? Kind.QUANTILE : Kind.GAUGE;
        String unit = unit(family.name());
        return new Series(
                id.toString(),
                family.name(),
                labels,
                kind,
                counter ? unit + "/s" : unit,
                family.help());
    }

    private static String unit(String name) {
        String plain = name.endsWith("_total") ? name.substring(0, name.length() - 6) : name;
        return plain.endsWith("_seconds") ? "seconds" : plain.endsWith("_bytes") ? "bytes" : "";
    }

    /** Neither the marks of the notation nor those of the catalog's lines. */
    private static String escaped(String value) {
        return value.replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("\n", "\\n")
                .replace("\r", "\\r")
                .replace("\t", "\\t");
    }
}
