package io.weir.pool;

import java.util.List;

/** Says why a pool has no node for anybody. */
final class Absence {

    /** Nodes named in a text before it is cut short. */
    private static final int NAMED = 5;

    private Absence() {}

    /**
     * The answer to requests when no member is open.
     *
     * @param poolFailure why the whole pool counts as failed; null when it does not
     */
    static NoNode of(
            String pool,
            @org.jspecify.annotations.Nullable String poolFailure,
            List<Member> members) {
        if (members.isEmpty()) {
            return new NoNode(NoNode.Reason.EMPTY, "Pool " + pool + " has no nodes");
        }
        if (poolFailure != null) {
            return new NoNode(
                    NoNode.Reason.ALL_FAILED, "Pool " + pool + " has failed: " + poolFailure);
        }
        boolean active = false;
        StringBuilder text = new StringBuilder();
        int named = 0;
        for (Member member : members) {
            active |= member.admin == Admin.ACTIVE;
            if (named++ < NAMED) {
                text.append(named == 1 ? ": " : "; ").append(member.node.address()).append(' ');
                text.append(state(member.status));
            }
        }
        if (members.size() > NAMED) {
            text.append("; and ").append(members.size() - NAMED).append(" more");
        }
        return new NoNode(
                active ? NoNode.Reason.ALL_FAILED : NoNode.Reason.ALL_DRAINING_OR_DISABLED,
                "Pool " + pool + " has no node in use" + text);
    }

    /** What is wrong with a node that takes no requests, or {@code works}. */
    static String state(NodeStatus status) {
        return switch (status.admin()) {
            case DRAINING -> "is draining";
            case HELD -> "is held by a lease";
            case DISABLED -> "is disabled";
            case ACTIVE ->
                    switch (status.health()) {
                        case Health.Down down -> "has failed (" + down.cause() + ")";
                        case Health.Unchecked _ -> "waits for its first check";
                        case Health.Up _ -> "works";
                    };
        };
    }
}
