package io.weir.testkit;

import io.weir.time.Ticker;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until a test moves it. Safe for every thread. */
public final class ManualTicker implements Ticker {

    private final AtomicLong nanos;
    private final AtomicLong wallNanos = new AtomicLong();
    private final Instant start;

    /** A clock that shows {@code start} and an odd monotonic reading just before its overflow. */
    public ManualTicker(Instant start) {
        this.start = start;
        this.nanos = new AtomicLong(Long.MAX_VALUE - Duration.ofSeconds(5).toNanos());
    }

    /** A clock at the first of January 2026, noon. */
    public ManualTicker() {
        this(Instant.parse("2026-01-01T12:00:00Z"));
    }

    /** Moves both readings forward. */
    public void advance(Duration time) {
        nanos.addAndGet(time.toNanos());
        wallNanos.addAndGet(time.toNanos());
    }

    /** Moves the wall clock alone, as an operator or a time server does. */
    public void jump(Duration time) {
        wallNanos.addAndGet(time.toNanos());
    }

    @Override
    public long nanos() {
        return nanos.get();
    }

    @Override
    public Instant now() {
        return start.plusNanos(wallNanos.get());
    }
}
