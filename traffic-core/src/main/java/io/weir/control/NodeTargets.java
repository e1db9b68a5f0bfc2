package io.weir.control;

import io.weir.config.NodeAddress;
import io.weir.config.NodeConfig;
import io.weir.config.Overlay;
import io.weir.config.OverlayEntry;
import io.weir.config.PoolConfig;
import io.weir.config.WeirConfig;
import io.weir.config.load.Nearest;
import io.weir.event.EventBus;
import io.weir.event.EventTag;
import io.weir.event.ObjectRef;
import io.weir.runtime.DataPlane;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What a {@link NodeCommand} is about: the pools that have the node, and what changes in each. */
final class NodeTargets {

    private static final int MAX_OWNER = 100;
    private static final int MAX_REASON = 500;

    private NodeTargets() {}

    static String owner(NodeCommand command, Author author) {
        String owner = command.owner();
        return owner == null || owner.isEmpty() ? author.name() : owner;
    }

    static void validate(NodeCommand command, Author author, Instant now) throws RefusedException {
        text("owner", owner(command, author), MAX_OWNER);
        text("reason", command.reason(), MAX_REASON);
        Instant expires = command.expires();
        if (expires != null && !expires.isAfter(now)) {
            throw invalid("expiry", expires.toString(), "a time after " + now);
        }
        if (command.action() instanceof NodeCommand.Weight(Integer weight)
                && weight != null
                && (weight < 1 || weight > 100)) {
            throw invalid("weight", weight.toString(), "1 to 100");
        }
    }

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
                    case NodeCommand.Undrain _, NodeCommand.Enable _ -> true;
                    case NodeCommand.Weight(Integer weight) -> weight == null;
                    case NodeCommand.Drain _, NodeCommand.Disable _ -> false;
                };
        return takes && overlay.entries().stream().anyMatch(e -> e.node().equals(command.node()));
    }

    static NodeChange compare(
            NodeAddress node,
            Map<String, NodeConfig> targets,
            Overlay before,
            Overlay now,
            boolean saved,
            long overlayRevision) {
        List<NodeChange.InPool> pools = new ArrayList<>();
        targets.forEach(
                (pool, configured) ->
                        pools.add(
                                new NodeChange.InPool(
                                        pool,
                                        before.stateOf(pool, configured),
                                        now.stateOf(pool, configured),
                                        now.weightOf(pool, configured))));
        return new NodeChange(node, !before.equals(now), saved, overlayRevision, pools);
    }

    static void announce(NodeCommand command, NodeChange change, Author author, EventBus events) {
        String pool = command.pool();
        Instant expires = command.expires();
        String what =
                command.action() instanceof NodeCommand.Weight(Integer weight)
                        ? "weight " + (weight == null ? "as configured" : weight.toString())
                        : command.action().keyword();
        String text =
                author
                        + ": "
                        + what
                        + " for node "
                        + command.node()
                        + (pool == null ? " in every pool" : " in pool " + pool)
                        + ", owner "
                        + owner(command, author)
                        + (command.reason().isEmpty() ? "" : ", reason: " + command.reason())
                        + (expires == null ? "" : ", until " + expires)
                        + (change.saved() ? "" : "; NOT SAVED, a restart forgets it");
        List<ObjectRef> objects = new ArrayList<>();
        objects.add(ObjectRef.node(command.node().toString()));
        change.pools().stream().limit(10).forEach(p -> objects.add(ObjectRef.pool(p.pool())));
        events.emit(EventTag.OVERLAYCHANGE, text, objects.toArray(ObjectRef[]::new));
    }

    static void announceEnd(OverlayEntry entry, EventBus events) {
        NodeConfig.State state = entry.state();
        String pool = entry.pool();
        events.emit(
                EventTag.OVERLAYCHANGE,
                (state == null
                                ? "weight " + entry.weight()
                                : state.name().toLowerCase(java.util.Locale.ROOT))
                        + " for node "
                        + entry.node()
                        + (pool == null ? " in every pool" : " in pool " + pool)
                        + ", set by "
                        + entry.owner()
                        + ", is over",
                ObjectRef.node(entry.node().toString()));
    }

    private static void text(String thing, String value, int max) throws RefusedException {
        if (value.length() > max) {
            throw invalid(thing, value.length() + " characters long", "at most " + max);
        }
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw invalid(thing, "text with control characters", "one line of plain text");
        }
    }

    private static RefusedException invalid(String thing, String found, String expected) {
        return new RefusedException(new ControlProblem.Invalid(thing, found, expected));
    }
}
