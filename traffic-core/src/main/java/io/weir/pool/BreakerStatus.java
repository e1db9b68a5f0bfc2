package io.weir.pool;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * How the circuit breaker of a pool is.
 *
 * @param state {@code closed}, {@code open} or {@code half-open}
 * @param cause why it opened; empty while it is closed
 * @param since when it opened, however often it has been tried out since; null while it is closed
 */
public record BreakerStatus(String state, String cause, @Nullable Instant since) {

    static final BreakerStatus CLOSED = new BreakerStatus("closed", "", null);

    /** Whether every request may go to the nodes. */
    public boolean closed() {
        return state.equals("closed");
    }
}
