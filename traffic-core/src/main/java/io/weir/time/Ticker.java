package io.weir.time;

import java.time.Instant;

/**
 * A source of time: a monotonic reading for durations and a wall clock for what people read. Safe
 * for every thread.
 */
public interface Ticker {

    /** Nanoseconds from an arbitrary origin, never falling; only differences mean anything. */
    long nanos();

    /** The wall clock, which may jump. */
    Instant now();

    /** The clocks of the machine. */
    static Ticker system() {
        return new Ticker() {
            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public Instant now() {
                return Instant.now();
            }
        };
    }
}
