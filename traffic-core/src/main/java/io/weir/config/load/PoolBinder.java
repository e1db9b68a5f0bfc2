package io.weir.config.load;

import io.weir.config.BreakerConfig;
import io.weir.config.NodeAddress;
import io.weir.config.NodeConfig;
import io.weir.config.NodeConfig.State;
import io.weir.config.OutlierConfig;
import io.weir.config.PoolConfig;
import io.weir.config.PoolConfig.HashKey;
import io.weir.config.PoolConfig.NodeDelete;
import io.weir.config.PoolConfig.NodeHttp2;
import io.weir.config.PoolConfig.NodeNames;
import io.weir.config.PoolConfig.ProxyProtocol;
import io.weir.config.load.Node.Mapping;
import io.weir.config.load.Node.Scalar;
import io.weir.config.load.Node.Sequence;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes pools and their nodes; see {@link Binder}. */
final class PoolBinder {

    private final Problems problems;
    private final TlsBinder tlsBinder;

    PoolBinder(TlsBinder tlsBinder, Problems problems) {
        this.problems = problems;
        this.tlsBinder = tlsBinder;
    }

    /**
     * @param nodes the list of nodes, wherever it stands; null when it is missing or faulty
     * @param nodesPath where it stands
     */
    PoolConfig pool(String name, Section s, @Nullable Node nodes, String nodesPath) {
        return new PoolConfig(
                name,
                nodes(name, s, nodes, nodesPath),
                s.word("algorithm"),
                hash(s),
                s.count("priority-nodes"),
                s.textOrNull("failure-pool"),
                s.textOrNull("persistence"),
                s.texts("monitors"),
                s.flag("passive-monitoring"),
                s.count("node-connection-attempts"),
                s.time("retry-fail-time"),
                s.flag("close-on-death"),
                s.count("max-connection-attempts"),
                s.count("max-timed-out-connection-attempts"),
                s.count("retry-budget"),
                s.time("max-connect-time"),
                s.time("max-reply-time"),
                s.count("max-connections-per-node"),
                s.count("max-transactions-per-node"),
                s.count("max-queue-size"),
                s.time("queue-timeout"),
                s.flag("keepalive"),
                s.flag("keepalive-non-idempotent"),
                s.count("max-idle-connections-per-node"),
                s.time("idle-timeout"),
                s.time("slow-start"),
                s.choice("node-delete", NodeDelete.class),
                s.time("drain-to-delete-timeout"),
                s.count("min-nodes"),
                s.choice("proxy-protocol", ProxyProtocol.class),
                s.choice("node-names", NodeNames.class),
                s.flag("nagle"),
                s.flag("close-with-reset"),
                tlsBinder.nodes(s),
                s.choice("http2", NodeHttp2.class),
                s.textOrNull("bandwidth"),
                outliers(s.section("outliers")),
                ClassBinder.admission(s.section("admission")),
                breaker(s.section("breaker")),
                s.textOrNull("note"));
    }

    private static BreakerConfig breaker(Section s) {
        return new BreakerConfig(
                s.flag("enabled"),
                s.time("interval"),
                s.count("min-requests"),
                s.count("max-error-rate"),
                s.time("open-time"),
                s.time("max-open-time"),
                s.count("probes"));
    }

    private static OutlierConfig outliers(Section s) {
        return new OutlierConfig(
                s.flag("enabled"),
                s.time("interval"),
                s.count("min-requests"),
                s.count("max-error-rate"),
                s.count("latency-factor"),
                s.time("min-latency"),
                s.count("max-ejected"),
                s.time("ejection-time"),
                s.time("max-ejection-time"));
    }

    private List<NodeConfig> nodes(String pool, Section s, @Nullable Node nodes, String path) {
        List<NodeConfig> bound = new ArrayList<>();
        if (!(nodes instanceof Sequence sequence)) {
            return bound;
        }
        if (sequence.items().isEmpty()) {
            problems.warning(
                    nodes.place(),
                    path,
                    ProblemCode.EMPTY_POOL,
                    path + ": the pool '" + pool + "' has no nodes, so it serves nothing");
        }
        Map<NodeAddress, Place> seen = new HashMap<>();
        for (int i = 0; i < sequence.items().size(); i++) {
            Node item = sequence.items().get(i);
            NodeConfig node = node(item, s, path + "[" + i + "]");
            if (node == null) {
                continue;
            }
            Place first = seen.putIfAbsent(node.address(), item.place());
            if (first == null) {
                bound.add(node);
            } else {
                problems.error(
                        item.place(),
                        path + "[" + i + "]",
                        ProblemCode.NODE_TWICE,
                        path
                                + "["
                                + i
                                + "]: the node "
                                + node.address()
                                + " stands in this pool already, in "
                                + first.brief());
            }
        }
        return bound;
    }

    private @Nullable NodeConfig node(Node item, Section pool, String path) {
        if (problems.isFaulty(item)) {
            return null;
        }
        if (item instanceof Mapping mapping) {
            Section s = new Section(path, item.place(), mapping, nodeShape(pool), problems);
            Node address = s.node("address");
            return address == null
                    ? null
                    : new NodeConfig(
                            address((Scalar) address),
                            s.choice("state", State.class),
                            s.count("weight"),
                            s.count("priority"));
        }
        Section defaults = new Section(path, item.place(), null, nodeShape(pool), problems);
        return new NodeConfig(
                address((Scalar) item),
                State.ACTIVE,
                defaults.count("weight"),
                defaults.count("priority"));
    }

    private static Shape nodeShape(Section pool) {
        Shape items = pool.shapeOf("nodes").items();
        if (items != null) {
            for (Shape alternative : items.alternatives()) {
                if (alternative.type().equals("object")) {
                    return alternative;
                }
            }
        }
        throw new IllegalStateException("nodes have no mapping form");
    }

    private static NodeAddress address(Scalar scalar) {
        try {
            return Addresses.node(scalar.text(), 0);
        } catch (Malformed e) {
            throw new IllegalStateException("the structure was not checked", e);
        }
    }

    private static HashKey hash(Section s) {
        try {
            return Kind.hashKey(s.text("hash"));
        } catch (Malformed e) {
            throw new IllegalStateException("the structure was not checked", e);
        }
    }
}
