package io.weir.control;

import io.weir.config.NodeAddress;
import io.weir.config.NodeLease;
import io.weir.config.Overlay;
import io.weir.config.OverlayEntry;
import io.weir.config.OverlayEntry.AtDeadline;
import io.weir.control.Safety.Kind;
import io.weir.control.Safety.Reason;
import io.weir.control.Safety.Verdict;
import io.weir.runtime.NodeUse;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Answers whether it is safe to take a node, out of what is on it: a pure function. */
public final class SafetyJudge {

    private final NodeUse use;
    private final Overlay overlay;
    private final Instant now;
    private final List<Reason> reasons = new ArrayList<>();

    private SafetyJudge(NodeUse use, Overlay overlay, Instant now) {
        this.use = use;
        this.overlay = overlay;
        this.now = now;
    }

    /**
     * The answer at {@code now}.
     *
     * @param asker whose own lease does not stand in the way
     */
    public static Safety judge(NodeUse use, Overlay overlay, String asker, Instant now) {
        SafetyJudge judge = new SafetyJudge(use, overlay, now);
        NodeLease lease = judge.lease(asker);
        judge.reasons(lease, asker);
        Verdict verdict = Verdict.YES;
        Duration estimate = Duration.ZERO;
        for (Reason reason : judge.reasons) {
            if (reason.weight().compareTo(verdict) > 0) {
                verdict = reason.weight();
            }
            if (reason.weight() != Verdict.YES) {
                estimate = longer(estimate, reason.ends());
            }
        }
        return new Safety(
                use.node(),
                verdict,
                judge.reasons,
                verdict == Verdict.NO ? null : estimate,
                lease,
                use);
    }

    /** Who works on the node: of those who do so under its several names, another one first. */
    private @Nullable NodeLease lease(String asker) {
        NodeLease own = null;
        for (NodeAddress name : use.names()) {
            NodeLease lease = overlay.lease(name);
            if (lease == null || lease.expired(now)) {
                continue;
            }
            if (!lease.owner().equals(asker)) {
                return lease;
            }
            own = name.equals(use.node()) ? lease : own;
        }
        return own;
    }

    private static @Nullable Duration longer(@Nullable Duration one, @Nullable Duration other) {
        if (one == null || other == null) {
            return null;
        }
        return one.compareTo(other) > 0 ? one : other;
    }

    private void reasons(@Nullable NodeLease lease, String asker) {
        if (lease != null && !lease.owner().equals(asker)) {
            add(
                    Kind.LEASED,
                    Verdict.NO,
                    "",
                    0,
                    Duration.between(now, lease.expires()),
                    lease.owner() + " has a lease of the node until " + lease.expires());
        }
        boolean takesSessions = false;
        for (NodeUse.InPool in : use.pools()) {
            takesSessions |= in.takesSessions();
            capacity(in);
            exchanges(in);
        }
        departed();
        if (takesSessions) {
            use.sessions().forEach(this::sessions);
        }
        monitors();
    }

    private void capacity(NodeUse.InPool in) {
        if (in.leaving()) {
            return;
        }
        String pool = "pool " + in.pool();
        if (in.state().equals("active")) {
            add(
                    Kind.IN_USE,
                    Verdict.NO,
                    in.pool(),
                    0,
                    null,
                    "the node is active in " + pool + ": drain it first");
        }
        if (!in.state().equals("disabled") && in.usable() && in.others() < in.minNodes()) {
            add(
                    Kind.TOO_FEW_NODES,
                    Verdict.NO,
                    in.pool(),
                    in.others(),
                    null,
                    pool
                            + " would be left with "
                            + counted(in.others(), "usable node")
                            + ", expected at least "
                            + in.minNodes());
        }
    }

    private void departed() {
        int count = use.inFlightDeparted();
        if (count > 0) {
            Duration ends = Duration.ZERO;
            for (String pool : use.departed().keySet()) {
                ends = longer(ends, cut(pool));
            }
            add(
                    Kind.REQUESTS,
                    Verdict.AFTER,
                    "",
                    count,
                    ends,
                    counted(count, "exchange")
                            + " in flight that began in pools which have the node no more");
        }
    }

    private void exchanges(NodeUse.InPool in) {
        Duration cut = cut(in.pool());
        Duration usual = Duration.ofMillis(Math.max(in.responseMillis(), 1));
        exchanges(Kind.REQUESTS, in, in.requests(), "request", shorter(usual, cut));
        exchanges(Kind.H2_STREAMS, in, in.h2Streams(), "HTTP/2 stream", shorter(usual, cut));
        exchanges(Kind.TUNNELS, in, in.tunnels(), "upgraded connection", cut);
        exchanges(Kind.TCP_STREAMS, in, in.tcpStreams(), "TCP connection", cut);
        exchanges(Kind.UDP_SESSIONS, in, in.udpSessions(), "UDP session", cut);
    }

    private void exchanges(
            Kind kind, NodeUse.InPool in, int count, String what, @Nullable Duration ends) {
        if (count > 0) {
            add(
                    kind,
                    Verdict.AFTER,
                    in.pool(),
                    count,
                    ends,
                    counted(count, what) + " in flight in pool " + in.pool());
        }
    }

    /** Until the connections of a drain are cut; null when they are not. */
    private @Nullable Duration cut(String pool) {
        Duration soonest = null;
        for (OverlayEntry entry : overlay.entries()) {
            Instant deadline = entry.deadline();
            if (entry.node().equals(use.node())
                    && overlay.decides(entry, pool)
                    && deadline != null
                    && entry.atDeadline() == AtDeadline.CLOSE) {
                Duration left = Duration.between(now, deadline);
                soonest = shorter(left.isNegative() ? Duration.ZERO : left, soonest);
            }
        }
        return soonest;
    }

    private static Duration shorter(Duration one, @Nullable Duration other) {
        return other == null || one.compareTo(other) < 0 ? one : other;
    }

    private void sessions(NodeUse.Sessions of) {
        Duration timeout = of.timeout();
        Duration idle = of.idle();
        Duration left = timeout == null || idle == null ? null : timeout.minus(idle);
        String what =
                of.count() < 0
                        ? "sessions of persistence class "
                                + of.persistenceClass()
                                + " that clients carry"
                        : counted(of.count(), "session")
                                + " of persistence class "
                                + of.persistenceClass();
        String end =
                left == null
                        ? ", which never end; give the class a session-timeout, or ask with a time"
                                + " after which unused ones count as over"
                        : ", over in " + Math.max(1, left.toSeconds()) + " s unless used again";
        add(
                Kind.SESSIONS,
                left == null ? Verdict.NO : Verdict.AFTER,
                of.persistenceClass(),
                Math.max(0, of.count()),
                left,
                what + end);
    }

    private void monitors() {
        List<String> watching = new ArrayList<>();
        for (NodeUse.InPool in : use.pools()) {
            if (!in.state().equals("disabled") && !in.leaving()) {
                in.monitors().stream()
                        .filter(name -> !watching.contains(name))
                        .forEach(watching::add);
            }
        }
        if (!watching.isEmpty()) {
            add(
                    Kind.MONITORS,
                    Verdict.YES,
                    "",
                    watching.size(),
                    Duration.ZERO,
                    "monitors go on and will report the node as failed: "
                            + String.join(", ", watching));
        }
    }

    private void add(
            Kind kind,
            Verdict weight,
            String object,
            long count,
            @Nullable Duration ends,
            String text) {
        reasons.add(new Reason(kind, weight, object, count, ends, text));
    }

    private static String counted(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }
}
