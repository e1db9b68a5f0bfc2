package io.weir.control;

import io.weir.config.NodeConfig;
import io.weir.config.Overlay;
import io.weir.config.PoolConfig;
import io.weir.explain.KeptExchange.Candidate;
import io.weir.runtime.DataPlane;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Says of the nodes of a pool which of them a new request could go to. Stateless. */
final class NodeOutlook {

    private NodeOutlook() {}

    /** A node before it is clear whether its priority is in use. */
    private record Node(
            String name,
            String state,
            String health,
            @Nullable String cause,
            int weight,
            int priority) {
        boolean usable() {
            return state.equals("active") && !health.equals("down");
        }
    }

    /**
     * Every node of {@code pool}, those with the highest priority first where that counts.
     *
     * @param observed null when nothing is known but the configuration
     */
    static List<Candidate> of(
            PoolConfig pool, Overlay overlay, DataPlane.@Nullable Status observed) {
        List<Node> nodes = new ArrayList<>(observed(pool.name(), observed));
        if (nodes.isEmpty()) {
            for (NodeConfig node : pool.nodes()) {
                nodes.add(
                        new Node(
                                node.address().toString(),
                                overlay.stateOf(pool.name(), node).name().toLowerCase(Locale.ROOT),
                                "unchecked",
                                null,
                                overlay.weightOf(pool.name(), node),
                                node.priority()));
            }
        }
        int wanted = pool.priorityNodes();
        if (wanted > 0) {
            nodes.sort(Comparator.comparingInt(Node::priority).reversed());
        }
        List<Candidate> candidates = new ArrayList<>();
        int open = 0;
        int priority = 0;
        boolean enough = false;
        for (Node node : nodes) {
            enough |= wanted > 0 && open >= wanted && node.priority() < priority;
            priority = node.priority();
            boolean chosen = node.usable() && !enough;
            open += chosen ? 1 : 0;
            candidates.add(
                    new Candidate(
                            pool.name(),
                            node.name(),
                            node.state(),
                            node.health(),
                            node.weight(),
                            node.priority(),
                            chosen,
                            why(node, enough)));
        }
        return candidates;
    }

    private static List<Node> observed(String pool, DataPlane.@Nullable Status observed) {
        if (observed == null) {
            return List.of();
        }
        return observed.pools().stream()
                .filter(each -> each.name().equals(pool))
                .flatMap(each -> each.nodes().stream())
                .map(
                        each ->
                                new Node(
                                        each.node(),
                                        each.state(),
                                        each.health(),
                                        each.cause(),
                                        each.weight(),
                                        each.priority()))
                .toList();
    }

    private static String why(Node node, boolean enough) {
        if (!node.state().equals("active")) {
            return "is " + node.state();
        }
        if (node.health().equals("down")) {
            return "has failed" + (node.cause() == null ? "" : ": " + node.cause());
        }
        return enough ? "has a lower priority than is in use" : "is open";
    }
}
