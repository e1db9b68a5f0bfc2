package io.weir.control;

import io.weir.event.Event;
import io.weir.event.EventBus;
import io.weir.event.EventTag;
import io.weir.event.ObjectRef;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A bus that remembers everything and calls listeners at once. */
public final class RecordingEvents implements EventBus {

    private final List<Event> events = new ArrayList<>();
    private final List<Consumer<Event>> listeners = new CopyOnWriteArrayList<>();

    @Override
    public void emit(EventTag tag, String text, ObjectRef... objects) {
        Event event = new Event(Instant.EPOCH, tag, List.of(objects), text);
        synchronized (events) {
            events.add(event);
        }
        listeners.forEach(l -> l.accept(event));
    }

    @Override
    public Subscription subscribe(Consumer<Event> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public List<Event> recent(int max) {
        synchronized (events) {
            return List.copyOf(events.subList(Math.max(0, events.size() - max), events.size()));
        }
    }

    @Override
    public long dropped() {
        return 0;
    }

    public int listeners() {
        return listeners.size();
    }

    /** The texts of the events with {@code tag}, oldest first. */
    public List<String> texts(EventTag tag) {
        return recent(Integer.MAX_VALUE).stream()
                .filter(e -> e.tag() == tag)
                .map(Event::text)
                .toList();
    }

    public List<EventTag> tags() {
        return recent(Integer.MAX_VALUE).stream().map(Event::tag).toList();
    }

    public void clear() {
        synchronized (events) {
            events.clear();
        }
    }
}
