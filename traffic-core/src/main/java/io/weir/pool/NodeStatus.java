package io.weir.pool;

/**
 * What is wanted and what was seen of a node: two halves from different hands, so that a monitor's
 * result never undoes a drain.
 */
public record NodeStatus(Admin admin, Health health) {

    /**
     * Whether a request may go to the node.
     *
     * @param pinned whether the request belongs to a session on this node
     */
    public boolean accepts(boolean pinned) {
        return switch (admin) {
            case ACTIVE -> health.usable();
            case DRAINING -> pinned && health.usable();
            case HELD, DISABLED -> false;
        };
    }
}
