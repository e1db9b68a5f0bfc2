package io.weir.control;

import io.weir.config.NodeAddress;
import io.weir.config.NodeLease;
import io.weir.config.Overlay;
import io.weir.event.EventBus;
import io.weir.event.EventTag;
import io.weir.event.ObjectRef;
import io.weir.runtime.DataPlane;
import io.weir.runtime.NodeUse;

import java.time.Duration;
import java.time.Instant;

/** A lease that is asked for, with the words that are said about leases. Immutable. */
final class Leasing {

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(30);

    private final LeaseRequest request;
    private final Author author;
    private final NodeLease lease;

    private Leasing(LeaseRequest request, Author author, NodeLease lease) {
        this.request = request;
        this.author = author;
        this.lease = lease;
    }

    static Leasing of(LeaseRequest request, Author author, Instant now) throws RefusedException {
        String named = request.owner();
        String owner = named == null || named.isEmpty() ? author.name() : named;
        NodeStep.validate(owner, request.reason());
        Duration length = request.length();
        if (length.compareTo(SHORTEST) < 0 || length.compareTo(LONGEST) > 0) {
            throw new RefusedException(
                    new ControlProblem.Invalid(
                            "length of the lease",
                            length.toSeconds() + " seconds",
                            "1 second to 30 days"));
        }
        return new Leasing(
                request,
                author,
                new NodeLease(
                        request.question().node(), owner, request.reason(), now, now.plus(length)));
    }

    NodeLease lease() {
        return lease;
    }

    Safety ask(DataPlane plane, Overlay overlay, Instant now) throws RefusedException {
        return ask(request.question(), lease.owner(), plane, overlay, now);
    }

    static Safety ask(
            SafetyQuestion question, String asker, DataPlane plane, Overlay overlay, Instant now)
            throws RefusedException {
        NodeAddress node = question.node();
        Duration idle = question.idle();
        if (idle != null && idle.isNegative()) {
            throw new RefusedException(
                    new ControlProblem.Invalid(
                            "idle time", idle.toSeconds() + " seconds", "0 seconds or more"));
        }
        NodeUse use = plane.use(node, idle);
        if (use.pools().isEmpty() && use.departed().isEmpty()) {
            throw new RefusedException(
                    new ControlProblem.NotFound("node", node.toString(), "any pool", null));
        }
        return SafetyJudge.judge(use, overlay, asker, now);
    }

    void announce(boolean saved, EventBus events) {
        events.emit(
                EventTag.OVERLAYCHANGE,
                author
                        + ": lease of node "
                        + lease.node()
                        + ", owner "
                        + lease.owner()
                        + (lease.reason().isEmpty() ? "" : ", reason: " + lease.reason())
                        + ", until "
                        + lease.expires()
                        + (saved ? "" : "; NOT SAVED, a restart forgets it"),
                ObjectRef.node(lease.node().toString()));
    }

    static void announceEnd(NodeLease lease, String how, EventBus events) {
        events.emit(
                EventTag.OVERLAYCHANGE,
                "the lease of node " + lease.node() + " by " + lease.owner() + " " + how,
                ObjectRef.node(lease.node().toString()));
    }
}
