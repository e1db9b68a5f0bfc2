package io.weir.control;

import io.weir.config.NodeConfig;
import io.weir.config.Overlay;
import io.weir.config.OverlayEntry;
import io.weir.config.OverlayEntry.AtDeadline;
import io.weir.config.WeirConfig;
import io.weir.event.EventBus;
import io.weir.event.EventTag;
import io.weir.event.ObjectRef;
import io.weir.runtime.DataPlane;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One {@link NodeCommand}, thought through and not yet in force.
 *
 * @param owner who decided
 * @param targets the pools in question, each with the node as configured
 */
record NodeStep(
        NodeCommand command,
        Author author,
        String owner,
        Map<String, NodeConfig> targets,
        Overlay before,
        Overlay after) {

    private static final int MAX_OWNER = 100;
    private static final int MAX_REASON = 500;
    private static final int MAX_POOLS_NAMED = 10;

    /**
     * Thinks a command through.
     *
     * @throws RefusedException when it cannot be followed
     */
    static NodeStep of(
            NodeCommand command,
            Author author,
            Overlay before,
            WeirConfig config,
            DataPlane.Status observed,
            Instant now)
            throws RefusedException {
        String named = command.owner();
        String owner = named == null || named.isEmpty() ? author.name() : named;
        validate(command, owner, now);
        Map<String, NodeConfig> targets = NodeTargets.find(command, config, observed, before);
        Overlay after = OverlayEdit.apply(before, command, targets, owner, now);
        return new NodeStep(command, author, owner, targets, before, after);
    }

    private static void validate(NodeCommand command, String owner, Instant now)
            throws RefusedException {
        validate(owner, command.reason());
        Instant expires = command.expires();
        if (expires != null && !expires.isAfter(now)) {
            throw invalid("expiry", expires.toString(), "a time after " + now);
        }
        if (command.action() instanceof NodeCommand.Drain(Instant deadline, _)
                && deadline != null
                && !deadline.isAfter(now)) {
            throw invalid("deadline", deadline.toString(), "a time after " + now);
        }
        if (command.action() instanceof NodeCommand.Weight(Integer weight)
                && weight != null
                && (weight < 1 || weight > 100)) {
            throw invalid("weight", weight.toString(), "1 to 100");
        }
    }

    static void validate(String owner, String reason) throws RefusedException {
        text("owner", owner, MAX_OWNER);
        text("reason", reason, MAX_REASON);
    }

    /** The actions of some commands, in a word or two. */
    static String action(List<NodeCommand> commands) {
        return String.join(
                ", ", commands.stream().map(c -> c.action().keyword()).distinct().toList());
    }

    /** What some commands are about. */
    static List<String> objects(List<NodeCommand> commands) {
        return commands.stream()
                .map(c -> c.pool() == null ? "node " + c.node() : c.node() + " in pool " + c.pool())
                .toList();
    }

    /** Why some commands were given. */
    static String reasons(List<NodeCommand> commands) {
        return String.join(
                "; ",
                commands.stream()
                        .map(NodeCommand::reason)
                        .filter(reason -> !reason.isEmpty())
                        .distinct()
                        .toList());
    }

    /** What has become of it once it is in force. */
    NodeChange change(boolean saved, long overlayRevision) {
        List<NodeChange.InPool> pools = new ArrayList<>();
        targets.forEach(
                (pool, configured) ->
                        pools.add(
                                new NodeChange.InPool(
                                        pool,
                                        before.stateOf(pool, configured),
                                        after.stateOf(pool, configured),
                                        after.weightOf(pool, configured))));
        return new NodeChange(command.node(), !before.equals(after), saved, overlayRevision, pools);
    }

    /** Tells everybody that it is in force. */
    void announce(boolean saved, EventBus events) {
        String pool = command.pool();
        Instant expires = command.expires();
        String what =
                command.action() instanceof NodeCommand.Weight(Integer weight)
                        ? "weight " + (weight == null ? "as configured" : weight.toString())
                        : command.action().keyword();
        String text =
                author
                        + ": "
                        + what
                        + " for node "
                        + command.node()
                        + (pool == null ? " in every pool" : " in pool " + pool)
                        + ", owner "
                        + owner
                        + (command.reason().isEmpty() ? "" : ", reason: " + command.reason())
                        + (expires == null ? "" : ", until " + expires)
                        + deadline()
                        + (saved ? "" : "; NOT SAVED, a restart forgets it");
        List<ObjectRef> objects = new ArrayList<>();
        objects.add(ObjectRef.node(command.node().toString()));
        targets.keySet().stream()
                .limit(MAX_POOLS_NAMED)
                .forEach(name -> objects.add(ObjectRef.pool(name)));
        events.emit(EventTag.OVERLAYCHANGE, text, objects.toArray(ObjectRef[]::new));
    }

    private String deadline() {
        return command.action() instanceof NodeCommand.Drain(Instant deadline, var then)
                        && deadline != null
                ? ", to be over at "
                        + deadline
                        + (then == AtDeadline.NOTHING
                                ? ""
                                : ", else " + then.name().toLowerCase(Locale.ROOT))
                : "";
    }

    /** Tells everybody that the time of a decision is over. */
    static void announceEnd(OverlayEntry entry, EventBus events) {
        NodeConfig.State state = entry.state();
        String pool = entry.pool();
        events.emit(
                EventTag.OVERLAYCHANGE,
                (state == null ? "weight " + entry.weight() : state.name().toLowerCase(Locale.ROOT))
                        + " for node "
                        + entry.node()
                        + (pool == null ? " in every pool" : " in pool " + pool)
                        + ", set by "
                        + entry.owner()
                        + ", is over",
                ObjectRef.node(entry.node().toString()));
    }

    private static void text(String thing, String value, int max) throws RefusedException {
        if (value.length() > max) {
            throw invalid(thing, value.length() + " characters long", "at most " + max);
        }
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw invalid(thing, "text with control characters", "one line of plain text");
        }
    }

    private static RefusedException invalid(String thing, String found, String expected) {
        return new RefusedException(new ControlProblem.Invalid(thing, found, expected));
    }
}
