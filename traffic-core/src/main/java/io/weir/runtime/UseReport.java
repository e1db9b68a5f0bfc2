package io.weir.runtime;

import io.weir.config.NodeAddress;
import io.weir.config.PoolConfig;
import io.weir.persist.PersistenceClass;
import io.weir.persist.PersistenceClasses;
import io.weir.persist.SessionTable;
import io.weir.pool.Admin;
import io.weir.pool.NodeStatus;
import io.weir.pool.Pool;
import io.weir.pool.PoolNode;
import io.weir.pool.PoolView;
import io.weir.pool.Pools;
import io.weir.pool.Use;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;

/** Tells what is on a node. Stateless. */
final class UseReport {

    private UseReport() {}

    /**
     * What is on {@code node} now.
     *
     * @param now as reading of the ticker
     * @param started when Weir did, as reading of the ticker
     * @param idle unused for so long, sessions count as over; null for what their classes say
     */
    static NodeUse of(
            NodeAddress node,
            Pools pools,
            PersistenceClasses classes,
            long now,
            long started,
            @Nullable Duration idle) {
        Collection<Pool> live = pools.live().values();
        List<NodeUse.Sessions> sessions = sessions(node, live, classes, now, started, idle);
        List<NodeUse.InPool> in = new ArrayList<>();
        Set<NodeAddress> names = new HashSet<>(Set.of(node));
        for (Pool pool : live) {
            PoolView view = pool.view();
            List<PoolView.Entry> entries = entries(view, node);
            entries.forEach(entry -> names.addAll(entry.node().names()));
            if (!entries.isEmpty()) {
                in.add(inPool(pool.name(), view, entries, now));
            }
        }
        Map<String, Integer> departed = pools.departed(node);
        Long last = pools.departedLastUsedNanos(node);
        long unused = last == null ? -1 : since(last, now);
        return new NodeUse(node, names, in, departed, unused, sessions);
    }

    /** Those that {@code node} means: one, or all that come of a name. */
    private static List<PoolView.Entry> entries(PoolView view, NodeAddress node) {
        return view.entries().stream().filter(entry -> entry.node().isCalled(node)).toList();
    }

    private static List<NodeUse.Sessions> sessions(
            NodeAddress node,
            Collection<Pool> pools,
            PersistenceClasses classes,
            long now,
            long started,
            @Nullable Duration idle) {
        Set<String> named = new HashSet<>();
        Set<NodeAddress> addresses = new HashSet<>(Set.of(node));
        for (Pool pool : pools) {
            PoolConfig config = pool.config();
            List<PoolView.Entry> entries = entries(pool.view(), node);
            entries.forEach(entry -> addresses.add(entry.node().address()));
            String persistence = config.persistence();
            if (persistence != null && !entries.isEmpty()) {
                named.add(persistence);
            }
        }
        List<NodeUse.Sessions> list = new ArrayList<>();
        for (PersistenceClass each : classes.all()) {
            Duration timeout = shorter(each.config().sessionTimeout(), idle);
            if (each.config().type().remembered()) {
                int count = 0;
                long unused = Long.MAX_VALUE;
                for (NodeAddress address : addresses) {
                    SessionTable.NodeSessions of = each.table().sessions(address, now);
                    if (of != null) {
                        count += of.sessions();
                        unused = Math.min(unused, Math.max(0, now - of.lastUsedNanos()));
                    }
                }
                if (count > 0) {
                    add(list, each.name(), count, Duration.ofNanos(unused), timeout);
                }
                continue;
            }
            Long used = lastCarried(each, addresses);
            if (used != null || named.contains(each.name())) {
                // Cookies outlive this process: nobody knows what was before its start.
                long since = used == null ? started : used;
                add(list, each.name(), -1, Duration.ofNanos(Math.max(0, now - since)), timeout);
            }
        }
        return list;
    }

    private static @Nullable Long lastCarried(PersistenceClass each, Set<NodeAddress> addresses) {
        Long last = null;
        for (NodeAddress address : addresses) {
            Long used = each.lastCarried(address);
            if (used != null && (last == null || used - last > 0)) {
                last = used;
            }
        }
        return last;
    }

    private static @Nullable Duration shorter(Duration own, @Nullable Duration idle) {
        if (own.isZero()) {
            return idle;
        }
        return idle == null || own.compareTo(idle) < 0 ? own : idle;
    }

    private static void add(
            List<NodeUse.Sessions> list,
            String name,
            int count,
            Duration unused,
            @Nullable Duration timeout) {
        if (timeout == null || unused.compareTo(timeout) < 0) {
            list.add(new NodeUse.Sessions(name, count, unused, timeout));
        }
    }

    /** Whole seconds; what came after {@code now} was read was just now. */
    private static long since(long then, long now) {
        return TimeUnit.NANOSECONDS.toSeconds(Math.max(0, now - then));
    }

    private static NodeUse.InPool inPool(
            String pool, PoolView view, List<PoolView.Entry> asked, long now) {
        List<PoolNode> nodes = asked.stream().map(PoolView.Entry::node).toList();
        int others = 0;
        for (PoolView.Entry other : view.entries()) {
            boolean takes = !other.leaving() && other.node().status().accepts(false);
            others += takes && !nodes.contains(other.node()) ? 1 : 0;
        }
        boolean leaving = asked.stream().allMatch(PoolView.Entry::leaving);
        List<NodeStatus> statuses =
                asked.stream()
                        .filter(entry -> leaving || !entry.leaving())
                        .map(entry -> entry.node().status())
                        .toList();
        Admin state = Collections.min(statuses.stream().map(NodeStatus::admin).toList());
        return new NodeUse.InPool(
                pool,
                state.name().toLowerCase(Locale.ROOT),
                statuses.stream().anyMatch(status -> status.health().usable()),
                leaving,
                sum(nodes, PoolNode::inFlight),
                sum(nodes, node -> node.inFlight(Use.TUNNEL)),
                sum(nodes, node -> node.inFlight(Use.H2_STREAM)),
                sum(nodes, node -> node.inFlight(Use.TCP_STREAM)),
                sum(nodes, node -> node.inFlight(Use.UDP_SESSION)),
                sum(nodes, PoolNode::connections),
                sum(nodes, PoolNode::idleConnections),
                nodes.stream()
                        .filter(PoolNode::used)
                        .mapToLong(node -> since(node.lastUsedNanos(), now))
                        .min()
                        .orElse(-1),
                TimeUnit.NANOSECONDS.toMillis(
                        nodes.stream().mapToLong(PoolNode::responseNanos).max().orElse(0)),
                others,
                view.config().minNodes(),
                view.config().monitors());
    }

    private static int sum(List<PoolNode> nodes, ToIntFunction<PoolNode> count) {
        return nodes.stream().mapToInt(count).sum();
    }
}
