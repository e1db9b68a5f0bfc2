package io.weir.soap.operations;

import io.weir.config.NodeAddress;
import io.weir.config.NodeConfig;
import io.weir.config.NodeConfig.State;
import io.weir.config.Overlay;
import io.weir.config.PoolConfig;
import io.weir.control.NodeCommand;
import io.weir.soap.call.Call;
import io.weir.soap.call.Handlers;
import io.weir.soap.call.SoapProblem;
import io.weir.soap.table.SoapType;
import io.weir.soap.table.StructValue;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What operators want of nodes: drained, disabled, weighed. All of it is an operational decision
 * and goes into the overlay, so it works whoever owns the configuration. Which nodes a pool has is
 * in {@link NodeLists}.
 */
final class NodeCalls {

    private NodeCalls() {}

    static void register(Handlers handlers) {
        handlers.on("Pool.getNodes", call -> nodes(call, s -> s != State.DISABLED));
        handlers.on("Pool.getDrainingNodes", call -> nodes(call, s -> s == State.DRAINING));
        handlers.on("Pool.getDisabledNodes", call -> nodes(call, s -> s == State.DISABLED));
        handlers.on("Pool.addDrainingNodes", call -> decide(call, new NodeCommand.Drain()));
        handlers.on("Pool.removeDrainingNodes", call -> decide(call, new NodeCommand.Undrain()));
        handlers.on("Pool.setDrainingNodes", NodeCalls::setDraining);
        handlers.on("Pool.disableNodes", call -> decide(call, new NodeCommand.Disable()));
        handlers.on("Pool.setDisabledNodes", call -> decide(call, new NodeCommand.Disable()));
        handlers.on("Pool.enableNodes", NodeCalls::enable);
        handlers.on("Pool.getWeightings", call -> weights(call, null));
        handlers.on("Pool.getNodesWeightings", call -> weights(call, call.lists(1)));
        handlers.on("Pool.setNodesWeightings", NodeCalls::setWeights);
        handlers.on("Pool.getPriorityValues", call -> priorities(call, null));
        handlers.on("Pool.getNodesPriorityValue", call -> priorities(call, call.lists(1)));
    }

    private static Object nodes(Call call, Predicate<State> wanted) throws SoapProblem {
        Overlay overlay = call.services().control().overlay();
        List<List<String>> all = new ArrayList<>();
        for (String name : call.texts(0)) {
            List<String> nodes = new ArrayList<>();
            for (NodeConfig node : PoolCalls.pool(call, name).nodes()) {
                if (wanted.test(overlay.stateOf(name, node))) {
                    nodes.add(node.address().toString());
                }
            }
            all.add(nodes);
        }
        return all;
    }

    private static @Nullable Object decide(Call call, NodeCommand.Action action)
            throws SoapProblem {
        List<String> names = call.texts(0);
        for (int i = 0; i < names.size(); i++) {
            PoolConfig pool = PoolCalls.pool(call, names.get(i));
            for (NodeAddress node : members(pool, call.lists(1).get(i))) {
                call.draft().command(NodeCommand.of(node, action).inPool(pool.name()));
            }
        }
        return null;
    }

    /** Ends what keeps nodes disabled; a drain for all pools, or a configured one, goes on. */
    private static @Nullable Object enable(Call call) throws SoapProblem {
        Overlay overlay = call.services().control().overlay();
        List<String> names = call.texts(0);
        for (int i = 0; i < names.size(); i++) {
            PoolConfig pool = PoolCalls.pool(call, names.get(i));
            for (NodeAddress address : members(pool, call.lists(1).get(i))) {
                NodeConfig node = PoolCalls.find(pool, address);
                if (node != null && overlay.stateOf(pool.name(), node) == State.DISABLED) {
                    call.draft()
                            .command(
                                    NodeCommand.of(address, new NodeCommand.Enable(false))
                                            .inPool(pool.name()));
                }
            }
        }
        return null;
    }

    private static @Nullable Object setDraining(Call call) throws SoapProblem {
        Overlay overlay = call.services().control().overlay();
        List<String> names = call.texts(0);
        for (int i = 0; i < names.size(); i++) {
            PoolConfig pool = PoolCalls.pool(call, names.get(i));
            Set<NodeAddress> wanted = members(pool, call.lists(1).get(i));
            for (NodeConfig node : pool.nodes()) {
                boolean drains = overlay.stateOf(pool.name(), node) == State.DRAINING;
                boolean shall = wanted.contains(node.address());
                if (drains != shall) {
                    NodeCommand.Action action =
                            shall ? new NodeCommand.Drain() : new NodeCommand.Undrain();
                    call.draft()
                            .command(NodeCommand.of(node.address(), action).inPool(pool.name()));
                }
            }
        }
        return null;
    }

    /** The addresses that are written, all of which must be nodes of the pool. */
    private static Set<NodeAddress> members(PoolConfig pool, List<String> written)
            throws SoapProblem {
        Set<NodeAddress> members = new LinkedHashSet<>();
        for (String text : written) {
            members.add(member(pool, text).address());
        }
        return members;
    }

    /** A node of the pool. */
    static NodeConfig member(PoolConfig pool, String written) throws SoapProblem {
        NodeConfig node = PoolCalls.find(pool, PoolCalls.node(pool.name(), written));
        if (node == null) {
            throw SoapProblem.invalid(
                    "Unknown node '" + written + "': the pool '" + pool.name() + "' has none of it",
                    pool.name(),
                    "nodes",
                    written);
        }
        return node;
    }

    private static Object weights(Call call, @Nullable List<List<String>> asked)
            throws SoapProblem {
        Overlay overlay = call.services().control().overlay();
        SoapType.Struct type = call.type("WeightingsDefinition");
        List<List<StructValue>> all = new ArrayList<>();
        List<String> names = call.texts(0);
        for (int i = 0; i < names.size(); i++) {
            List<StructValue> weights = new ArrayList<>();
            PoolConfig pool = PoolCalls.pool(call, names.get(i));
            for (NodeConfig node : chosen(pool, asked == null ? null : asked.get(i))) {
                weights.add(
                        StructValue.of(
                                type,
                                node.address().toString(),
                                (long) overlay.weightOf(pool.name(), node)));
            }
            all.add(weights);
        }
        return all;
    }

    private static Object priorities(Call call, @Nullable List<List<String>> asked)
            throws SoapProblem {
        SoapType.Struct type = call.type("PriorityValueDefinition");
        List<List<StructValue>> all = new ArrayList<>();
        List<String> names = call.texts(0);
        for (int i = 0; i < names.size(); i++) {
            List<StructValue> priorities = new ArrayList<>();
            PoolConfig pool = PoolCalls.pool(call, names.get(i));
            for (NodeConfig node : chosen(pool, asked == null ? null : asked.get(i))) {
                priorities.add(
                        StructValue.of(type, node.address().toString(), (long) node.priority()));
            }
            all.add(priorities);
        }
        return all;
    }

    private static List<NodeConfig> chosen(PoolConfig pool, @Nullable List<String> asked)
            throws SoapProblem {
        if (asked == null) {
            return pool.nodes();
        }
        List<NodeConfig> chosen = new ArrayList<>();
        for (String node : asked) {
            chosen.add(member(pool, node));
        }
        return chosen;
    }

    private static @Nullable Object setWeights(Call call) throws SoapProblem {
        List<String> names = call.texts(0);
        for (int i = 0; i < names.size(); i++) {
            PoolConfig pool = PoolCalls.pool(call, names.get(i));
            for (StructValue value : call.structLists(1).get(i)) {
                NodeConfig node = member(pool, value.text("node"));
                long weight = value.number("weighting");
                if (weight < 1 || weight > 100) {
                    throw SoapProblem.invalid(
                            "the weight of "
                                    + node.address()
                                    + " is "
                                    + weight
                                    + ", expected 1 to 100",
                            pool.name(),
                            "weight",
                            Long.toString(weight));
                }
                call.draft()
                        .command(
                                NodeCommand.of(node.address(), new NodeCommand.Weight((int) weight))
                                        .inPool(pool.name()));
            }
        }
        return null;
    }
}
