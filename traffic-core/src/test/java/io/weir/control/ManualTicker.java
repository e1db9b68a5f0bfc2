package io.weir.control;

import io.weir.time.Ticker;

import java.time.Duration;
import java.time.Instant;

/** A clock that moves when told. */
public final class ManualTicker implements Ticker {

    private volatile Instant now = Instant.parse("2026-01-02T03:04:05Z");

    public void advance(Duration duration) {
        now = now.plus(duration);
    }

    @Override
    public long nanos() {
        return Duration.between(Instant.EPOCH, now).toNanos();
    }

    @Override
    public Instant now() {
        return now;
    }
}
