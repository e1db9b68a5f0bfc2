package io.weir.pool;

/**
 * There is no node for the request.
 *
 * @param text one sentence naming the pool and the causes; where failure pools were asked too, a
 *     sentence for each
 */
public record NoNode(Reason reason, String text) implements Choice {

    /** Why there is no node. */
    public enum Reason {
        /** Every node has failed, or waits for its first check. */
        ALL_FAILED,
        /** No node has failed, but the operator keeps requests off all of them. */
        ALL_DRAINING_OR_DISABLED,
        /** The pool has no nodes. */
        EMPTY,
        /** Every node is full and so is the queue. */
        QUEUE_FULL,
        /** Every node stayed full for queue-timeout. */
        QUEUE_TIMEOUT,
        /** The request has failed on all usable nodes, or on as many as one request may try. */
        ATTEMPTS_EXHAUSTED,
        /** Hardly any answer of the pool was good of late, so it is left alone for a while. */
        BREAKER_OPEN
    }
}
