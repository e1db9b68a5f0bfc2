package io.weir.metrics;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * A metric name with labels, as it stands in the Dropwizard registry: {@code
 * weir_virtual_server_requests_total{virtual_server="web"}}. Dropwizard has no labels of its own,
 * so they travel in the name, in the notation of Prometheus.
 *
 * @param family the part before the brace
 * @param labels names and values in turn
 */
record MetricName(String family, List<String> labels) {

    MetricName {
        labels = List.copyOf(labels);
    }

    static MetricName of(MetricFamily family, String... values) {
        return new MetricName(family.name(), pairs(family, values));
    }

    /** Names and values of {@code family} in turn. */
    static List<String> pairs(MetricFamily family, String... values) {
        if (values.length != family.labels().size()) {
            throw new IllegalArgumentException(
                    family.name()
                            + " has the labels "
                            + family.labels()
                            + " but "
                            + values.length
                            + " values were given");
        }
        List<String> pairs = new ArrayList<>(2 * values.length);
        for (int i = 0; i < values.length; i++) {
            pairs.add(family.labels().get(i));
            pairs.add(values[i]);
        }
        return pairs;
    }

    /**
     * Reads a name written by {@link #toString}. Any other name becomes a family without labels in
     * which each foreign character is {@code _}.
     */
    static MetricName parse(String name) {
        int brace = name.indexOf('{');
        if (brace > 0 && name.endsWith("}")) {
            List<String> labels = parseLabels(name, brace + 1, name.length() - 1);
            if (labels != null) {
                return new MetricName(clean(name.substring(0, brace)), labels);
            }
        }
        return new MetricName(clean(name), List.of());
    }

    private static @Nullable List<String> parseLabels(String s, int from, int to) {
        List<String> labels = new ArrayList<>();
        int i = from;
        while (i < to) {
            int equals = s.indexOf("=\"", i);
            if (equals <= i || equals >= to) {
                return null;
            }
            labels.add(clean(s.substring(i, equals)));
            StringBuilder value = new StringBuilder();
            i = equals + 2;
            while (i < to && s.charAt(i) != '"') {
                char c = s.charAt(i++);
                if (c == '\\' && i < to) {
                    char escaped = s.charAt(i++);
                    c = escaped == 'n' ? '\n' : escaped;
                }
                value.append(c);
            }
            if (i >= to) {
                return null;
            }
            labels.add(value.toString());
            i++;
            if (i < to && s.charAt(i++) != ',') {
                return null;
            }
        }
        return labels;
    }

    private static String clean(String name) {
        StringBuilder clean = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
            if (c >= '0' && c <= '9') {
                if (i == 0) {
                    clean.append('_');
                }
                clean.append(c);
            } else {
                clean.append(letter ? c : '_');
            }
        }
        return clean.isEmpty() ? "_" : clean.toString();
    }

    /** The labels in braces, escaped as on the page; empty without labels. */
    static String braces(List<String> labels) {
        if (labels.isEmpty()) {
            return "";
        }
        StringBuilder s = new StringBuilder().append('{');
        for (int i = 0; i < labels.size(); i += 2) {
            if (i > 0) {
                s.append(',');
            }
            s.append(labels.get(i)).append("=\"");
            escape(labels.get(i + 1), s);
            s.append('"');
        }
        return s.append('}').toString();
    }

    private static void escape(String value, StringBuilder s) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\\' -> s.append("\\\\");
                case '"' -> s.append("\\\"");
                case '\n' -> s.append("\\n");
                default -> s.append(c);
            }
        }
    }

    @Override
    public String toString() {
        return family + braces(labels);
    }
}
