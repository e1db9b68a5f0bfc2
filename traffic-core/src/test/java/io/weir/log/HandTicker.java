package io.weir.log;

import io.weir.time.Ticker;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until a test moves it. Safe for every thread. */
final class HandTicker implements Ticker {

    private static final Instant START = Instant.parse("2026-03-04T23:59:50Z");

    private final AtomicLong passed = new AtomicLong();

    void advance(Duration time) {
        passed.addAndGet(time.toNanos());
    }

    @Override
    public long nanos() {
        // Close to the overflow, which any comparison must stand.
        return Long.MAX_VALUE - 1000 + passed.get();
    }

    @Override
    public Instant now() {
        return START.plusNanos(passed.get());
    }
}
