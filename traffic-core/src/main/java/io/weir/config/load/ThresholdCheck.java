package io.weir.config.load;

import io.weir.config.ThresholdConfig;
import io.weir.metrics.CoreFamilies;
import io.weir.metrics.MetricFamily;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Looks for thresholds that nothing can cross. */
final class ThresholdCheck {

    private static final Duration LONGEST = Duration.ofHours(1);

    private final Draft draft;
    private final Problems problems;
    private final Map<String, MetricFamily> families = new TreeMap<>();

    ThresholdCheck(Draft draft, Problems problems) {
        this.draft = draft;
        this.problems = problems;
        CoreFamilies.all().forEach(family -> families.put(family.name(), family));
    }

    void check() {
        draft.thresholds()
                .forEach(
                        (name, section) -> {
                            ThresholdConfig config = draft.config().thresholds().get(name);
                            if (config != null) {
                                bounds(section, config);
                                counter(section, config);
                            }
                        });
    }

    private void bounds(Section s, ThresholdConfig config) {
        if (config.over().compareTo(LONGEST) > 0) {
            problems.error(
                    s.place("over"),
                    s.path("over"),
                    ProblemCode.OUT_OF_RANGE,
                    s.path("over")
                            + ": found "
                            + s.shown("over")
                            + ", expected at most "
                            + Quantity.written(LONGEST));
        }
        Double above = config.above();
        Double below = config.below();
        if (!s.has("above") && !s.has("below")) {
            problems.error(
                    s.place(),
                    s.path(),
                    ProblemCode.NEEDS_OTHER_KEY,
                    s.path() + ": needs the key 'above' or 'below', or both");
        } else if (above != null && below != null && below > above) {
            problems.error(
                    s.place("below"),
                    s.path("below"),
                    ProblemCode.CONTRADICTION,
                    s.path()
                            + ": below is "
                            + s.shown("below")
                            + ", more than above, which is "
                            + s.shown("above"));
        }
    }

    /** Libraries and later versions have further counters, so an unknown one is no error. */
    private void counter(Section s, ThresholdConfig config) {
        MetricFamily family = families.get(config.counter());
        if (!s.has("counter") || config.counter().isEmpty()) {
            return;
        }
        if (family == null) {
            String nearest = Nearest.to(config.counter(), families.keySet());
            problems.warning(
                    s.place("counter"),
                    s.path("counter"),
                    ProblemCode.UNKNOWN_COUNTER,
                    s.path("counter")
                            + ": "
                            + s.shown("counter")
                            + " is no counter that Weir itself has; docs/metrics.md lists them"
                            + (nearest == null ? "" : "; did you mean '" + nearest + "'?"));
            return;
        }
        if (family.type() != MetricFamily.Type.COUNTER
                && family.type() != MetricFamily.Type.GAUGE) {
            problems.error(
                    s.place("counter"),
                    s.path("counter"),
                    ProblemCode.UNKNOWN_COUNTER,
                    s.path("counter")
                            + ": "
                            + s.shown("counter")
                            + " is a distribution, expected a counter or a gauge");
        }
        labels(s, config.labels(), family);
    }

    private void labels(Section s, List<String> labels, MetricFamily family) {
        for (String label : labels) {
            String name = label.substring(0, label.indexOf('='));
            if (!family.labels().contains(name)) {
                problems.error(
                        s.place("labels"),
                        s.path("labels"),
                        ProblemCode.UNKNOWN_COUNTER,
                        s.path("labels")
                                + ": "
                                + family.name()
                                + " has no label '"
                                + name
                                + "', "
                                + (family.labels().isEmpty()
                                        ? "it has none"
                                        : "expected " + String.join(", ", family.labels())));
            }
        }
    }
}
