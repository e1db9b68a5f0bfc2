package io.weir.pool;

/**
 * How the circuit breaker of a pool is.
 *
 * @param state {@code closed}, {@code open} or {@code half-open}
 * @param cause why it opened; empty while it is closed
 */
public record BreakerStatus(String state, String cause) {

    static final BreakerStatus CLOSED = new BreakerStatus("closed", "");

    /** Whether every request may go to the nodes. */
    public boolean closed() {
        return state.equals("closed");
    }
}
