package io.weir.config;

/**
 * A node as listed in one pool (ZXTM {@code nodes_table}).
 *
 * @param state what the operator wants of the node in this pool
 * @param weight 1 to 100, used by the weighted algorithms
 * @param priority 0 or more; higher is preferred when the pool has priority lists on
 */
public record NodeConfig(NodeAddress address, State state, int weight, int priority) {

    /** What the operator wants of a node in one pool. */
    public enum State {
        ACTIVE,
        /** No new sessions; established sessions stay; monitoring goes on. */
        DRAINING,
        /** No connections and no monitoring. */
        DISABLED
    }
}
