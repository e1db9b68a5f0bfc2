package io.weir.alert;

import io.weir.event.Severity;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;

/**
 * An event as the event log has it.
 *
 * @param tag as written; one that a later version has raised may be unknown to this one
 * @param objects such as {@code pools/web}, the main one first
 */
public record LoggedEvent(
        Instant time, Severity severity, List<String> objects, String tag, String text) {

    public LoggedEvent {
        objects = List.copyOf(objects);
    }

    /** The event in a line of the log; null when it is none, as after a crash. */
    public static @Nullable LoggedEvent of(String line) {
        String[] parts = line.split("\t", 5);
        if (parts.length < 5) {
            return null;
        }
        try {
            return new LoggedEvent(
                    Instant.parse(parts[0]),
                    Severity.valueOf(parts[1]),
                    parts[2].equals("-") ? List.of() : List.of(parts[2].split(",", -1)),
                    parts[3],
                    parts[4]);
        } catch (DateTimeParseException | IllegalArgumentException e) {
            return null;
        }
    }
}
