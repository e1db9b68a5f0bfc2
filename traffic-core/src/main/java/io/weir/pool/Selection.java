package io.weir.pool;

import io.weir.balance.HashSource;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.Executor;

/** What an exchange tells about itself to get a node. Confined to the exchange's event loop. */
public interface Selection extends HashSource {

    /** Whether this request has already failed on {@code node}, or is to avoid it. */
    boolean tried(PoolNode node);

    /** Whether this request has already failed on {@code node}. */
    default boolean hasFailedOn(PoolNode node) {
        return tried(node);
    }

    /** Attempts so far that ran into max-reply-time. */
    int timedOutAttempts();

    /** Attempts so far, failed ones all of them; at least 1 when there is a node to avoid. */
    int attempts();

    /** Whether the request has failed on a node before. */
    default boolean retried() {
        return attempts() > 0;
    }

    /** How many different nodes the request may try, where {@code configured} is the rule. */
    default int maxAttempts(int configured) {
        return configured;
    }

    /** The same, counting nodes that ran into the reply time. */
    default int maxTimedOutAttempts(int configured) {
        return configured;
    }

    /** The node that the request's session belongs to; null without a session. */
    @Nullable PoolNode pinned();

    /**
     * Whether the request may be sent again when a node fails while it has it. A condemned node is
     * tried out with such requests, because then nobody notices when it fails again.
     */
    default boolean repeatable() {
        return true;
    }

    /** Runs tasks on the exchange's event loop; a late answer comes this way. */
    Executor loop();
}
