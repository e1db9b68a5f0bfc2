package io.weir.rate;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** A request at a rate class: passed, refused, or in the queue. Safe for every thread. */
public final class Turn {

    /** What became of a request. */
    public enum Outcome {
        /** It may go on. */
        PASSED,
        /** The queue is full, or the wait would be longer than allowed. */
        REFUSED
    }

    private final @Nullable Lane lane;
    private final Executor loop;
    private final Consumer<Outcome> later;
    private final long since;

    /** Guarded by the class's lock. */
    @Nullable Outcome outcome;

    /** Guarded by the class's lock. */
    boolean cancelled;

    Turn(@Nullable Lane lane, Executor loop, Consumer<Outcome> later, long since) {
        this.lane = lane;
        this.loop = loop;
        this.later = later;
        this.since = since;
    }

    static Turn decided(Outcome outcome) {
        Turn turn = new Turn(null, Runnable::run, o -> {}, 0);
        turn.outcome = outcome;
        return turn;
    }

    /** The outcome, when it was known at once; null for a request that waits. */
    public @Nullable Outcome atOnce() {
        return lane == null ? outcome : null;
    }

    /** Gives the place in the queue up; the callback will not be called any more. */
    public void cancel() {
        Lane of = lane;
        if (of != null) {
            of.owner.cancel(of, this);
        }
    }

    /** When the wait began, as reading of the ticker. */
    long since() {
        return since;
    }

    /** Tells the outcome where the request lives. */
    void tell(Outcome what) {
        loop.execute(() -> later.accept(what));
    }
}
