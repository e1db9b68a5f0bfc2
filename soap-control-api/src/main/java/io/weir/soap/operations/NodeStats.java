package io.weir.soap.operations;

import io.weir.config.NodeAddress;
import io.weir.control.ControlStatus;
import io.weir.control.NodeAddresses;
import io.weir.control.RefusedException;
import io.weir.control.SafetyQuestion;
import io.weir.metrics.RecentLatency.Percentiles;
import io.weir.runtime.DataPlane;
import io.weir.runtime.NodeUse;
import io.weir.soap.call.Call;
import io.weir.soap.call.Effective;
import io.weir.soap.call.Handlers;
import io.weir.soap.call.SoapProblem;
import io.weir.soap.table.StructValue;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What is observed of nodes: what the table maps to {@code node} (over all pools) or {@code
 * pool-node}, and the two figures by which a utility manager knows that a drained node is idle.
 */
final class NodeStats {

    private NodeStats() {}

    static void register(Handlers handlers) {
        handlers.general(
                (api, operation, backing) ->
                        call -> figures(call, views -> sum(views, backing.word(0))),
                "node",
                "pool-node");
        handlers.on("Pool.getNodesConnectionCounts", NodeStats::connections);
        handlers.on("Pool.getNodesLastUsed", NodeStats::lastUsed);
        String s = "System.Stats.";
        handlers.on(s + "getNodes", NodeStats::nodes);
        handlers.on(s + "getNodeNumber", call -> (long) addresses(call).size());
        handlers.on(s + "getNodeState", call -> figures(call, views -> state(views, false)));
        handlers.on(s + "getPerPoolNodes", NodeStats::poolNodes);
        handlers.on(
                s + "getPerPoolNodeNumber",
                call ->
                        StatsCalls.plane(call).pools().stream()
                                .mapToLong(pool -> pool.nodes().size())
                                .sum());
        handlers.on(s + "getPerPoolNodeState", call -> figures(call, views -> state(views, true)));
        for (String node : List.of("getNode", "getPerPoolNode")) {
            handlers.on(s + node + "PooledConn", call -> figures(call, NodeStats::reused));
            handlers.on(s + node + "ResponseMin", call -> figures(call, NodeStats::least));
            handlers.on(s + node + "ResponseMean", call -> figures(call, NodeStats::mean));
            handlers.on(s + node + "ResponseMax", call -> figures(call, NodeStats::most));
        }
    }

    /**
     * The requests, tunnels and sessions that are on the node, over all pools and those that were.
     */
    private static Object connections(Call call) throws SoapProblem {
        List<Long> all = new ArrayList<>();
        for (String node : call.texts(0)) {
            all.add((long) use(call, node).busy());
        }
        return all;
    }

    /** Seconds since a request was on the node; for one that never had any, since the start. */
    private static Object lastUsed(Call call) throws SoapProblem {
        ControlStatus status = call.services().control().status();
        long up = Duration.between(status.started(), status.now()).toSeconds();
        List<Long> all = new ArrayList<>();
        for (String node : call.texts(0)) {
            long last = use(call, node).lastUsedSeconds();
            all.add(last < 0 ? up : Math.min(last, up));
        }
        return all;
    }

    /** What {@code weir safe} goes by: what runs on a node is on it whatever became of its pool. */
    private static NodeUse use(Call call, String written) throws SoapProblem {
        NodeAddress address = NodeAddresses.parse(written.strip());
        if (address == null) {
            throw unknown(null, written);
        }
        try {
            SafetyQuestion question = new SafetyQuestion(address);
            return call.services().control().safety(question, call.peer().author()).use();
        } catch (RefusedException e) {
            throw unknown(null, written);
        }
    }

    /** The node in one pool, or in every pool; never empty. */
    private static List<DataPlane.NodeView> views(Call call, @Nullable String pool, String written)
            throws SoapProblem {
        NodeAddress address = NodeAddresses.parse(written.strip());
        List<DataPlane.NodeView> views = new ArrayList<>();
        for (DataPlane.PoolStatus status : StatsCalls.plane(call).pools()) {
            if (pool == null || pool.equals(status.name())) {
                for (DataPlane.NodeView view : status.nodes()) {
                    if (view.node().equals(written)
                            || address != null
                                    && address.equals(NodeAddresses.parse(view.node()))) {
                        views.add(view);
                    }
                }
            }
        }
        if (views.isEmpty()) {
            throw unknown(pool, written);
        }
        return views;
    }

    private static SoapProblem unknown(@Nullable String pool, String written) {
        return SoapProblem.invalid(
                "the node '"
                        + written
                        + "' could not be found in "
                        + (pool == null ? "any pool" : "the pool '" + pool + "'"),
                pool == null ? written : pool,
                "nodes",
                written);
    }

    private static Object figures(Call call, Function<List<DataPlane.NodeView>, Object> figure)
            throws SoapProblem {
        List<Object> all = new ArrayList<>();
        for (StructValue node : call.structs(0)) {
            boolean inPool = node.get("PoolName") != null;
            String host = node.text(inPool ? "NodeAddress" : "Address");
            long port = node.number(inPool ? "NodePort" : "Port");
            String pool = inPool ? node.text("PoolName") : null;
            all.add(figure.apply(views(call, pool, written(host, port))));
        }
        return all;
    }

    /** The node as configurations write it. */
    static String written(String host, long port) {
        String bare = host.replaceAll("[\\[\\]]", "");
        return (bare.contains(":") ? "[" + bare + "]" : bare) + ":" + port;
    }

    private static long sum(List<DataPlane.NodeView> views, String key) {
        return views.stream().mapToLong(view -> Values.number(Effective.at(view, key))).sum();
    }

    /** Requests that found a connection open. */
    private static Long reused(List<DataPlane.NodeView> views) {
        return Math.max(0, sum(views, "requests") - sum(views, "connections-opened"));
    }

    private static Long least(List<DataPlane.NodeView> views) {
        return Math.round(latencies(views).mapToDouble(Percentiles::least).min().orElse(0));
    }

    private static Long mean(List<DataPlane.NodeView> views) {
        double sum = latencies(views).mapToDouble(all -> all.count() * all.mean()).sum();
        return Math.round(sum / Math.max(1, latencies(views).mapToLong(Percentiles::count).sum()));
    }

    private static Long most(List<DataPlane.NodeView> views) {
        return Math.round(latencies(views).mapToDouble(Percentiles::most).max().orElse(0));
    }

    /** How long answers of the last minute took to begin; none where there were none. */
    private static Stream<Percentiles> latencies(List<DataPlane.NodeView> views) {
        return views.stream().map(DataPlane.NodeView::latency).filter(Objects::nonNull);
    }

    private static String state(List<DataPlane.NodeView> views, boolean draining) {
        DataPlane.NodeView first = views.getFirst();
        if (draining && first.state().equals("draining")) {
            return "draining";
        }
        if (views.stream().anyMatch(view -> view.health().equals("down"))) {
            return "dead";
        }
        return views.stream().allMatch(view -> view.state().equals("disabled"))
                ? "unknown"
                : "alive";
    }

    private static Set<String> addresses(Call call) {
        Set<String> addresses = new LinkedHashSet<>();
        StatsCalls.plane(call)
                .pools()
                .forEach(pool -> pool.nodes().forEach(node -> addresses.add(node.node())));
        return addresses;
    }

    private static Object nodes(Call call) {
        List<StructValue> all = new ArrayList<>();
        for (String node : addresses(call)) {
            all.add(StructValue.of(call.type("Node"), host(node), port(node)));
        }
        return all;
    }

    private static Object poolNodes(Call call) {
        List<StructValue> all = new ArrayList<>();
        for (DataPlane.PoolStatus pool : StatsCalls.plane(call).pools()) {
            for (DataPlane.NodeView node : pool.nodes()) {
                all.add(
                        StructValue.of(
                                call.type("PerPoolNode"),
                                pool.name(),
                                host(node.node()),
                                port(node.node())));
            }
        }
        return all;
    }

    static String host(String node) {
        String host = node.substring(0, node.lastIndexOf(':'));
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    static Long port(String node) {
        return Long.valueOf(node.substring(node.lastIndexOf(':') + 1));
    }
}
