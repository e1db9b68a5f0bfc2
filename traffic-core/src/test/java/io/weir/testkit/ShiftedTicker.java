package io.weir.testkit;

import io.weir.time.Ticker;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** The clocks of the machine, which a test may move forward. Safe for every thread. */
public final class ShiftedTicker implements Ticker {

    private final AtomicLong shift = new AtomicLong();
    private final AtomicLong wallShift = new AtomicLong();

    /** Moves both readings forward. */
    public void advance(Duration time) {
        shift.addAndGet(time.toNanos());
        wallShift.addAndGet(time.toNanos());
    }

    /** Moves the wall clock alone, as an operator or a time server does. */
    public void jump(Duration time) {
        wallShift.addAndGet(time.toNanos());
    }

    @Override
    public long nanos() {
        return System.nanoTime() + shift.get();
    }

    @Override
    public Instant now() {
        return Instant.now().plusNanos(wallShift.get());
    }
}
