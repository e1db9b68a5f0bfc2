package io.weir.exchange;

import io.weir.explain.KeptExchange.Phase;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The phases of an exchange, one behind the other: their sum is the whole time. */
final class Timeline {

    private final long start;
    private final List<Phase> phases = new ArrayList<>();
    private long reached;

    /**
     * @param start when the first phase began, monotonic nanoseconds as everywhere here
     */
    Timeline(long start) {
        this.start = start;
        this.reached = start;
    }

    /**
     * Ends the phase that is under way.
     *
     * @param end 0 when there was no such phase; an end before that of the phase before counts as
     *     the same moment
     */
    void until(String phase, long end) {
        if (end == 0) {
            return;
        }
        long until = end - reached > 0 ? end : reached;
        phases.add(new Phase(phase, micros(reached), micros(until) - micros(reached)));
        reached = until;
    }

    /** Microseconds from the start to {@code nanos}; 0 for what was before. */
    long micros(long nanos) {
        return TimeUnit.NANOSECONDS.toMicros(Math.max(0, nanos - start));
    }

    List<Phase> phases() {
        return phases;
    }
}
