package io.weir.config;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * One operational decision about a node: layer 2 of the configuration, kept apart from what the
 * files say and surviving reload and restart.
 *
 * @param pool the pool it holds for; null for every pool that has the node
 * @param node the node it is about
 * @param state replaces the configured state; null leaves it
 * @param weight replaces the configured weight, 1 to 100; null leaves it
 * @param owner who decided
 * @param reason why; may be empty
 * @param since when it was decided
 * @param expires when it ends by itself; null for never
 * @param deadline when a drain is to be over; null when it has none, or it has passed
 * @param atDeadline what happens then
 */
public record OverlayEntry(
        @Nullable String pool,
        NodeAddress node,
        NodeConfig.@Nullable State state,
        @Nullable Integer weight,
        String owner,
        String reason,
        Instant since,
        @Nullable Instant expires,
        @Nullable Instant deadline,
        AtDeadline atDeadline) {

    /** What happens to a node that is not empty when its drain was to be over. */
    public enum AtDeadline {
        /** Somebody is told. */
        NOTHING,
        /** The node is disabled: its sessions go elsewhere, what is in flight may end. */
        DISABLE,
        /** The node is disabled and its connections are cut. */
        CLOSE
    }

    /** A decision without a deadline. */
    public OverlayEntry(
            @Nullable String pool,
            NodeAddress node,
            NodeConfig.@Nullable State state,
            @Nullable Integer weight,
            String owner,
            String reason,
            Instant since,
            @Nullable Instant expires) {
        this(pool, node, state, weight, owner, reason, since, expires, null, AtDeadline.NOTHING);
    }

    /** Whether the deadline of a drain has passed at {@code now} and nothing was done about it. */
    public boolean overdue(Instant now) {
        return deadline != null && !now.isBefore(deadline);
    }

    /** This decision once its deadline has been seen to. */
    public OverlayEntry afterDeadline() {
        NodeConfig.State next =
                atDeadline == AtDeadline.NOTHING ? state : NodeConfig.State.DISABLED;
        return new OverlayEntry(
                pool, node, next, weight, owner, reason, since, expires, null, AtDeadline.NOTHING);
    }

    /** This decision for the pool {@code name}. */
    OverlayEntry inPool(String name) {
        return new OverlayEntry(
                name, node, state, weight, owner, reason, since, expires, deadline, atDeadline);
    }

    /** Whether the entry has ended by itself at {@code now}. */
    public boolean expired(Instant now) {
        return expires != null && !now.isBefore(expires);
    }

    /** Whether the entry holds for {@code node} in {@code pool}. */
    public boolean covers(String pool, NodeAddress node) {
        return this.node.equals(node) && (this.pool == null || this.pool.equals(pool));
    }
}
