package io.weir.config;

import io.weir.event.Severity;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * An event type: which events it stands for, and the actions that are run for them. An event
 * matches when its tag and its severity match, the time is right, and for each section named in
 * {@code objects} it is either about nothing of that section or about one of the named objects
 * (ZXTM's event types).
 *
 * @param events tags ({@code nodefail}), whole sections ({@code pools/*}), or {@code *}
 * @param customEvents names given to {@code event.emit}, or {@code *}
 * @param minSeverity events that matter less do not match
 * @param objects such as {@code pools/web}; empty for all
 * @param hours when events match, such as {@code mon-fri 08:00-18:00}; empty for always
 * @param timeZone of the hours, a name of the IANA data base; null for that of the machine
 * @param actions names of actions
 * @param note for people
 */
public record EventTypeConfig(
        String name,
        List<String> events,
        List<String> customEvents,
        Severity minSeverity,
        List<String> objects,
        List<String> hours,
        @Nullable String timeZone,
        List<String> actions,
        @Nullable String note) {

    public EventTypeConfig {
        events = List.copyOf(events);
        customEvents = List.copyOf(customEvents);
        objects = List.copyOf(objects);
        hours = List.copyOf(hours);
        actions = List.copyOf(actions);
    }
}
