package io.weir.monitor;

import io.weir.config.NodeAddress;

import java.util.List;

/**
 * One monitor that a pool uses.
 *
 * @param pool name of the pool that wants to know
 * @param monitor name of a monitor
 * @param nodes to check: the active and the draining nodes of the pool, not the disabled ones; a
 *     pool-wide monitor takes no notice of them
 */
public record Assignment(String pool, String monitor, List<NodeAddress> nodes) {

    public Assignment {
        nodes = List.copyOf(nodes);
    }
}
