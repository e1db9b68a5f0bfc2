package io.weir.monitor;

import io.weir.time.Ticker;

import java.time.Duration;

/** The moment at which a check must have ended. Confined to one run of a check. */
final class Deadline {

    private final Ticker ticker;
    private final Duration timeout;
    private final long start;

    Deadline(Ticker ticker, Duration timeout) {
        this.ticker = ticker;
        this.timeout = timeout;
        this.start = ticker.nanos();
    }

    /** The whole time the check was given. */
    Duration timeout() {
        return timeout;
    }

    /** What is left of it, never negative. */
    Duration left() {
        Duration left = timeout.minusNanos(ticker.nanos() - start);
        return left.isNegative() ? Duration.ZERO : left;
    }

    boolean passed() {
        return left().isZero();
    }

    /** The shorter of {@code wait} and what is left. */
    Duration atMost(Duration wait) {
        Duration left = left();
        return wait.compareTo(left) < 0 ? wait : left;
    }

    /** A wait in the form sockets take: at least 1, because 0 would mean for ever. */
    static int millis(Duration wait) {
        return Math.clamp(wait.plusNanos(999_999).toMillis(), 1, Integer.MAX_VALUE);
    }
}
