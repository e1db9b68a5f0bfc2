package io.weir.testkit;

import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** The clocks of the machine, which a test may move forward or stop. Safe for every thread. */
public final class ShiftedTicker implements Ticker {

    private final AtomicLong shift = new AtomicLong();
    private final AtomicLong wallShift = new AtomicLong();
    private volatile @Nullable Long stoppedAt;

    /** Moves both readings forward. */
    public void advance(Duration time) {
        shift.addAndGet(time.toNanos());
        wallShift.addAndGet(time.toNanos());
    }

    /** Moves the wall clock alone, as an operator or a time server does. */
    public void jump(Duration time) {
        wallShift.addAndGet(time.toNanos());
    }

    /** Stops the monotonic reading. */
    public void stop() {
        stoppedAt = nanos();
    }

    /** Lets the monotonic reading go on from where it stands. */
    public void goOn() {
        Long from = stoppedAt;
        if (from != null) {
            shift.set(from - System.nanoTime());
            stoppedAt = null;
        }
    }

    @Override
    public long nanos() {
        Long standing = stoppedAt;
        return standing != null ? standing : System.nanoTime() + shift.get();
    }

    @Override
    public Instant now() {
        return Instant.now().plusNanos(wallShift.get());
    }
}
