package io.weir.slm;

import io.weir.config.ServiceLevelConfig;
import io.weir.event.EventBus;
import io.weir.event.EventTag;
import io.weir.event.ObjectRef;
import io.weir.slm.ServiceLevel.Grade;
import io.weir.slm.ServiceLevel.OfNode;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Compares the conformance of one class with its thresholds and raises events, one step at a time:
 * a class that falls from fine to serious at once warns first. A fall must last, and recovery asks
 * for somewhat more than the threshold, so that neither one late answer after a quiet time nor a
 * class that hovers is reported again and again. Confined to one thread at a time.
 */
final class LevelWatch {

    /** Points above a threshold at which it counts as recovered, where there is so much room. */
    private static final double HYSTERESIS = 5;

    /** How long conformance must be below a threshold. */
    private static final long LASTS = TimeUnit.SECONDS.toNanos(2);

    private static final int MAX_NODES_NAMED = 5;

    private final ServiceLevel level;
    private @Nullable Long belowWarning;
    private @Nullable Long belowSerious;

    LevelWatch(ServiceLevel level) {
        this.level = level;
    }

    void look(long now, EventBus events) {
        ServiceLevelConfig config = level.config();
        Conformance lately = level.lately(now);
        double percent = lately.percent();
        belowWarning = since(belowWarning, percent < config.warningThreshold(), now);
        belowSerious = since(belowSerious, percent < config.seriousThreshold(), now);
        Grade grade = level.grade();
        if (grade == Grade.FINE && lasts(belowWarning, now)) {
            grade = move(level, Grade.WARNING);
            fallen(events, lately, now, EventTag.SLMFALLENBELOWWARN, config.warningThreshold());
        }
        if (grade != Grade.SERIOUS && lasts(belowSerious, now)) {
            grade = move(level, Grade.SERIOUS);
            fallen(events, lately, now, EventTag.SLMFALLENBELOWSERIOUS, config.seriousThreshold());
        }
        if (grade == Grade.SERIOUS && recovered(percent, config.seriousThreshold())) {
            boolean warns = config.warningThreshold() > 0;
            grade = move(level, warns ? Grade.WARNING : Grade.FINE);
            risen(events, lately, EventTag.SLMRECOVEREDSERIOUS, config.seriousThreshold());
        }
        if (grade == Grade.WARNING && recovered(percent, config.warningThreshold())) {
            move(level, Grade.FINE);
            risen(events, lately, EventTag.SLMRECOVEREDWARN, config.warningThreshold());
        }
    }

    private static @Nullable Long since(@Nullable Long before, boolean below, long now) {
        return below ? (before == null ? Long.valueOf(now) : before) : null;
    }

    private static boolean lasts(@Nullable Long since, long now) {
        return since != null && now - since >= LASTS;
    }

    private static Grade move(ServiceLevel level, Grade to) {
        level.grade(to);
        return to;
    }

    private static boolean recovered(double percent, int threshold) {
        return percent >= threshold + Math.min(HYSTERESIS, (100 - threshold) / 2.0);
    }

    private void fallen(
            EventBus events, Conformance lately, long now, EventTag tag, int threshold) {
        List<OfNode> slow = slow(level, now);
        List<ObjectRef> objects = new ArrayList<>();
        objects.add(ObjectRef.serviceLevel(level.name()));
        List<String> names = new ArrayList<>();
        for (OfNode each : slow) {
            objects.add(ObjectRef.node(each.node().address().toString()));
            names.add(each.node().toString());
        }
        events.emit(
                tag,
                "Service level class "
                        + level.name()
                        + ": "
                        + share(level, lately)
                        + ", expected at least "
                        + threshold
                        + " %"
                        + (names.isEmpty() ? "" : "; slow: " + String.join(", ", names)),
                objects.toArray(ObjectRef[]::new));
        for (OfNode each : slow) {
            events.emit(
                    EventTag.SLMNODEINFO,
                    "Service level class "
                            + level.name()
                            + ", node "
                            + each.node()
                            + ": "
                            + share(level, each.lately()),
                    ObjectRef.serviceLevel(level.name()),
                    ObjectRef.node(each.node().address().toString()),
                    ObjectRef.pool(each.node().poolName()));
        }
    }

    private void risen(EventBus events, Conformance lately, EventTag tag, int threshold) {
        events.emit(
                tag,
                "Service level class "
                        + level.name()
                        + " has recovered: "
                        + share(level, lately)
                        + "; the threshold is "
                        + threshold
                        + " %",
                ObjectRef.serviceLevel(level.name()));
    }

    /** The nodes that pull the class down, the worst first. */
    private static List<OfNode> slow(ServiceLevel level, long now) {
        ServiceLevelConfig config = level.config();
        int wanted = Math.max(config.warningThreshold(), config.seriousThreshold());
        return level.byNode(now).stream()
                .filter(each -> each.lately().percent() < wanted)
                .sorted(
                        Comparator.comparingLong(
                                        (OfNode each) ->
                                                each.lately().conforming() - each.lately().total())
                                .thenComparing(each -> each.node().address().toString()))
                .limit(MAX_NODES_NAMED)
                .toList();
    }

    private static String share(ServiceLevel level, Conformance of) {
        return String.format(
                Locale.ROOT,
                "%.1f %% of %d answers in %d s began within %d ms",
                of.percent(),
                of.total(),
                Window.SECONDS,
                level.config().responseTime().toMillis());
    }
}
