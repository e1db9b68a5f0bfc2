package io.weir.event;

import java.time.Instant;
import java.util.List;

/**
 * Something that happened, for people and machines that care.
 *
 * @param objects what it is about, the main object first; may be empty
 * @param text one sentence naming the thing, what was found and what follows
 */
public record Event(Instant time, EventTag tag, List<ObjectRef> objects, String text) {

    public Event {
        objects = List.copyOf(objects);
    }

    public Severity severity() {
        return tag.severity();
    }
}
