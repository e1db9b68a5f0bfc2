package io.weir.balance;

/** A node as far as a balancer may look at it. Safe for every thread. */
public interface Candidate {

    /** Exchanges on the node now. */
    int inFlight();

    /**
     * How long the node would probably take to begin an answer, in nanoseconds; 0 when nothing is
     * known. The figure sinks while the node lies idle, so that a slow node is looked at again, and
     * grows while the node owes an answer.
     *
     * @param now reading of the pool's ticker
     */
    long expectedNanos(long now);
}
