package io.weir.control;

import io.weir.config.NodeAddress;
import io.weir.config.NodeConfig;
import io.weir.config.NodeConfig.State;
import io.weir.config.NodeLease;
import io.weir.config.Overlay;
import io.weir.config.OverlayEntry;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The overlay that a {@link NodeCommand} leads to: pure functions. State and weight of a node are
 * kept in entries of their own, so that each has its own owner, reason and end.
 */
final class OverlayEdit {

    private final NodeCommand command;
    private final Map<String, NodeConfig> targets;
    private final String owner;
    private final Instant now;

    private OverlayEdit(
            NodeCommand command, Map<String, NodeConfig> targets, String owner, Instant now) {
        this.command = command;
        this.targets = targets;
        this.owner = owner;
        this.now = now;
    }

    /**
     * The next overlay.
     *
     * @param targets the pools in question, each with the node as configured
     * @throws RefusedException when the state of the node does not fit the command
     */
    static Overlay apply(
            Overlay overlay,
            NodeCommand command,
            Map<String, NodeConfig> targets,
            String owner,
            Instant now)
            throws RefusedException {
        OverlayEdit edit = new OverlayEdit(command, targets, owner, now);
        return switch (command.action()) {
            case NodeCommand.Drain drain -> edit.drain(overlay, drain);
            case NodeCommand.Disable _ ->
                    edit.replaceState(
                            overlay, edit.stateEntry(command.pool(), State.DISABLED), e -> true);
            case NodeCommand.Undrain _ -> edit.undrain(overlay);
            case NodeCommand.Enable(boolean drainsToo) ->
                    edit.release(
                            edit.endLease(overlay, "enable"),
                            drainsToo
                                    ? Set.of(State.DRAINING, State.DISABLED)
                                    : Set.of(State.DISABLED));
            case NodeCommand.Forget _ -> minus(overlay, e -> e.state() != null && edit.inScope(e));
            case NodeCommand.Weight(Integer weight) -> edit.weigh(overlay, weight);
        };
    }

    private Overlay drain(Overlay overlay, NodeCommand.Drain drain) throws RefusedException {
        List<String> disabled = poolsWhere(overlay, State.DISABLED);
        if (!targets.isEmpty() && disabled.size() == targets.size()) {
            throw disabledInstead("drain");
        }
        OverlayEntry entry =
                new OverlayEntry(
                        command.pool(),
                        node(),
                        State.DRAINING,
                        null,
                        owner,
                        command.reason(),
                        now,
                        command.expires(),
                        drain.deadline(),
                        drain.atDeadline());
        Overlay next = replaceState(overlay, entry, e -> e.state() != State.DISABLED);
        // A drain for every pool must not wake the node where it is disabled.
        for (String pool : disabled) {
            if (stateIn(next, pool) != State.DISABLED) {
                next = plus(next, stateEntry(pool, State.DISABLED));
            }
        }
        return next;
    }

    private Overlay undrain(Overlay leased) throws RefusedException {
        Overlay overlay = endLease(leased, "undrain");
        List<String> disabled = poolsWhere(overlay, State.DISABLED);
        if (!targets.isEmpty() && disabled.size() == targets.size()) {
            throw disabledInstead("undrain");
        }
        return release(overlay, Set.of(State.DRAINING));
    }

    /** Whoever works on a node ends that by using it again; nobody else does. */
    private Overlay endLease(Overlay overlay, String action) throws RefusedException {
        NodeLease lease = overlay.lease(node());
        if (lease == null) {
            return overlay;
        }
        if (!lease.owner().equals(owner)) {
            throw new RefusedException(
                    new ControlProblem.Conflict(
                            "cannot "
                                    + action
                                    + " node "
                                    + command.node()
                                    + ": "
                                    + lease.owner()
                                    + " has a lease of it until "
                                    + lease.expires()
                                    + "; release that first"));
        }
        return overlay.withoutLease(node());
    }

    /** Puts one state entry in place of those for pools of the scope that may go. */
    private Overlay replaceState(
            Overlay overlay, OverlayEntry entry, Predicate<OverlayEntry> mayGo) {
        Overlay next =
                minus(
                        overlay,
                        e ->
                                e.state() != null
                                        && inScope(e)
                                        && (Objects.equals(e.pool(), command.pool())
                                                || mayGo.test(e)));
        return plus(next, entry);
    }

    /** Takes back what makes the node one of {@code states}, and overrides what cannot be. */
    private Overlay release(Overlay overlay, Set<State> states) {
        Overlay next =
                minus(overlay, e -> e.state() != null && states.contains(e.state()) && inScope(e));
        for (String pool : targets.keySet()) {
            State now = stateIn(next, pool);
            // Without the decision the configuration holds, which may say disabled: a node that was
            // enabled by hand and then drained is to be as it was before the drain.
            boolean lost = states.contains(stateIn(overlay, pool)) && now == State.DISABLED;
            if (states.contains(now) || lost) {
                next = minus(next, e -> e.state() != null && pool.equals(e.pool()) && isNode(e));
                next = plus(next, stateEntry(pool, State.ACTIVE));
            }
        }
        return next;
    }

    private Overlay weigh(Overlay overlay, @Nullable Integer weight) {
        Overlay next = minus(overlay, e -> e.weight() != null && inScope(e));
        if (weight != null) {
            return plus(next, weightEntry(command.pool(), weight));
        }
        for (Map.Entry<String, NodeConfig> target : targets.entrySet()) {
            int configured = target.getValue().weight();
            if (next.weightOf(target.getKey(), target.getValue()) != configured) {
                next = plus(next, weightEntry(target.getKey(), configured));
            }
        }
        return next;
    }

    private List<String> poolsWhere(Overlay overlay, State state) {
        return targets.keySet().stream().filter(p -> stateIn(overlay, p) == state).toList();
    }

    private State stateIn(Overlay overlay, String pool) {
        return overlay.stateOf(pool, Objects.requireNonNull(targets.get(pool)));
    }

    private boolean isNode(OverlayEntry entry) {
        return entry.node().equals(command.node());
    }

    /** Whether the entry is about nothing but what the command is about. */
    private boolean inScope(OverlayEntry entry) {
        return isNode(entry) && (command.pool() == null || command.pool().equals(entry.pool()));
    }

    private OverlayEntry stateEntry(@Nullable String pool, State state) {
        return new OverlayEntry(
                pool, node(), state, null, owner, command.reason(), now, command.expires());
    }

    private OverlayEntry weightEntry(@Nullable String pool, int weight) {
        return new OverlayEntry(
                pool, node(), null, weight, owner, command.reason(), now, command.expires());
    }

    private NodeAddress node() {
        return command.node();
    }

    private static Overlay plus(Overlay overlay, OverlayEntry entry) {
        List<OverlayEntry> entries = new ArrayList<>(overlay.entries());
        entries.add(entry);
        return overlay.withEntries(entries);
    }

    private static Overlay minus(Overlay overlay, Predicate<OverlayEntry> which) {
        List<OverlayEntry> entries = new ArrayList<>(overlay.entries());
        return entries.removeIf(which) ? overlay.withEntries(entries) : overlay;
    }

    private RefusedException disabledInstead(String action) {
        return new RefusedException(
                new ControlProblem.Conflict(
                        "cannot "
                                + action
                                + " node "
                                + command.node()
                                + ": it is disabled, expected active or draining; enable it"
                                + " first"));
    }
}
