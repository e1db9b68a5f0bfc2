package io.weir.control;

import io.weir.config.NodeAddress;
import io.weir.config.NodeConfig;

import java.util.List;

/**
 * What became of a {@link NodeCommand}.
 *
 * @param changed whether the overlay is another one than before
 * @param saved whether the overlay is on disk; when not, the decision holds until the next restart
 * @param overlayRevision of the overlay now in force
 * @param pools one entry per pool in question, in the order of the configuration
 */
public record NodeChange(
        NodeAddress node,
        boolean changed,
        boolean saved,
        long overlayRevision,
        List<InPool> pools) {

    public NodeChange {
        pools = List.copyOf(pools);
    }

    /**
     * The node in one pool.
     *
     * @param before what was wanted of the node before the command
     * @param now what is wanted of it with the command in force
     */
    public record InPool(String pool, NodeConfig.State before, NodeConfig.State now, int weight) {}
}
