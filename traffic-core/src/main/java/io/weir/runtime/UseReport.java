package io.weir.runtime;

import io.weir.config.NodeAddress;
import io.weir.config.PoolConfig;
import io.weir.persist.PersistenceClass;
import io.weir.persist.PersistenceClasses;
import io.weir.persist.SessionTable;
import io.weir.pool.Health;
import io.weir.pool.Pool;
import io.weir.pool.PoolNode;
import io.weir.pool.PoolView;
import io.weir.pool.Pools;
import io.weir.pool.Use;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;

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
        for (Pool pool : live) {
            PoolView view = pool.view();
            for (PoolView.Entry entry : view.entries()) {
                if (entry.node().address().equals(node)) {
                    in.add(inPool(pool.name(), view, entry, now));
                }
            }
        }
        int departed = pools.departed(node);
        Long last = pools.departedLastUsedNanos(node);
        return new NodeUse(node, in, departed, last == null ? -1 : since(last, now), sessions);
    }

    private static List<NodeUse.Sessions> sessions(
            NodeAddress node,
            Collection<Pool> pools,
            PersistenceClasses classes,
            long now,
            long started,
            @Nullable Duration idle) {
        Set<String> named = new HashSet<>();
        for (Pool pool : pools) {
            PoolConfig config = pool.config();
            String persistence = config.persistence();
            if (persistence != null
                    && pool.view().entries().stream()
                            .anyMatch(e -> e.node().address().equals(node))) {
                named.add(persistence);
            }
        }
        List<NodeUse.Sessions> list = new ArrayList<>();
        for (PersistenceClass each : classes.all()) {
            Duration timeout = shorter(each.config().sessionTimeout(), idle);
            if (each.config().type().remembered()) {
                SessionTable.NodeSessions of = each.table().sessions(node, now);
                if (of != null) {
                    Duration unused = Duration.ofNanos(Math.max(0, now - of.lastUsedNanos()));
                    add(list, each.name(), of.sessions(), unused, timeout);
                }
                continue;
            }
            Long used = each.lastCarried(node);
            if (used != null || named.contains(each.name())) {
                // Cookies outlive this process: nobody knows what was before its start.
                long since = used == null ? started : used;
                add(list, each.name(), -1, Duration.ofNanos(Math.max(0, now - since)), timeout);
            }
        }
        return list;
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
            String pool, PoolView view, PoolView.Entry entry, long now) {
        PoolNode node = entry.node();
        int others = 0;
        for (PoolView.Entry other : view.entries()) {
            boolean takes = !other.leaving() && other.node().status().accepts(false);
            others += takes && other.node() != node ? 1 : 0;
        }
        Health health = node.status().health();
        return new NodeUse.InPool(
                pool,
                node.status().admin().name().toLowerCase(Locale.ROOT),
                health.usable(),
                entry.leaving(),
                node.inFlight(),
                node.inFlight(Use.TUNNEL),
                node.inFlight(Use.H2_STREAM),
                node.inFlight(Use.TCP_STREAM),
                node.inFlight(Use.UDP_SESSION),
                node.connections(),
                node.idleConnections(),
                node.used() ? since(node.lastUsedNanos(), now) : -1,
                TimeUnit.NANOSECONDS.toMillis(node.responseNanos()),
                others,
                view.config().minNodes(),
                view.config().monitors());
    }
}
