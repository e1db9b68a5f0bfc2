package io.weir.pool;

import io.weir.config.NodeAddress;
import io.weir.config.NodeConfig;
import io.weir.config.Overlay;
import io.weir.config.PoolConfig;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What was seen of the nodes of one pool: verdicts of monitors, failures of live traffic, answers
 * out of the ordinary. Confined to the pool's {@link Serial}.
 */
final class Findings {

    private final Members members;
    private final Ticker ticker;
    private final Roster roster;
    private final Map<String, Member.Verdict> ofPool = new HashMap<>();

    /**
     * What monitors said of the nodes as they are configured, those that are disabled left out: of
     * a name it holds before the name resolves, and for one node just as for a node per address.
     */
    private final Map<NodeAddress, Map<String, Member.Verdict>> ofConfigured = new HashMap<>();

    private PoolConfig config;

    /**
     * @param roster is told what has to be worked out anew
     */
    Findings(Members members, Ticker ticker, Roster roster, PoolConfig config) {
        this.members = members;
        this.ticker = ticker;
        this.roster = roster;
        this.config = config;
    }

    /** Other settings; findings that nobody is interested in any more are forgotten. */
    void configure(PoolConfig next, Overlay overlay) {
        config = next;
        ofPool.keySet().retainAll(next.monitors());
        Set<NodeAddress> watched = new HashSet<>();
        for (NodeConfig node : next.nodes()) {
            if (overlay.stateOf(next.name(), node) != NodeConfig.State.DISABLED) {
                watched.add(node.address());
            }
        }
        ofConfigured.keySet().retainAll(watched);
        watched.forEach(address -> ofConfigured.computeIfAbsent(address, _ -> new HashMap<>()));
        ofConfigured.values().forEach(of -> of.keySet().retainAll(next.monitors()));
    }

    /** The same for {@code member}, which is wanted like this. */
    void heed(Member member, Wanted wanted, PoolConfig now) {
        trust(member);
        member.verdicts.keySet().retainAll(now.monitors());
        boolean kept = member.ejected ? now.outliers().enabled() : now.passiveMonitoring();
        if (!kept) {
            member.acquit();
        }
        if (!wanted.configured().equals(member.node.configured())) {
            // Nobody may look any more at what these verdicts are about.
            member.verdicts.clear();
            member.node.configured(wanted.configured());
        }
        // It may have been told while the node was on its way out.
        member.verdicts.putAll(ofConfigured.getOrDefault(member.node.address(), Map.of()));
        member.ofName = ofConfigured.getOrDefault(wanted.configured(), Map.of());
    }

    /** What monitors said of the whole pool. */
    Map<String, Member.Verdict> ofPool() {
        return ofPool;
    }

    /** Why no node of the pool can be used; null when that is not so. */
    @Nullable String poolFailure() {
        for (String monitor : config.monitors()) {
            Member.Verdict verdict = ofPool.get(monitor);
            if (verdict != null && !verdict.ok()) {
                return "monitor "
                        + monitor
                        + (verdict.cause() == null ? " failed" : ": " + verdict.cause());
            }
        }
        return null;
    }

    // ---- monitors

    void verdict(@Nullable NodeAddress address, String monitor, Member.Verdict verdict) {
        if (!config.monitors().contains(monitor)) {
            return;
        }
        if (address == null) {
            if (!verdict.equals(ofPool.put(monitor, verdict))) {
                roster.refresh();
            }
            return;
        }
        Map<String, Member.Verdict> known = ofConfigured.get(address);
        boolean news = known != null && !verdict.equals(known.put(monitor, verdict));
        Member member = members.at(address);
        if (member == null) {
            if (news) {
                roster.refresh();
            }
            return;
        }
        if (member.admin == Admin.DISABLED) {
            return;
        }
        Member.Verdict before = member.verdicts.put(monitor, verdict);
        if (verdict.equals(before)) {
            return;
        }
        if (before != null && !before.ok() && verdict.ok() && member.condemned != null) {
            // The monitor has seen the same outage end; it is newer evidence than live traffic.
            member.acquit();
        }
        roster.refresh(member);
    }

    /** Nobody stands for the verdict any more. */
    void retract(@Nullable NodeAddress address, String monitor) {
        for (Member member : members.present()) {
            trust(member);
        }
        if (address == null) {
            ofPool.remove(monitor);
        } else {
            Map<String, Member.Verdict> known = ofConfigured.get(address);
            if (known != null) {
                known.remove(monitor);
            }
            Member member = members.at(address);
            if (member != null) {
                member.verdicts.remove(monitor);
            }
        }
        roster.refresh();
    }

    /** That a monitor has not spoken does not put a node out of use that serves. */
    private static void trust(Member member) {
        if (member.status.health().usable()) {
            member.trusted = true;
        }
    }

    // ---- live traffic

    /** The last of so many failures in a row as condemn a node. */
    void condemn(PoolNode node, NodeFailure last, String why) {
        Member member = members.of(node);
        if (member == null || member.condemned != null || !config.passiveMonitoring()) {
            return;
        }
        if (last.fromNode() && !replaceable(member)) {
            return;
        }
        int inRow = config.nodeConnectionAttempts();
        member.condemned = inRow == 1 ? why : inRow + " failures in a row, the last: " + why;
        quarantine(member);
    }

    /**
     * Whether requests have somewhere to go without {@code member}. A node that fails some requests
     * may answer others, so the only one goes on.
     */
    private boolean replaceable(Member member) {
        return config.failurePool() != null
                || members.present().stream()
                        .anyMatch(other -> other != member && other.status.accepts(false));
    }

    void trialFailed(PoolNode node) {
        Member member = members.of(node);
        if (member != null && member.condemned != null) {
            quarantine(member);
        }
    }

    /**
     * The answer to a trial: an error is not what brings a node back that was left out for them.
     */
    void trialAnswered(PoolNode node, boolean error) {
        Member member = members.of(node);
        if (error && member != null && member.ejected) {
            member.ejections++;
            quarantine(member);
        } else if (member != null && member.condemned != null) {
            member.acquit();
            node.proven(true);
            roster.refresh();
        }
    }

    void proven(PoolNode node) {
        Member member = members.of(node);
        if (!node.proven() && member != null) {
            node.proven(true);
            roster.refresh(member);
        }
    }

    /**
     * Nothing but its own sessions may try a draining node out, and they look for a usable one: so
     * it is theirs again when its quarantine is over, and the next failure condemns it again.
     */
    void giveBack(Member member) {
        if (member.admin == Admin.DRAINING
                && member.condemned != null
                && ticker.nanos() - member.triedAgainFrom >= 0) {
            member.acquit();
            member.node.failuresInRow.set(config.nodeConnectionAttempts() - 1);
            member.node.proven(false);
            roster.refresh();
        }
    }

    private void quarantine(Member member) {
        long nanos =
                member.ejected
                        ? new Outliers(config.outliers()).ejectionNanos(member.ejections)
                        : config.retryFailTime().toNanos();
        member.triedAgainFrom = ticker.nanos() + nanos;
        roster.refresh();
        roster.quarantined(member);
    }

    // ---- outliers

    /** Judges nodes by how they answered since the last look. */
    void look() {
        new Outliers(config.outliers()).look(members.present()).forEach(this::eject);
    }

    private void eject(Outliers.Finding finding) {
        Member member = finding.member();
        member.ejected = true;
        member.ejections++;
        member.condemned =
                finding.why()
                        + " within "
                        + config.outliers().interval().toMillis() / 1000.0
                        + " s, so it is left out for a while";
        quarantine(member);
    }
}
