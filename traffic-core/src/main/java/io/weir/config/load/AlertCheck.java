package io.weir.config.load;

import io.weir.config.AlertTemplate;
import io.weir.config.DutyHours;
import io.weir.config.EventTypeConfig;
import io.weir.config.load.Node.Scalar;
import io.weir.config.load.Node.Sequence;
import io.weir.event.EventTag;
import io.weir.log.LogDirectory;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** Looks for event types that cannot match, and for names of actions that are none. */
final class AlertCheck {

    private final Draft draft;
    private final Problems problems;
    private final Set<String> used = new HashSet<>();
    private final Set<String> events = new TreeSet<>();

    AlertCheck(Draft draft, Problems problems) {
        this.draft = draft;
        this.problems = problems;
        events.add("*");
        Arrays.stream(EventTag.values())
                .forEach(
                        tag -> {
                            events.add(tag.keyword());
                            events.add(tag.section() + "/*");
                        });
    }

    void check() {
        draft.eventTypes().forEach(this::eventType);
        draft.actions()
                .forEach(
                        (name, section) -> {
                            template(section);
                            logFile(section);
                            if (!used.contains(name)) {
                                problems.warning(
                                        section.place(),
                                        section.path(),
                                        ProblemCode.UNUSED_ACTION,
                                        "no event type names the action '" + name + "'");
                            }
                        });
    }

    private void eventType(String name, Section s) {
        EventTypeConfig config = draft.config().eventTypes().get(name);
        if (config == null) {
            return;
        }
        if (!s.has("events")
                && !s.has("custom-events")
                && !BuiltInEventTypes.all().containsKey(name)) {
            problems.error(
                    s.place(),
                    s.path(),
                    ProblemCode.NEEDS_OTHER_KEY,
                    s.path()
                            + ": needs the key 'events' or 'custom-events'; only built-in event"
                            + " types do without: "
                            + String.join(", ", BuiltInEventTypes.all().keySet()));
        }
        if (config.actions().isEmpty()) {
            problems.warning(
                    s.place("actions"),
                    s.path(),
                    ProblemCode.NO_ACTION,
                    s.path() + " has no actions, so nothing is done about its events");
        }
        each(s, "events", (item, path) -> known(item, path, events, ProblemCode.UNKNOWN_EVENT));
        each(
                s,
                "actions",
                (item, path) -> {
                    used.add(item.text());
                    known(item, path, draft.actions().keySet(), ProblemCode.UNKNOWN_ACTION);
                });
        each(s, "hours", this::hours);
        if (s.node("time-zone") instanceof Scalar zone) {
            timeZone(zone, s.path("time-zone"));
        }
    }

    private void known(Scalar item, String path, Set<String> names, ProblemCode code) {
        if (!names.contains(item.text())) {
            problems.error(
                    item.place(),
                    path,
                    code,
                    path
                            + ": there is no "
                            + (code == ProblemCode.UNKNOWN_ACTION ? "action " : "event ")
                            + item.shown(),
                    Nearest.to(item.text(), names));
        }
    }

    private void hours(Scalar item, String path) {
        try {
            DutyHours.parse(item.text());
        } catch (IllegalArgumentException e) {
            problems.error(
                    item.place(),
                    path,
                    ProblemCode.BAD_HOURS,
                    path + ": found " + item.shown() + ", expected " + e.getMessage());
        }
    }

    private void timeZone(Scalar zone, String path) {
        try {
            ZoneId.of(zone.text());
        } catch (DateTimeException e) {
            problems.error(
                    zone.place(),
                    path,
                    ProblemCode.MALFORMED,
                    path
                            + ": found "
                            + zone.shown()
                            + ", expected a time zone such as Europe/London",
                    Nearest.to(zone.text(), ZoneId.getAvailableZoneIds()));
        }
    }

    private void template(Section s) {
        if (!(s.node("template") instanceof Scalar template)) {
            return;
        }
        try {
            AlertTemplate.parse(template.text());
        } catch (IllegalArgumentException e) {
            problems.error(
                    template.place(),
                    s.path("template"),
                    ProblemCode.MALFORMED,
                    s.path("template") + ": found " + e.getMessage());
        }
        if (s.word("type").equals("webhook") && !s.word("format").equals("generic")) {
            problems.warning(
                    s.place("template"),
                    s.path("template"),
                    ProblemCode.NO_EFFECT,
                    s.path("template") + " has no effect: the format is " + s.word("format"));
        }
    }

    private void logFile(Section s) {
        if (s.word("type").equals("log")) {
            try {
                var _ =
                        LogDirectory.relative(
                                "log file name \"" + s.text("file") + "\"", s.text("file"));
            } catch (IllegalArgumentException e) {
                problems.error(
                        s.place("file"),
                        s.path("file"),
                        ProblemCode.MALFORMED,
                        s.path("file") + ": " + e.getMessage());
            }
        }
    }

    private void each(Section s, String key, BiConsumer<Scalar, String> check) {
        if (s.node(key) instanceof Sequence sequence) {
            for (int i = 0; i < sequence.items().size(); i++) {
                if (sequence.items().get(i) instanceof Scalar item && !problems.isFaulty(item)) {
                    check.accept(item, s.path(key) + "[" + i + "]");
                }
            }
        }
    }
}
