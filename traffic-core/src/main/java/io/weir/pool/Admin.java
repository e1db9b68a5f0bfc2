package io.weir.pool;

import io.weir.config.NodeConfig;

/** What the operator wants of a node in one pool, the overlay included. */
public enum Admin {
    ACTIVE,
    /** No new sessions; established sessions stay; monitoring goes on. */
    DRAINING,
    /**
     * Nothing new at all, though monitoring goes on: somebody has a lease of the node to work on
     * it.
     */
    HELD,
    /** Nothing new and no monitoring; exchanges under way end by themselves. */
    DISABLED;

    static Admin of(NodeConfig.State state) {
        return switch (state) {
            case ACTIVE -> ACTIVE;
            case DRAINING -> DRAINING;
            case DISABLED -> DISABLED;
        };
    }
}
