package io.weir.alert;

import io.weir.config.DutyHours;
import io.weir.config.EventTypeConfig;
import io.weir.event.Event;
import io.weir.event.EventTag;
import io.weir.event.ObjectRef;

import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What an event type matches. Immutable. */
final class EventMatch {

    /** Section of what actions themselves raise: only who asks for it by name gets it. */
    private static final String ACTIONS = "actions";

    private static final String ALL = "*";

    private final EventTypeConfig config;
    private final Set<EventTag> tags = EnumSet.noneOf(EventTag.class);
    private final Set<String> custom;
    private final Map<String, Set<String>> objects = new HashMap<>();
    private final List<DutyHours> hours;
    private final ZoneId zone;

    EventMatch(EventTypeConfig config) {
        this.config = config;
        for (EventTag tag : EventTag.values()) {
            boolean all = config.events().contains(ALL) && !tag.section().equals(ACTIONS);
            if (all
                    || config.events().contains(tag.section() + "/*")
                    || config.events().contains(tag.keyword())) {
                tags.add(tag);
            }
        }
        custom = Set.copyOf(config.customEvents());
        for (String object : config.objects()) {
            int slash = object.indexOf('/');
            objects.computeIfAbsent(object.substring(0, slash), _ -> new HashSet<>())
                    .add(object.substring(slash + 1));
        }
        hours = config.hours().stream().map(DutyHours::parse).toList();
        String named = config.timeZone();
        zone = named == null ? ZoneId.systemDefault() : ZoneId.of(named);
    }

    String name() {
        return config.name();
    }

    List<String> actions() {
        return config.actions();
    }

    boolean matches(Event event) {
        return (tags.contains(event.tag()) || isCustom(event))
                && event.severity().compareTo(config.minSeverity()) >= 0
                && isAbout(event)
                && isOnDuty(event);
    }

    /** The name of a custom event is its first object. */
    private boolean isCustom(Event event) {
        return event.tag() == EventTag.CUSTOMEVENT
                && !custom.isEmpty()
                && (custom.contains(ALL)
                        || (!event.objects().isEmpty()
                                && custom.contains(event.objects().getFirst().name())));
    }

    private boolean isAbout(Event event) {
        for (Map.Entry<String, Set<String>> entry : objects.entrySet()) {
            boolean concerned = false;
            boolean named = false;
            for (ObjectRef object : event.objects()) {
                if (object.section().equals(entry.getKey())) {
                    concerned = true;
                    named |= entry.getValue().contains(object.name());
                }
            }
            if (concerned && !named) {
                return false;
            }
        }
        return true;
    }

    private boolean isOnDuty(Event event) {
        if (hours.isEmpty()) {
            return true;
        }
        ZonedDateTime when = event.time().atZone(zone);
        return hours.stream().anyMatch(span -> span.contains(when));
    }
}
