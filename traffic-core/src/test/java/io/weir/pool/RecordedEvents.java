package io.weir.pool;

import io.weir.event.Event;
import io.weir.event.EventBus;
import io.weir.event.EventTag;
import io.weir.event.ObjectRef;
import io.weir.time.Ticker;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Keeps every event. Safe for every thread. */
final class RecordedEvents implements EventBus {

    private final Ticker ticker;
    private final List<Event> events = new ArrayList<>();

    RecordedEvents(Ticker ticker) {
        this.ticker = ticker;
    }

    @Override
    public synchronized void emit(EventTag tag, String text, ObjectRef... objects) {
        events.add(new Event(ticker.now(), tag, List.of(objects), text));
    }

    /** The tags of all events with their last object, in order, which are then forgotten. */
    synchronized List<String> take() {
        List<String> all =
                events.stream()
                        .map(e -> e.tag().keyword() + " " + e.objects().getLast().name())
                        .toList();
        events.clear();
        return all;
    }

    synchronized List<Event> all() {
        return List.copyOf(events);
    }

    @Override
    public Subscription subscribe(Consumer<Event> listener) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Event> recent(int max) {
        return all();
    }

    @Override
    public long dropped() {
        return 0;
    }
}
