package io.weir.soap.operations;

import io.weir.config.NodeAddress;
import io.weir.config.NodeConfig;
import io.weir.config.PoolConfig;
import io.weir.control.NodeAddresses;
import io.weir.soap.call.Call;
import io.weir.soap.call.Handlers;
import io.weir.soap.call.SoapProblem;
import io.weir.soap.table.Api;
import io.weir.soap.table.Tables;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Pools themselves, and their priority lists; nodes are in {@link NodeCalls}. */
final class PoolCalls {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String SECTION = "pools";

    private final Api api;

    private PoolCalls(Api api) {
        this.api = api;
    }

    static void register(Handlers handlers, Tables tables) {
        PoolCalls calls = new PoolCalls(tables.newest("Pool"));
        handlers.on("Pool.addPool", calls::add);
        handlers.on("Pool.getPriorityEnabled", calls::priorityEnabled);
        handlers.on("Pool.setPriorityEnabled", calls::enablePriorities);
        handlers.on("Pool.getPriorityNodes", calls::priorityNodes);
        handlers.on("Pool.setPriorityNodes", calls::setPriorityNodes);
    }

    /** The pool in force. */
    static PoolConfig pool(Call call, String name) throws SoapProblem {
        return (PoolConfig) call.draft().object(SECTION, "pool", name);
    }

    /** A node out of what a client wrote. */
    static NodeAddress node(String pool, String written) throws SoapProblem {
        NodeAddress address = NodeAddresses.parse(written.strip());
        if (address == null) {
            throw SoapProblem.invalid(
                    "'" + written + "' is no node, expected host:port or [address]:port",
                    pool,
                    "nodes",
                    written);
        }
        return address;
    }

    private @Nullable Object add(Call call) throws SoapProblem {
        List<String> names = call.texts(0);
        for (int i = 0; i < names.size(); i++) {
            CatalogCalls.fresh(call.draft(), api, names.get(i));
            ObjectNode pool = JSON.objectNode();
            ArrayNode nodes = pool.putArray("nodes");
            Set<String> distinct = new LinkedHashSet<>();
            for (String node : call.lists(1).get(i)) {
                distinct.add(node(names.get(i), node).toString());
            }
            distinct.forEach(nodes::add);
            call.draft().create(SECTION, names.get(i), pool);
        }
        return null;
    }

    private Object priorityEnabled(Call call) throws SoapProblem {
        List<Boolean> values = new ArrayList<>();
        for (String name : call.texts(0)) {
            values.add(pool(call, name).priorityNodes() > 0);
        }
        return values;
    }

    private Object priorityNodes(Call call) throws SoapProblem {
        List<Long> values = new ArrayList<>();
        for (String name : call.texts(0)) {
            values.add((long) Math.max(1, pool(call, name).priorityNodes()));
        }
        return values;
    }

    private @Nullable Object enablePriorities(Call call) throws SoapProblem {
        List<String> names = call.texts(0);
        List<?> values = (List<?>) call.arguments().get(1);
        for (int i = 0; i < names.size(); i++) {
            PoolConfig pool = pool(call, names.get(i));
            boolean on = Boolean.TRUE.equals(values.get(i));
            int nodes = on ? Math.max(1, pool.priorityNodes()) : 0;
            call.draft().set(SECTION, names.get(i), "priority-nodes", JSON.numberNode(nodes));
        }
        return null;
    }

    private @Nullable Object setPriorityNodes(Call call) throws SoapProblem {
        List<String> names = call.texts(0);
        List<?> values = (List<?>) call.arguments().get(1);
        for (int i = 0; i < names.size(); i++) {
            PoolConfig pool = pool(call, names.get(i));
            long nodes = (Long) values.get(i);
            if (nodes < 1) {
                throw SoapProblem.invalid(
                        "the number of priority nodes is " + nodes + ", expected 1 or more",
                        pool.name(),
                        "priority-nodes",
                        Long.toString(nodes));
            }
            if (pool.priorityNodes() > 0) {
                call.draft().set(SECTION, pool.name(), "priority-nodes", JSON.numberNode(nodes));
            } else if (nodes > 1) {
                // Weir has one key for both, so there is no place for a number that does not count.
                throw SoapProblem.invalid(
                        "priorities are off; set PriorityEnabled before PriorityNodes",
                        pool.name(),
                        "priority-nodes",
                        Long.toString(nodes));
            }
        }
        return null;
    }

    /** The configured node with this address; null when the pool has none. */
    static @Nullable NodeConfig find(PoolConfig pool, NodeAddress address) {
        for (NodeConfig node : pool.nodes()) {
            if (node.address().equals(address)) {
                return node;
            }
        }
        return null;
    }
}
