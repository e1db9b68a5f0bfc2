package io.weir.control;

import io.weir.config.NodeAddress;
import io.weir.config.NodeConfig;
import io.weir.config.Overlay;
import io.weir.config.PoolConfig;
import io.weir.config.WeirConfig;
import io.weir.config.load.Nearest;
import io.weir.runtime.DataPlane;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What a {@link NodeCommand} is about: the pools that have the node. */
final class NodeTargets {

    private NodeTargets() {}

    /**
     * The pools in question, each with the node as configured. A decision about a node that no pool
     * has any more can still be taken back.
     */
    static Map<String, NodeConfig> find(
            NodeCommand command, WeirConfig config, DataPlane.Status plane, Overlay overlay)
            throws RefusedException {
        String pool = command.pool();
        Map<String, NodeConfig> found = new LinkedHashMap<>();
        TreeSet<String> known = new TreeSet<>();
        if (pool != null && !config.pools().containsKey(pool)) {
            throw new RefusedException(
                    new ControlProblem.NotFound(
                            "pool", pool, "", Nearest.to(pool, config.pools().keySet())));
        }
        for (PoolConfig candidate : config.pools().values()) {
            if (pool == null || pool.equals(candidate.name())) {
                for (NodeConfig node : nodes(candidate, plane)) {
                    known.add(node.address().toString());
                    if (node.address().equals(command.node())) {
                        found.put(candidate.name(), node);
                    }
                }
            }
        }
        if (found.isEmpty() && !takesBack(command, overlay)) {
            String name = command.node().toString();
            throw new RefusedException(
                    new ControlProblem.NotFound(
                            "node",
                            name,
                            pool == null ? "any pool" : "pool " + pool,
                            Nearest.to(name, known)));
        }
        return found;
    }

    /** The configured nodes, and those that a name in the DNS has become. */
    private static List<NodeConfig> nodes(PoolConfig pool, DataPlane.Status plane) {
        List<NodeConfig> nodes = new ArrayList<>(pool.nodes());
        for (DataPlane.PoolStatus observed : plane.pools()) {
            if (observed.name().equals(pool.name())) {
                for (DataPlane.NodeView view : observed.nodes()) {
                    NodeAddress address = NodeAddresses.parse(view.node());
                    if (address != null
                            && nodes.stream().noneMatch(n -> n.address().equals(address))) {
                        nodes.add(
                                new NodeConfig(
                                        address, NodeConfig.State.ACTIVE, 1, view.priority()));
                    }
                }
            }
        }
        return nodes;
    }

    private static boolean takesBack(NodeCommand command, Overlay overlay) {
        boolean takes =
                switch (command.action()) {
                    case NodeCommand.Undrain _, NodeCommand.Enable _, NodeCommand.Forget _ -> true;
                    case NodeCommand.Weight(Integer weight) -> weight == null;
                    case NodeCommand.Drain _, NodeCommand.Disable _ -> false;
                };
        return takes && overlay.entries().stream().anyMatch(e -> e.node().equals(command.node()));
    }
}
