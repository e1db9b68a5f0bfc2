package io.weir.control;

import io.weir.config.NodeAddress;
import io.weir.config.OverlayEntry.AtDeadline;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Locale;

/**
 * An operational decision about a node, to be put into the overlay.
 *
 * @param pool the pool it is for; null for every pool that has the node
 * @param action what is to become of the node
 * @param owner who decided; null means the author of the call
 * @param reason why; may be empty
 * @param expires when the decision ends by itself; null for never
 */
public record NodeCommand(
        @Nullable String pool,
        NodeAddress node,
        Action action,
        @Nullable String owner,
        String reason,
        @Nullable Instant expires) {

    /** A decision for every pool, without owner, reason and end. */
    public static NodeCommand of(NodeAddress node, Action action) {
        return new NodeCommand(null, node, action, null, "", null);
    }

    /** The same decision for one pool. */
    public NodeCommand inPool(String pool) {
        return new NodeCommand(pool, node, action, owner, reason, expires);
    }

    /** What is to become of a node. */
    public sealed interface Action {

        /** The action as written in documents: {@code drain}. */
        default String keyword() {
            return getClass().getSimpleName().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * No new sessions; established ones stay. A disabled node stays disabled.
     *
     * @param deadline when the drain is to be over; null for no such time
     * @param atDeadline what happens then
     */
    public record Drain(@Nullable Instant deadline, AtDeadline atDeadline) implements Action {

        /** A drain without a deadline. */
        public Drain() {
            this(null, AtDeadline.NOTHING);
        }
    }

    /** Ends a drain, whoever made it; a disabled node stays disabled. */
    public record Undrain() implements Action {}

    /** No connections and no monitoring. */
    public record Disable() implements Action {}

    /**
     * Ends what disables a node.
     *
     * @param drainsToo whether drains end as well, so that the node is in full use; otherwise one
     *     that was made for other pools too, or is configured, holds again
     */
    public record Enable(boolean drainsToo) implements Action {

        /** Full use, whether the node was draining or disabled. */
        public Enable() {
            this(true);
        }
    }

    /**
     * Takes back what was decided of a node's state for the pool in question and no other; what was
     * decided for all pools holds, and a lease goes on.
     */
    public record Forget() implements Action {}

    /**
     * Another weight.
     *
     * @param weight 1 to 100; null for the one in the configuration
     */
    public record Weight(@Nullable Integer weight) implements Action {}
}
