package io.weir.control;

import io.weir.config.ResourceFile;
import io.weir.config.RuleConfig;
import io.weir.config.VirtualServerConfig;
import io.weir.config.WeirConfig;
import io.weir.control.store.Json;
import io.weir.explain.RequestQuestion;
import io.weir.rule.RuleTrial;
import io.weir.rule.RulesRefusedException;
import io.weir.runtime.DataPlane;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rules of one virtual server, tried one after the other on a request that is only described:
 * what one of them changes, the next one sees. Confined to one thread.
 */
final class RuleTrials {

    /** Nodes described to rules; where there are more, rules see pools with a node of no name. */
    private static final int MOST_NODES = 64;

    /** A port that clients have. */
    private static final int PORT = 50_000;

    private final Map<String, @Nullable Object> exchange = new LinkedHashMap<>();
    private String pool;
    private boolean stopped;

    /**
     * What a rule did.
     *
     * @param decision as {@link RuleTrial} says it
     * @param detail null when there is nothing more to say
     */
    record Result(String decision, @Nullable String detail) {}

    RuleTrials(
            RequestQuestion question,
            VirtualServerConfig server,
            WeirConfig config,
            DataPlane.@Nullable Status observed) {
        this.pool = server.pool();
        Map<String, @Nullable Object> headers = new LinkedHashMap<>();
        headers.put("Host", question.host());
        question.headers().forEach((name, values) -> headers.putIfAbsent(name, values));
        exchange.put("method", question.method());
        exchange.put("url", question.target());
        exchange.put("headers", headers);
        exchange.put("secure", question.secure());
        exchange.put("virtualServer", server.name());
        InetAddress client = question.client();
        if (client != null) {
            String address = client.getHostAddress();
            exchange.put(
                    "client",
                    (address.indexOf(':') < 0 ? address : "[" + address + "]") + ":" + PORT);
        }
        Map<String, @Nullable Object> pools = pools(config, observed);
        if (pools != null) {
            exchange.put("pools", pools);
        }
        Map<String, @Nullable Object> resources = new LinkedHashMap<>();
        for (ResourceFile each : config.resources().values()) {
            resources.put(each.name(), each.content());
        }
        exchange.put("resources", resources);
    }

    /** Every pool by name with its nodes and what is wrong with them; null when these are many. */
    private static @Nullable Map<String, @Nullable Object> pools(
            WeirConfig config, DataPlane.@Nullable Status observed) {
        Map<String, @Nullable Object> pools = new LinkedHashMap<>();
        int count = 0;
        for (String name : config.pools().keySet()) {
            List<String> nodes = new ArrayList<>();
            List<String> failed = new ArrayList<>();
            List<String> draining = new ArrayList<>();
            List<String> disabled = new ArrayList<>();
            config.pools().get(name).nodes().forEach(n -> nodes.add(n.address().toString()));
            if (observed != null) {
                for (DataPlane.PoolStatus each : observed.pools()) {
                    if (each.name().equals(name)) {
                        for (DataPlane.NodeView node : each.nodes()) {
                            if (node.health().equals("down")) {
                                failed.add(node.node());
                            }
                            if (node.state().equals("draining")) {
                                draining.add(node.node());
                            }
                            if (node.state().equals("disabled")) {
                                disabled.add(node.node());
                            }
                        }
                    }
                }
            }
            count += nodes.size();
            if (count > MOST_NODES || nodes.stream().anyMatch(node -> node.startsWith("["))) {
                return null;
            }
            failed.retainAll(nodes);
            pools.put(
                    name,
                    Json.object(
                            "nodes", nodes,
                            "failed", failed,
                            "draining", draining,
                            "disabled", disabled));
        }
        return pools;
    }

    /** The pool that the rules so far have chosen. */
    String pool() {
        return pool;
    }

    /** Whether a rule has said that no further one is to run. */
    boolean stopped() {
        return stopped;
    }

    /**
     * Tries the next rule.
     *
     * @throws RulesRefusedException when it is no sound program
     * @throws IllegalArgumentException when the request is none that a rule could see
     */
    Result run(RuleConfig rule, RuleTrial trial) throws RulesRefusedException {
        exchange.put("pool", pool);
        Map<String, @Nullable Object> result =
                Json.readObject(trial.run(rule, Json.write(exchange)));
        String before = pool;
        pool = text(result, "pool", pool);
        if (result.get("request") instanceof Map<?, ?> request) {
            for (String part : List.of("method", "url", "headers")) {
                Object value = request.get(part);
                if (value != null) {
                    exchange.put(part, value);
                }
            }
        }
        String decision = text(result, "decision", "unknown");
        stopped = decision.equals("stop");
        List<String> details = new ArrayList<>();
        if (!before.equals(pool)) {
            details.add("chooses pool " + pool);
        }
        if (result.get("answer") instanceof Map<?, ?> answer && answer.get("status") != null) {
            details.add("status " + answer.get("status"));
        }
        if (result.get("error") != null) {
            details.add(text(result, "error", ""));
        }
        return new Result(decision, details.isEmpty() ? null : String.join("; ", details));
    }

    private static String text(Map<String, @Nullable Object> map, String name, String otherwise) {
        return map.get(name) instanceof String text ? text : otherwise;
    }
}
