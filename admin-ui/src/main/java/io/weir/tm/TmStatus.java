package io.weir.tm;

import io.weir.config.VirtualServerConfig;
import io.weir.control.Control;
import io.weir.control.ControlStatus;
import io.weir.control.Health;
import io.weir.launcher.process.Version;
import io.weir.metrics.MetricSource;
import io.weir.runtime.DataPlane;
import io.weir.runtime.DataPlane.NodeView;
import io.weir.runtime.DataPlane.PoolStatus;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What is observed, as the tree has it. Safe for every thread but an event loop. */
final class TmStatus {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Control control;
    private final MetricSource metrics;

    TmStatus(Control control, MetricSource metrics) {
        this.control = control;
        this.metrics = metrics;
    }

    /** What runs here. */
    ObjectNode information() {
        ObjectNode information = JSON.objectNode();
        information.put("tm_version", Version.text());
        information.put("platform", "Weir");
        return JSON.objectNode().set("information", information);
    }

    /** How everything is. */
    ObjectNode state() {
        ControlStatus status = control.status();
        ObjectNode state = JSON.objectNode();
        Health health = status.health();
        state.put("error_level", !health.ready() ? "fatal" : health.degraded() ? "error" : "ok");
        state.set("errors", TmValues.array(health.reasons()));
        Map<String, TreeSet<String>> failed = new LinkedHashMap<>();
        ArrayNode pools = JSON.arrayNode();
        for (PoolStatus pool : status.plane().pools()) {
            for (NodeView node : pool.nodes()) {
                if (node.health().equals("down") && !node.state().equals("disabled")) {
                    failed.computeIfAbsent(node.node(), key -> new TreeSet<>()).add(pool.name());
                }
            }
            ObjectNode entry = pools.addObject();
            entry.put("name", pool.name());
            entry.put("active_nodes", count(pool, "active"));
            entry.put("disabled_nodes", count(pool, "disabled"));
            entry.put("draining_nodes", count(pool, "draining"));
            entry.put("failure_pool", pool.failurePool() == null ? "" : pool.failurePool());
        }
        ArrayNode nodes = state.putArray("failed_nodes");
        failed.forEach(
                (node, its) -> {
                    ObjectNode entry = nodes.addObject();
                    entry.put("node", node);
                    entry.set("pools", TmValues.array(its));
                });
        state.put("license", "valid");
        state.set("pools", pools);
        state.putArray("tip_errors");
        ArrayNode servers = state.putArray("virtual_servers");
        for (DataPlane.VirtualServerStatus server : status.plane().virtualServers()) {
            ObjectNode entry = servers.addObject();
            entry.put("name", server.name());
            entry.put("pool", server.pool());
            entry.put("port", port(server.name()));
        }
        return JSON.objectNode().set("state", state);
    }

    private int port(String server) {
        VirtualServerConfig config = control.config().virtualServers().get(server);
        return config == null || config.listen().isEmpty() ? 0 : config.listen().getFirst().port();
    }

    private static long count(PoolStatus pool, String state) {
        return pool.nodes().stream().filter(node -> node.state().equals(state)).count();
    }

    /**
     * The figures that there are of a kind.
     *
     * @param kind such as {@code pools} or {@code nodes/node}
     */
    List<String> names(String kind) {
        DataPlane.Status plane = control.status().plane();
        List<String> names = new ArrayList<>();
        switch (kind) {
            case "pools" -> plane.pools().forEach(pool -> names.add(pool.name()));
            case "virtual_servers" ->
                    plane.virtualServers().forEach(server -> names.add(server.name()));
            case "nodes/node" -> {
                TreeSet<String> nodes = new TreeSet<>();
                plane.pools().forEach(pool -> pool.nodes().forEach(n -> nodes.add(n.node())));
                names.addAll(nodes);
            }
            case "nodes/per_pool_node" ->
                    plane.pools()
                            .forEach(
                                    pool ->
                                            pool.nodes()
                                                    .forEach(
                                                            n ->
                                                                    names.add(
                                                                            pool.name()
                                                                                    + "-"
                                                                                    + n.node())));
            default -> {}
        }
        return names;
    }

    /** Figures of the whole process. */
    ObjectNode globals() {
        TmFigures figures = TmFigures.read(metrics);
        ControlStatus status = control.status();
        ObjectNode out = JSON.objectNode();
        out.put("up_time", Duration.between(status.started(), status.now()).toMillis() / 10);
        out.put("total_conn", figures.of("weir_virtual_server_connections_accepted_total"));
        out.put("total_current_conn", figures.of("weir_virtual_server_connections"));
        out.put("total_requests", figures.of("weir_virtual_server_requests_total"));
        out.put("total_transactions", figures.of("weir_virtual_server_requests_total"));
        bytes(out, "total_bytes_in", received(figures));
        bytes(out, "total_bytes_out", sent(figures));
        out.put("num_idle_connections", figures.of("weir_node_idle_connections"));
        out.put("ssl_connections", figures.of("weir_virtual_server_tls_handshakes_total"));
        out.put("events_seen", figures.of("weir_events_total"));
        return statistics(out);
    }

    /** Figures of the cache. */
    ObjectNode webCache() {
        TmFigures figures = TmFigures.read(metrics);
        ObjectNode out = JSON.objectNode();
        bytes(out, "hits", figures.of("weir_cache_requests_total", "outcome=hit"));
        bytes(out, "misses", figures.of("weir_cache_requests_total", "outcome=miss"));
        bytes(out, "lookups", figures.of("weir_cache_requests_total"));
        out.put("entries", figures.of("weir_cache_responses"));
        out.put("mem_used", figures.of("weir_cache_memory_bytes") / 1024);
        out.put("mem_maximum", figures.of("weir_cache_size_bytes") / 1024);
        return statistics(out);
    }

    /** Figures of a virtual server. */
    ObjectNode server(String name) throws TmProblem {
        for (DataPlane.VirtualServerStatus server : control.status().plane().virtualServers()) {
            if (server.name().equals(name)) {
                TmFigures figures = TmFigures.read(metrics);
                String label = "virtual_server=" + name;
                ObjectNode out = JSON.objectNode();
                out.put("port", port(name));
                bytes(out, "bytes_in", received(figures, label));
                bytes(out, "bytes_out", sent(figures, label));
                out.put("current_conn", server.connections());
                out.put(
                        "total_conn",
                        figures.of("weir_virtual_server_connections_accepted_total", label));
                out.put("total_requests", server.requests());
                out.put("total_http_requests", server.requests());
                out.put("connection_errors", server.errors());
                out.put(
                        "http_cache_hits",
                        figures.of("weir_cache_requests_total", label, "outcome=hit"));
                out.put("http_cache_lookups", figures.of("weir_cache_requests_total", label));
                return statistics(out);
            }
        }
        throw TmProblem.missing("There is no virtual server " + name);
    }

    private static long received(TmFigures figures, String... labels) {
        return figures.of("weir_virtual_server_received_bytes_total", client(labels));
    }

    private static long sent(TmFigures figures, String... labels) {
        return figures.of("weir_virtual_server_sent_bytes_total", client(labels));
    }

    private static String[] client(String... labels) {
        List<String> all = new ArrayList<>(List.of(labels));
        all.add("side=client");
        return all.toArray(String[]::new);
    }

    /** Figures of a pool. */
    ObjectNode pool(String name) throws TmProblem {
        for (PoolStatus pool : control.status().plane().pools()) {
            if (pool.name().equals(name)) {
                ObjectNode out = JSON.objectNode();
                out.put("algorithm", pool.algorithm().replace('-', '_'));
                out.put("nodes", pool.nodes().size());
                out.put("draining", count(pool, "draining"));
                out.put("disabled", count(pool, "disabled"));
                out.put("conns_queued", pool.queued());
                out.put("state", state(pool));
                out.put("total_conn", pool.nodes().stream().mapToLong(NodeView::requests).sum());
                return statistics(out);
            }
        }
        throw TmProblem.missing("There is no pool " + name);
    }

    private static String state(PoolStatus pool) {
        long idle = count(pool, "draining") + count(pool, "disabled");
        if (pool.nodes().isEmpty()) {
            return "unused";
        }
        if (count(pool, "disabled") == pool.nodes().size()) {
            return "disabled";
        }
        return idle == pool.nodes().size() ? "draining" : "active";
    }

    /** Figures of a node, over all pools. */
    ObjectNode node(String name) throws TmProblem {
        List<NodeView> views = new ArrayList<>();
        for (PoolStatus pool : control.status().plane().pools()) {
            pool.nodes().stream().filter(node -> node.node().equals(name)).forEach(views::add);
        }
        return figures(name, views, false);
    }

    /** Figures of a node in one pool, called {@code pool-host:port}. */
    ObjectNode poolNode(String name) throws TmProblem {
        for (PoolStatus pool : control.status().plane().pools()) {
            for (NodeView node : pool.nodes()) {
                if (name.equals(pool.name() + "-" + node.node())) {
                    return figures(name, List.of(node), true);
                }
            }
        }
        throw TmProblem.missing("There is no node " + name);
    }

    private static ObjectNode figures(String name, List<NodeView> views, boolean inPool)
            throws TmProblem {
        if (views.isEmpty()) {
            throw TmProblem.missing("There is no node " + name);
        }
        ObjectNode out = JSON.objectNode();
        out.put("current_conn", views.stream().mapToLong(NodeView::connections).sum());
        out.put("current_requests", views.stream().mapToLong(NodeView::inFlight).sum());
        out.put("idle_conns", views.stream().mapToLong(NodeView::idleConnections).sum());
        out.put("total_conn", views.stream().mapToLong(NodeView::requests).sum());
        out.put("errors", views.stream().mapToLong(NodeView::failures).sum());
        out.put("failures", views.stream().mapToLong(NodeView::failures).sum());
        boolean dead = views.stream().anyMatch(view -> view.health().equals("down"));
        boolean off = views.stream().allMatch(view -> view.state().equals("disabled"));
        boolean draining = inPool && views.getFirst().state().equals("draining");
        out.put("state", draining ? "draining" : off ? "unknown" : dead ? "dead" : "alive");
        return statistics(out);
    }

    /** A count of bytes, whole and in two halves as clients of old read it. */
    private static void bytes(ObjectNode out, String name, long value) {
        out.put(name, value);
        out.put(name + "_hi", value >>> 32);
        out.put(name + "_lo", value & 0xffff_ffffL);
    }

    private static ObjectNode statistics(ObjectNode figures) {
        return JSON.objectNode().set("statistics", figures);
    }
}
