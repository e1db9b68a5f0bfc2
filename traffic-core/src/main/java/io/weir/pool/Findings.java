package io.weir.pool;

import io.weir.config.NodeAddress;
import io.weir.config.NodeConfig;
import io.weir.config.PoolConfig;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;

/**
 * What was seen of the nodes of one pool: verdicts of monitors, failures of live traffic, answers
 * out of the ordinary. Confined to the pool's {@link Serial}.
 */
final class Findings {

    private final Members members;
    private final Ticker ticker;
    private final Roster roster;
    private final Map<String, Member.Verdict> ofPool = new HashMap<>();

    /** What monitors said of names that stand for a node per address. */
    private final Map<NodeAddress, Map<String, Member.Verdict>> ofNames = new HashMap<>();

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
    void configure(PoolConfig next) {
        config = next;
        ofPool.keySet().retainAll(next.monitors());
        ofNames.keySet().retainAll(next.nodes().stream().map(NodeConfig::address).toList());
        ofNames.values().forEach(of -> of.keySet().retainAll(next.monitors()));
    }

    /** The same for {@code member}, which is wanted like this. */
    void heed(Member member, Wanted wanted, PoolConfig now) {
        boolean usable = member.status.health().usable();
        member.verdicts.keySet().retainAll(now.monitors());
        if (usable) {
            // A monitor that is new to a node that serves does not put it out of use.
            member.trusted = true;
        }
        boolean kept = member.ejected ? now.outliers().enabled() : now.passiveMonitoring();
        if (!kept) {
            member.condemned = null;
            member.ejected = false;
        }
        member.ofName =
                wanted.config().address().equals(wanted.configured())
                        ? Map.of()
                        : ofNames.computeIfAbsent(wanted.configured(), n -> new HashMap<>());
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
        Member member = members.at(address);
        if (member == null) {
            Map<String, Member.Verdict> ofName = ofNames.get(address);
            if (ofName != null && !verdict.equals(ofName.put(monitor, verdict))) {
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
            acquit(member);
        }
        roster.refresh(member);
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
            acquit(member);
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

    private static void acquit(Member member) {
        member.condemned = null;
        member.ejected = false;
        member.node.recovered();
    }

    private void quarantine(Member member) {
        long nanos =
                member.ejected
                        ? new Outliers(config.outliers()).ejectionNanos(member.ejections)
                        : config.retryFailTime().toNanos();
        member.triedAgainFrom = ticker.nanos() + nanos;
        roster.refresh();
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
