package io.weir.exchange;

import io.weir.admit.Admission;
import io.weir.config.Priority;

import org.jspecify.annotations.Nullable;

/**
 * The places that one exchange takes at the admissions of its virtual server and its pool, until
 * its answer begins. Confined to one event loop.
 *
 * <p>A request is load once the whole of it is there: who sends it slowly takes nobody's place.
 */
final class Places {

    private final ExchangeFacts x;
    private Priority priority;
    private boolean complete;
    private @Nullable Place first;
    private @Nullable Place second;

    /** A place; {@code since} is when it was taken, 0 while the request is not complete. */
    private static final class Place {
        private final Admission at;
        private final Priority as;
        private boolean taken;
        private long since;

        private Place(Admission at, Priority as) {
            this.at = at;
            this.as = as;
        }
    }

    Places(ExchangeFacts x) {
        this.x = x;
        this.priority = x.server().config().priority();
        this.complete = x.requestComplete();
    }

    /** What the request is to places that it has not taken yet. */
    Priority priority() {
        return priority;
    }

    void priority(Priority next) {
        priority = next;
    }

    /** Takes a place at {@code admission}; whether there was one. */
    boolean take(Admission admission) {
        if (!admission.tryEnter(priority)) {
            return false;
        }
        Place place = new Place(admission, priority);
        if (complete) {
            place.taken = true;
            place.since = x.context().nanos();
        } else {
            admission.leave(priority, -1);
        }
        if (first == null) {
            first = place;
        } else {
            second = place;
        }
        return true;
    }

    /** The whole request is there. */
    void requestComplete() {
        if (!complete) {
            complete = true;
            begin(first);
            begin(second);
        }
    }

    private void begin(@Nullable Place place) {
        if (place != null) {
            place.at.enter(place.as);
            place.taken = true;
            place.since = x.context().nanos();
        }
    }

    /** How a place is left. */
    enum End {
        /** The answer begins. */
        ANSWERED,
        /** The client did not wait for it. */
        ABANDONED,
        /** What happened says nothing about the load. */
        OTHER
    }

    /** Gives the places up. */
    void leave(End end) {
        leave(first, end);
        leave(second, end);
        first = null;
        second = null;
    }

    private void leave(@Nullable Place place, End end) {
        if (place == null || !place.taken) {
            return;
        }
        long waited = x.context().nanos() - place.since;
        switch (end) {
            case ANSWERED -> place.at.leave(place.as, waited);
            case ABANDONED -> place.at.abandon(place.as, waited);
            case OTHER -> place.at.leave(place.as, -1);
        }
    }
}
