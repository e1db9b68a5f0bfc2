package io.weir.config;

import java.time.Instant;

/**
 * The right to work on a node for a time: while it is held, nothing new reaches the node in any
 * pool, though it is still monitored.
 *
 * @param owner who works on it
 * @param reason why; may be empty
 * @param since when it was given
 * @param expires when it ends by itself
 */
public record NodeLease(
        NodeAddress node, String owner, String reason, Instant since, Instant expires) {

    /** Whether the lease has ended by itself at {@code now}. */
    public boolean expired(Instant now) {
        return !now.isBefore(expires);
    }
}
