package io.weir.alert.receiver;

import io.weir.event.Event;
import io.weir.log.PlainText;

import java.util.stream.Collectors;

/**
 * An event on its way to a receiver.
 *
 * @param eventType name of the event type that matched it
 */
public record Alert(Event event, String eventType) {

    /**
     * The event as one line, with a tab between its parts: severity, objects, tag, text. Nothing in
     * it can end the line or be taken for a tab.
     */
    public String line() {
        StringBuilder line = new StringBuilder(128);
        line.append(event.severity()).append('\t').append(objects()).append('\t');
        line.append(event.tag().keyword()).append('\t');
        PlainText.append(event.text(), line);
        return line.toString();
    }

    /** The objects, the main one first, with commas between; {@code -} for none. */
    public String objects() {
        return event.objects().isEmpty()
                ? "-"
                : event.objects().stream()
                        .map(object -> PlainText.of(object.toString()).replace(",", "\\u002c"))
                        .collect(Collectors.joining(","));
    }
}
