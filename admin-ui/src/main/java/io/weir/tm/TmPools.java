package io.weir.tm;

import io.weir.config.NodeAddress;
import io.weir.config.NodeConfig;
import io.weir.config.NodeConfig.State;
import io.weir.config.Overlay;
import io.weir.config.PoolConfig;
import io.weir.control.Control;
import io.weir.control.NodeAddresses;
import io.weir.control.NodeCommand;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Pools: their nodes, priorities and note. Which nodes a pool has, and their priorities, are in the
 * configuration; what state and weight they have is an operational decision, as over every other
 * interface, so that nodes can be drained whoever owns the configuration. A note is kept as the
 * reason of the decisions that come with it.
 */
final class TmPools implements TmOwn {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int MAX_REASON = 500;

    private final Control control;

    TmPools(Control control) {
        this.control = control;
    }

    @Override
    public JsonNode read(TmKey key, String name, ObjectNode object) {
        long priorities = object.path("priority-nodes").asLong(0);
        return switch (key.name()) {
            case "nodes_table" -> table(name);
            case "priority_enabled" -> JSON.booleanNode(priorities > 0);
            case "priority_nodes" -> TmValues.number(Math.max(1, priorities));
            default -> JSON.stringNode("");
        };
    }

    private ArrayNode table(String name) {
        ArrayNode table = JSON.arrayNode();
        PoolConfig pool = control.config().pools().get(name);
        Overlay overlay = control.overlay();
        for (NodeConfig node : pool == null ? List.<NodeConfig>of() : pool.nodes()) {
            ObjectNode row = table.addObject();
            row.put("node", node.address().toString());
            row.put("priority", node.priority());
            row.put("state", overlay.stateOf(name, node).name().toLowerCase(Locale.ROOT));
            row.put("weight", overlay.weightOf(name, node));
            row.put("source_ip", "");
        }
        return table;
    }

    @Override
    public void write(TmDraft draft, Map<TmKey, JsonNode> values) throws TmProblem {
        String note = "";
        Boolean enabled = null;
        Long wanted = null;
        for (Map.Entry<TmKey, JsonNode> each : values.entrySet()) {
            TmKey key = each.getKey();
            switch (key.name()) {
                case "note" -> note = TmValues.string(key, each.getValue());
                case "priority_enabled" -> enabled = TmValues.flag(key, each.getValue());
                case "priority_nodes" -> wanted = TmValues.number(key, each.getValue());
                default -> {}
            }
        }
        priorities(draft, enabled, wanted);
        for (Map.Entry<TmKey, JsonNode> each : values.entrySet()) {
            if (each.getKey().name().equals("nodes_table")) {
                nodes(draft, rows(each.getKey(), each.getValue()), reason(note));
            }
        }
    }

    private static void priorities(
            TmDraft draft, @Nullable Boolean enabled, @Nullable Long wanted) {
        long present = draft.effective().path("priority-nodes").asLong(0);
        boolean on = enabled == null ? present > 0 : enabled;
        long next = !on ? 0 : wanted != null ? Math.max(1, wanted) : Math.max(1, present);
        if (next != present) {
            draft.set("priority-nodes", JSON.numberNode(next));
        }
    }

    private static String reason(String note) {
        String line = note.replaceAll("\\p{Cntrl}+", " ").strip();
        return line.length() > MAX_REASON ? line.substring(0, MAX_REASON) : line;
    }

    private static Map<NodeAddress, NodeConfig> rows(TmKey key, JsonNode table) throws TmProblem {
        if (!table.isArray()) {
            throw wrong(key, "the table is " + table + ", expected a list of rows");
        }
        Map<NodeAddress, NodeConfig> rows = new LinkedHashMap<>();
        for (JsonNode each : table) {
            NodeConfig row = row(key, each);
            if (rows.put(row.address(), row) != null) {
                throw wrong(key, "the node " + row.address() + " stands in two rows");
            }
        }
        return rows;
    }

    private static NodeConfig row(TmKey key, JsonNode row) throws TmProblem {
        String written = row.path("node").asString("");
        NodeAddress address = NodeAddresses.parse(written.strip());
        if (address == null) {
            throw wrong(key, "the node is '" + written + "', expected host:port");
        }
        State state =
                switch (row.path("state").asString("active")) {
                    case "active" -> State.ACTIVE;
                    case "draining" -> State.DRAINING;
                    case "disabled" -> State.DISABLED;
                    default ->
                            throw wrong(
                                    key,
                                    "the state of "
                                            + address
                                            + " is "
                                            + row.path("state")
                                            + ", expected active, draining or disabled");
                };
        int weight = row.path("weight").asInt(1);
        if (weight < 1 || weight > 100) {
            throw wrong(key, "the weight of " + address + " is " + weight + ", expected 1 to 100");
        }
        if (!row.path("source_ip").asString("").isEmpty()) {
            throw wrong(key, "Weir chooses no source address, but one is given for " + address);
        }
        return new NodeConfig(address, state, weight, row.path("priority").asInt(1));
    }

    private static TmProblem wrong(TmKey key, String text) {
        return TmProblem.invalid(key.section(), key.name(), "json.invalid_table", text);
    }

    private void nodes(TmDraft draft, Map<NodeAddress, NodeConfig> wanted, String reason) {
        PoolConfig pool = control.config().pools().get(draft.name());
        Map<NodeAddress, NodeConfig> present = new LinkedHashMap<>();
        if (pool != null) {
            pool.nodes().forEach(node -> present.put(node.address(), node));
        }
        boolean same = List.copyOf(present.keySet()).equals(List.copyOf(wanted.keySet()));
        for (NodeConfig node : wanted.values()) {
            NodeConfig there = present.get(node.address());
            same &= there != null && there.priority() == node.priority();
            decide(draft, there == null ? node : there, node, reason);
        }
        if (!same) {
            draft.set("nodes", written(draft, present, wanted));
        }
    }

    private void decide(TmDraft draft, NodeConfig there, NodeConfig wanted, String reason) {
        Overlay overlay = control.overlay();
        State now = overlay.stateOf(draft.name(), there);
        List<NodeCommand.Action> actions = new ArrayList<>();
        if (now != wanted.state()) {
            if (wanted.state() == State.DISABLED) {
                actions.add(new NodeCommand.Disable());
            } else if (wanted.state() == State.ACTIVE || now == State.DISABLED) {
                actions.add(new NodeCommand.Enable());
            }
            if (wanted.state() == State.DRAINING) {
                actions.add(new NodeCommand.Drain());
            }
        }
        if (overlay.weightOf(draft.name(), there) != wanted.weight()) {
            actions.add(new NodeCommand.Weight(wanted.weight()));
        }
        for (NodeCommand.Action action : actions) {
            draft.command(
                    new NodeCommand(draft.name(), wanted.address(), action, null, reason, null));
        }
    }

    /** The list of nodes in its new order; what is written about nodes that stay, stays. */
    private static ArrayNode written(
            TmDraft draft,
            Map<NodeAddress, NodeConfig> present,
            Map<NodeAddress, NodeConfig> wanted) {
        Map<NodeAddress, JsonNode> entries = new LinkedHashMap<>();
        for (JsonNode entry : draft.object().path("nodes")) {
            String text = (entry.isObject() ? entry.path("address") : entry).asString("");
            NodeAddress address = NodeAddresses.parse(text);
            if (address != null) {
                entries.put(address, entry);
            }
        }
        ArrayNode nodes = JSON.arrayNode();
        for (NodeConfig node : wanted.values()) {
            NodeConfig there = present.get(node.address());
            ObjectNode entry =
                    entries.get(node.address()) instanceof ObjectNode object
                            ? object.deepCopy()
                            : JSON.objectNode().put("address", node.address().toString());
            if (there == null) {
                entry.put("state", node.state().name().toLowerCase(Locale.ROOT));
                entry.put("weight", node.weight());
            }
            if (there == null || there.priority() != node.priority()) {
                entry.put("priority", node.priority());
            }
            nodes.add(entry);
        }
        return nodes;
    }
}
