package io.weir.config;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * All operational decisions in force: an immutable list, replaced whole. For one node the entry of
 * its pool goes before the entry for every pool.
 */
public record Overlay(List<OverlayEntry> entries) {

    public static final Overlay EMPTY = new Overlay(List.of());

    public Overlay {
        entries = List.copyOf(entries);
    }

    /** This overlay with {@code entry} in place of any entry for the same pool and node. */
    public Overlay with(OverlayEntry entry) {
        List<OverlayEntry> next = new ArrayList<>(without(entry.pool(), entry.node()).entries);
        next.add(entry);
        return new Overlay(next);
    }

    /** This overlay without the entry made for exactly {@code pool} (null: every pool). */
    public Overlay without(@Nullable String pool, NodeAddress node) {
        List<OverlayEntry> next = new ArrayList<>();
        for (OverlayEntry e : entries) {
            if (!e.node().equals(node) || !java.util.Objects.equals(e.pool(), pool)) {
                next.add(e);
            }
        }
        return new Overlay(next);
    }

    /** This overlay without the entries that have expired at {@code now}. */
    public Overlay unexpired(Instant now) {
        List<OverlayEntry> next = new ArrayList<>();
        for (OverlayEntry e : entries) {
            if (!e.expired(now)) {
                next.add(e);
            }
        }
        return next.size() == entries.size() ? this : new Overlay(next);
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
