package io.weir.pool;

import io.weir.balance.Balancer;
import io.weir.balance.Candidates;
import io.weir.config.PoolConfig;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that a choice depends on but the counts of the nodes: settings, nodes with their
 * status, and what follows from these. Immutable and replaced whole; safe for every thread.
 */
public final class PoolView {

    private final PoolConfig config;
    private final List<Entry> entries;
    private final Lists lists;
    private final Balancer balancer;
    private final NoNode none;
    private final @Nullable Pool failurePool;
    private final @Nullable Instant deadSince;
    private final int limit;
    private final boolean plain;

    PoolView(
            PoolConfig config,
            List<Entry> entries,
            Lists lists,
            Balancer balancer,
            NoNode none,
            @Nullable Pool failurePool,
            @Nullable Instant deadSince) {
        this.config = config;
        this.entries = List.copyOf(entries);
        this.lists = lists;
        this.balancer = balancer;
        this.none = none;
        this.failurePool = failurePool;
        this.deadSince = deadSince;
        int connections = config.maxConnectionsPerNode();
        int transactions = config.maxTransactionsPerNode();
        limit =
                connections <= 0
                        ? transactions
                        : transactions <= 0 ? connections : Math.min(connections, transactions);
        plain =
                limit <= 0
                        && lists.open().size() > 0
                        && !lists.open().anyRamping()
                        && lists.trials().isEmpty();
    }

    /** This view with another entry at {@code index}, which changes nothing for requests. */
    PoolView with(int index, Entry entry) {
        List<Entry> next = new ArrayList<>(entries);
        next.set(index, entry);
        return new PoolView(config, next, lists, balancer, none, failurePool, deadSince);
    }

    /** The settings in force. */
    public PoolConfig config() {
        return config;
    }

    /**
     * Every node of the pool in configured order, then those that drain before they are removed.
     */
    public List<Entry> entries() {
        return entries;
    }

    /** Whether a new request would find a node in this pool. */
    public boolean alive() {
        return lists.open().size() > 0;
    }

    /** When it came to have no such node; null while it has one. */
    public @Nullable Instant deadSince() {
        return deadSince;
    }

    /** The nodes that new requests go to. */
    Candidates open() {
        return lists.open();
    }

    PoolNode openNode(int index) {
        return lists.openNodes()[index];
    }

    /** Usable nodes of lower priority, for requests that have failed on all the others. */
    Candidates reserve() {
        return lists.reserve();
    }

    PoolNode reserveNode(int index) {
        return lists.reserveNodes()[index];
    }

    /** Condemned nodes that are to be tried out. */
    List<Lists.Trial> trials() {
        return lists.trials();
    }

    /**
     * When the last ramp ends, as reading of the ticker; means nothing unless a node is ramping.
     */
    long rampsEnd() {
        return lists.rampsEnd();
    }

    Balancer balancer() {
        return balancer;
    }

    /** What to answer when no node is usable. */
    NoNode none() {
        return none;
    }

    /** The pool that serves when no node of this one is usable; null for none. */
    public @Nullable Pool failurePool() {
        return failurePool;
    }

    /** Exchanges that a node may have at once; 0 for no limit. */
    public int limit() {
        return limit;
    }

    /** Whether the first open node that the balancer names is the answer. */
    boolean plain() {
        return plain;
    }

    /** The entry of {@code node}; null when it is not in the pool, or is being removed. */
    @Nullable Entry entry(PoolNode node) {
        for (Entry entry : entries) {
            if (entry.node == node && !entry.leaving) {
                return entry;
            }
        }
        return null;
    }

    /**
     * Why new requests go to a node of the pool, or do not, in words that follow its name: {@code
     * is open}, {@code is draining}.
     */
    public String standing(Entry entry) {
        if (entry.leaving) {
            return "is being removed and serves the sessions that it has";
        }
        if (holds(lists.openNodes(), entry.node)) {
            return entry.ramping ? "comes into use and gets a part of its share" : "is open";
        }
        if (holds(lists.reserveNodes(), entry.node)) {
            return "has a lower priority than is in use";
        }
        for (Lists.Trial trial : lists.trials()) {
            if (trial.node() == entry.node) {
                return absence(entry) + " and is tried out with single requests";
            }
        }
        return absence(entry);
    }

    private static String absence(Entry entry) {
        return entry.ejected
                        && entry.status.admin() == Admin.ACTIVE
                        && entry.status.health() instanceof Health.Down down
                ? "is ejected (" + down.cause() + ")"
                : Absence.state(entry.status);
    }

    private static boolean holds(PoolNode[] nodes, PoolNode wanted) {
        for (PoolNode node : nodes) {
            if (node == wanted) {
                return true;
            }
        }
        return false;
    }

    /**
     * A node in the pool.
     *
     * @param weight with the overlay in force
     * @param ramping whether it gets only a part of its share, having come into use of late
     * @param leaving whether it has been taken out of the configuration and waits for its exchanges
     * @param ejected whether it is left out because its answers were bad or late
     * @param decision who decided on state or weight, and why; null when the configuration did
     */
    public record Entry(
            PoolNode node,
            NodeStatus status,
            int weight,
            int priority,
            boolean ramping,
            boolean leaving,
            boolean ejected,
            @Nullable String decision) {}
}
