package io.weir.metrics;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A strict reader of the Prometheus text format, written from its specification and sharing nothing
 * with the writer: refuses what Prometheus refuses.
 */
final class Exposition {

    private static final Pattern SAMPLE =
            Pattern.compile(
                    "([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{((?:[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\\n"
                            + "]|\\\\[\\\\n"
                            + "\"])*\",?)*)\\})? ([-+]?(?:[0-9.]+(?:[eE][-+]?[0-9]+)?|Inf)|NaN)");
    private static final Pattern LABEL =
            Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\\n]|\\\\[\\\\n\"])*)\"");

    record Sample(String name, Map<String, String> labels, double value) {}

    final Map<String, String> types = new LinkedHashMap<>();
    final List<Sample> samples = new ArrayList<>();

    static Exposition parse(String page) {
        Exposition exposition = new Exposition();
        Set<String> closed = new HashSet<>();
        Set<String> series = new HashSet<>();
        String family = "";
        if (!page.endsWith("\n")) {
            throw new AssertionError("the last line is not ended");
        }
        for (String line : page.substring(0, page.length() - 1).split("\n", -1)) {
            if (line.startsWith("# TYPE ")) {
                String[] words = line.split(" ", -1);
                family = words[2];
                if (!closed.add(family)) {
                    throw new AssertionError("family " + family + " comes twice");
                }
                exposition.types.put(family, words[3]);
            } else if (!line.startsWith("# ")) {
                Matcher sample = SAMPLE.matcher(line);
                if (!sample.matches()) {
                    throw new AssertionError("not a sample: " + line);
                }
                if (!sample.group(1).startsWith(family)) {
                    throw new AssertionError("not of family " + family + ": " + line);
                }
                if (!series.add(line.substring(0, line.lastIndexOf(' ')))) {
                    throw new AssertionError("series comes twice: " + line);
                }
                exposition.samples.add(
                        new Sample(
                                sample.group(1),
                                labels(Optional.ofNullable(sample.group(2)).orElse("")),
                                number(sample.group(3))));
            }
        }
        return exposition;
    }

    private static double number(String text) {
        return Double.parseDouble(text.replace("Inf", "Infinity"));
    }

    private static Map<String, String> labels(String text) {
        Map<String, String> labels = new LinkedHashMap<>();
        Matcher label = LABEL.matcher(text);
        while (label.find()) {
            String value =
                    Pattern.compile("\\\\(.)")
                            .matcher(label.group(2))
                            .replaceAll(
                                    m ->
                                            Matcher.quoteReplacement(
                                                    m.group(1).equals("n") ? "\n" : m.group(1)));
            labels.put(label.group(1), value);
        }
        return labels;
    }

    /** The value of the one sample with exactly these labels, given as names and values in turn. */
    double value(String name, String... labels) {
        Map<String, String> wanted = new LinkedHashMap<>();
        for (int i = 0; i < labels.length; i += 2) {
            wanted.put(labels[i], labels[i + 1]);
        }
        return samples.stream()
                .filter(s -> s.name().equals(name) && s.labels().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no sample " + name + wanted))
                .value();
    }

    boolean has(String name) {
        return samples.stream().anyMatch(s -> s.name().equals(name));
    }
}
