package io.weir.soap.operations;

import io.weir.config.NodeAddress;
import io.weir.config.NodeConfig;
import io.weir.config.NodeConfig.State;
import io.weir.config.Overlay;
import io.weir.config.OverlayEntry;
import io.weir.config.PoolConfig;
import io.weir.control.NodeAddresses;
import io.weir.control.NodeCommand;
import io.weir.soap.call.Call;
import io.weir.soap.call.Handlers;
import io.weir.soap.call.SoapProblem;
import io.weir.soap.table.StructValue;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which nodes a pool has: changes of the desired configuration. */
final class NodeLists {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String SECTION = "pools";
    private static final String KEY = "nodes";

    private NodeLists() {}

    static void register(Handlers handlers) {
        handlers.on("Pool.addNodes", NodeLists::add);
        handlers.on("Pool.setNodes", NodeLists::set);
        handlers.on("Pool.removeNodes", NodeLists::remove);
        handlers.on("Pool.setNodesPriorityValue", NodeLists::setPriorities);
    }

    private static @Nullable Object add(Call call) throws SoapProblem {
        List<String> names = call.texts(0);
        for (int i = 0; i < names.size(); i++) {
            PoolConfig pool = PoolCalls.pool(call, names.get(i));
            ArrayNode nodes = written(call, pool);
            int before = nodes.size();
            for (String text : call.lists(1).get(i)) {
                NodeAddress address = PoolCalls.node(pool.name(), text);
                if (find(nodes, address) == null) {
                    nodes.add(address.toString());
                    forget(call, pool, address);
                }
            }
            if (nodes.size() > before) {
                call.draft().set(SECTION, pool.name(), KEY, nodes);
            }
        }
        return null;
    }

    private static @Nullable Object remove(Call call) throws SoapProblem {
        List<String> names = call.texts(0);
        for (int i = 0; i < names.size(); i++) {
            PoolConfig pool = PoolCalls.pool(call, names.get(i));
            ArrayNode nodes = written(call, pool);
            for (String text : call.lists(1).get(i)) {
                NodeAddress address = NodeCalls.member(pool, text).address();
                JsonNode there = find(nodes, address);
                if (there != null) {
                    nodes.removeIf(each -> each.equals(there));
                }
                forget(call, pool, address);
            }
            call.draft().set(SECTION, pool.name(), KEY, nodes);
        }
        return null;
    }

    /** Exactly these nodes; disabled ones become active, draining ones go on draining. */
    private static @Nullable Object set(Call call) throws SoapProblem {
        Overlay overlay = call.services().control().overlay();
        List<String> names = call.texts(0);
        for (int i = 0; i < names.size(); i++) {
            PoolConfig pool = PoolCalls.pool(call, names.get(i));
            ArrayNode before = written(call, pool);
            ArrayNode after = JSON.arrayNode();
            Set<NodeAddress> wanted = new LinkedHashSet<>();
            for (String text : call.lists(1).get(i)) {
                wanted.add(PoolCalls.node(pool.name(), text));
            }
            for (NodeAddress address : wanted) {
                JsonNode there = find(before, address);
                after.add(there == null ? JSON.stringNode(address.toString()) : active(there));
                NodeConfig node = PoolCalls.find(pool, address);
                if (node == null) {
                    forget(call, pool, address);
                } else if (overlay.stateOf(pool.name(), node) == State.DISABLED
                        && node.state() != State.DISABLED) {
                    command(call, pool, address, new NodeCommand.Enable(false));
                }
            }
            for (NodeConfig node : pool.nodes()) {
                if (!wanted.contains(node.address())) {
                    forget(call, pool, node.address());
                }
            }
            call.draft().set(SECTION, pool.name(), KEY, after);
        }
        return null;
    }

    private static JsonNode active(JsonNode entry) {
        if (entry instanceof ObjectNode object
                && object.path("state").asString("").equals("disabled")) {
            object.remove("state");
        }
        return entry;
    }

    private static @Nullable Object setPriorities(Call call) throws SoapProblem {
        List<String> names = call.texts(0);
        for (int i = 0; i < names.size(); i++) {
            PoolConfig pool = PoolCalls.pool(call, names.get(i));
            ArrayNode nodes = written(call, pool);
            for (StructValue value : call.structLists(1).get(i)) {
                NodeAddress address = NodeCalls.member(pool, value.text("node")).address();
                for (int n = 0; n < nodes.size(); n++) {
                    if (address.equals(address(nodes.get(n)))) {
                        nodes.set(n, withPriority(nodes.get(n), value.number("priority")));
                    }
                }
            }
            call.draft().set(SECTION, pool.name(), KEY, nodes);
        }
        return null;
    }

    private static ObjectNode withPriority(JsonNode entry, long priority) {
        ObjectNode object;
        if (entry instanceof ObjectNode there) {
            object = there;
        } else {
            object = JSON.objectNode();
            object.set("address", entry);
        }
        object.put("priority", priority);
        return object;
    }

    /** The list of nodes as it is written, for the caller to change. */
    private static ArrayNode written(Call call, PoolConfig pool) {
        JsonNode nodes = call.draft().at(List.of(SECTION, pool.name(), KEY));
        if (!nodes.isArray()) {
            nodes = call.draft().at(List.of("virtual-servers", pool.name(), "pool"));
        }
        if (nodes instanceof ArrayNode array) {
            return array.deepCopy();
        }
        ArrayNode array = JSON.arrayNode();
        pool.nodes().forEach(node -> array.add(node.address().toString()));
        return array;
    }

    private static @Nullable JsonNode find(ArrayNode nodes, NodeAddress address) {
        for (JsonNode node : nodes) {
            if (address.equals(address(node))) {
                return node;
            }
        }
        return null;
    }

    private static @Nullable NodeAddress address(JsonNode entry) {
        JsonNode address = entry.isObject() ? entry.path("address") : entry;
        return NodeAddresses.parse(address.asString(""));
    }

    /** Takes back decisions about a node that comes or goes, so that none waits for its return. */
    private static void forget(Call call, PoolConfig pool, NodeAddress address) {
        for (OverlayEntry entry : call.services().control().overlay().entries()) {
            if (entry.node().equals(address) && pool.name().equals(entry.pool())) {
                command(
                        call,
                        pool,
                        address,
                        entry.state() == null
                                ? new NodeCommand.Weight(null)
                                : new NodeCommand.Forget());
            }
        }
    }

    private static void command(
            Call call, PoolConfig pool, NodeAddress address, NodeCommand.Action action) {
        call.draft().command(NodeCommand.of(address, action).inPool(pool.name()));
    }
}
