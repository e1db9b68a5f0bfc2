package io.weir.balance;

/**
 * An algorithm that chooses one of several nodes. Called on every event loop at once: it never
 * blocks, never waits for another thread, and ends after a bounded number of steps.
 */
@FunctionalInterface
public interface Balancer {

    /** No node can be chosen. */
    int NONE = -1;

    /**
     * The index of the chosen node, which is not excluded; {@link #NONE} when every node is
     * excluded or there is none. A ramping node is to be chosen less often in proportion to {@link
     * Candidates#ramp}, but is better than none.
     *
     * @param now reading of the pool's ticker
     */
    int pick(Candidates open, HashSource request, long now);
}
