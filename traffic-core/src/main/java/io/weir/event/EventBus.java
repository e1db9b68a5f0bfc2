package io.weir.event;

import java.util.List;
import java.util.function.Consumer;

/**
 * Carries events from where they happen to who listens. Emitting never blocks and is allowed on
 * event loops; listeners are called one event at a time on the bus's own thread. When listeners
 * fall behind by more than the bound, events are dropped and counted.
 */
public interface EventBus {

    /** Emits an event at the present time. */
    void emit(EventTag tag, String text, ObjectRef... objects);

    /** Calls {@code listener} for every later event until the result is closed. */
    Subscription subscribe(Consumer<Event> listener);

    /** The latest events, oldest first, at most {@code max}. */
    List<Event> recent(int max);

    /** How many events were dropped because listeners fell behind. */
    long dropped();

    /** Ends a subscription; closing twice is harmless. */
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
