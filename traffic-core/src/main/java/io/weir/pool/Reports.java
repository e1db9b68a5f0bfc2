package io.weir.pool;

import io.weir.event.EventBus;
import io.weir.event.EventTag;
import io.weir.event.ObjectRef;

import java.util.List;

/**
 * Raises the events of one pool: each outage, drain and failed name once, however often it is
 * looked at. Confined to the pool's {@link Serial}.
 */
final class Reports {

    private final String pool;
    private final EventBus events;
    private boolean died;

    Reports(String pool, EventBus events) {
        this.pool = pool;
        this.events = events;
    }

    /** Takes note of a node that the pool begins with: that it drains already is no news. */
    void begin(Member member) {
        member.drainReported |= member.admin == Admin.DRAINING;
        member(member);
    }

    /** Reports what is new about a node. */
    void member(Member member) {
        PoolNode node = member.node;
        NodeStatus status = member.status;
        if (member.resolveFailure == null) {
            member.resolveReported = false;
        } else if (!member.resolveReported) {
            member.resolveReported = true;
            emit(
                    EventTag.NODERESOLVEFAILURE,
                    "The name of node "
                            + node
                            + " does not resolve: "
                            + member.resolveFailure
                            + (member.unresolved ? "" : "; its last addresses stay in use"),
                    node);
        }
        if (status.health() instanceof Health.Down down) {
            boolean reportable = !member.unresolved && status.admin() != Admin.DISABLED;
            if (reportable && !member.failReported) {
                member.failReported = true;
                emit(EventTag.NODEFAIL, "Node " + node + " has failed: " + down.cause(), node);
            }
        } else if (member.failReported && status.health() instanceof Health.Up) {
            member.failReported = false;
            emit(EventTag.NODEWORKING, "Node " + node + " works again", node);
        }
        if (status.admin() == Admin.DRAINING && !member.drainReported && node.inFlight() == 0) {
            member.drainReported = true;
            // So that the count of connections shows that the node can be taken away.
            node.closeIdle(Integer.MAX_VALUE);
            emit(
                    EventTag.NODEDRAINED,
                    "Node " + node + " has drained: nothing is in flight on it",
                    node);
        }
    }

    /**
     * Reports that the pool has died or works again.
     *
     * @param none what requests are told when no node is open
     * @param failed whether a monitor of the whole pool fails
     */
    void pool(boolean alive, NoNode none, boolean failed, List<Member> members) {
        ObjectRef self = ObjectRef.pool(pool);
        if (alive && died) {
            died = false;
            events.emit(EventTag.POOLOK, "Pool " + pool + " works again", self);
        } else if (!alive && !died && (failed || anyDown(members))) {
            died = true;
            events.emit(EventTag.POOLDIED, none.text(), self);
        }
    }

    /** Whether an active node has failed, rather than all of them drain or wait for a check. */
    private static boolean anyDown(List<Member> members) {
        for (Member member : members) {
            if (member.admin == Admin.ACTIVE && member.status.health() instanceof Health.Down) {
                return true;
            }
        }
        return false;
    }

    private void emit(EventTag tag, String text, PoolNode node) {
        events.emit(tag, text, ObjectRef.pool(pool), ObjectRef.node(node.address().toString()));
    }
}
