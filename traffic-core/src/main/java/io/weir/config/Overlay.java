package io.weir.config;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * All operational decisions in force: immutable lists, replaced whole. For one node the entry of
 * its pool goes before the entry for every pool.
 *
 * @param leases who works on which node, at most one for each
 */
public record Overlay(List<OverlayEntry> entries, List<NodeLease> leases) {

    public static final Overlay EMPTY = new Overlay(List.of());

    public Overlay {
        entries = List.copyOf(entries);
        leases = List.copyOf(leases);
    }

    /** An overlay without leases. */
    public Overlay(List<OverlayEntry> entries) {
        this(entries, List.of());
    }

    /** This overlay with other entries. */
    public Overlay withEntries(List<OverlayEntry> next) {
        return new Overlay(next, leases);
    }

    /** The lease of {@code node}; null when nobody has one. */
    public @Nullable NodeLease lease(NodeAddress node) {
        for (NodeLease lease : leases) {
            if (lease.node().equals(node)) {
                return lease;
            }
        }
        return null;
    }

    /** This overlay with {@code lease} in place of any other one of the same node. */
    public Overlay with(NodeLease lease) {
        List<NodeLease> next = new ArrayList<>(withoutLease(lease.node()).leases);
        next.add(lease);
        return new Overlay(entries, next);
    }

    /** This overlay without a lease of {@code node}. */
    public Overlay withoutLease(NodeAddress node) {
        return new Overlay(entries, leases.stream().filter(l -> !l.node().equals(node)).toList());
    }

    /** This overlay with {@code entry} in place of any entry for the same pool and node. */
    public Overlay with(OverlayEntry entry) {
        List<OverlayEntry> next = new ArrayList<>(without(entry.pool(), entry.node()).entries);
        next.add(entry);
        return withEntries(next);
    }

    /** This overlay without the entry made for exactly {@code pool} (null: every pool). */
    public Overlay without(@Nullable String pool, NodeAddress node) {
        List<OverlayEntry> next = new ArrayList<>();
        for (OverlayEntry e : entries) {
            if (!e.node().equals(node) || !java.util.Objects.equals(e.pool(), pool)) {
                next.add(e);
            }
        }
        return withEntries(next);
    }

    /** This overlay with its decisions about pools under the names that {@code renames} give. */
    public Overlay renamed(List<PoolRename> renames) {
        List<OverlayEntry> next = entries;
        for (PoolRename rename : renames) {
            next =
                    next.stream()
                            .map(e -> rename.from().equals(e.pool()) ? e.inPool(rename.to()) : e)
                            .toList();
        }
        return next.equals(entries) ? this : withEntries(next);
    }

    /** This overlay without the entries and leases that have expired at {@code now}. */
    public Overlay unexpired(Instant now) {
        List<OverlayEntry> next = new ArrayList<>();
        for (OverlayEntry e : entries) {
            if (!e.expired(now)) {
                next.add(e);
            }
        }
        List<NodeLease> held = leases.stream().filter(l -> !l.expired(now)).toList();
        return next.size() == entries.size() && held.size() == leases.size()
                ? this
                : new Overlay(next, held);
    }

    /**
     * Whether {@code entry}, which is about a state, holds for its node in {@code pool}: an entry
     * for every pool does not where the pool has one of its own.
     */
    public boolean decides(OverlayEntry entry, String pool) {
        if (!entry.covers(pool, entry.node())) {
            return false;
        }
        return entry.pool() != null
                || entries.stream()
                        .noneMatch(
                                e ->
                                        e.state() != null
                                                && e.pool() != null
                                                && e.covers(pool, entry.node()));
    }

    /** Whether there is a decision about the state of {@code node} that holds in {@code pool}. */
    public boolean hasState(String pool, NodeAddress node) {
        return entries.stream().anyMatch(e -> e.state() != null && e.covers(pool, node));
    }

    /** What the operator wants of {@code node} in {@code pool} with this overlay in force. */
    public NodeConfig.State stateOf(String pool, NodeConfig node) {
        for (boolean own : new boolean[] {true, false}) {
            for (OverlayEntry e : entries) {
                NodeConfig.State state = e.state();
                if (state != null && own == (e.pool() != null) && e.covers(pool, node.address())) {
                    return state;
                }
            }
        }
        return node.state();
    }

    /** The weight of {@code node} in {@code pool} with this overlay in force. */
    public int weightOf(String pool, NodeConfig node) {
        for (boolean own : new boolean[] {true, false}) {
            for (OverlayEntry e : entries) {
                Integer weight = e.weight();
                if (weight != null && own == (e.pool() != null) && e.covers(pool, node.address())) {
                    return weight;
                }
            }
        }
        return node.weight();
    }
}
