package io.weir.event;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Events that operators' own rules raise ({@code event.emit} of TrafficScript). The name stands in
 * the objects, in the section {@code trafficscript}, where event types look for it.
 */
public final class CustomEvents {

    private static final String SECTION = "trafficscript";
    private static final int MAX_NAME = 128;
    private static final int MAX_TEXT = 4096;

    private CustomEvents() {}

    /**
     * Raises the custom event {@code name}; or {@code invalidemit} when that is no name: null,
     * empty, longer than 128 characters, or with control characters. A long text is cut. Never
     * waits; may be called on an event loop.
     *
     * @param text null for none; control characters become blanks
     * @param about what else the event is about, such as the virtual server
     */
    public static void emit(
            EventBus events, @Nullable String name, @Nullable String text, ObjectRef... about) {
        String plain = text == null ? "" : cut(text).replaceAll("\\p{Cntrl}", " ");
        if (name == null
                || name.isEmpty()
                || name.length() > MAX_NAME
                || name.chars().anyMatch(Character::isISOControl)) {
            events.emit(
                    EventTag.INVALIDEMIT,
                    "event.emit was called with "
                            + (name == null || name.isEmpty()
                                    ? "no name"
                                    : "a name of " + name.length() + " characters")
                            + ", expected 1 to "
                            + MAX_NAME
                            + " without control characters: "
                            + plain,
                    about);
            return;
        }
        List<ObjectRef> objects = new ArrayList<>();
        objects.add(new ObjectRef(SECTION, name));
        objects.addAll(List.of(about));
        events.emit(EventTag.CUSTOMEVENT, plain, objects.toArray(ObjectRef[]::new));
    }

    private static String cut(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
    }
}
