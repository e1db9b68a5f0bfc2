package io.weir.pool;

import io.weir.config.NodeConfig;
import io.weir.config.PoolConfig;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a pool knows and thinks of one of its nodes: wishes and findings, each kept as it came, from
 * which the node's status is worked out anew at every change. Confined to the pool's {@link
 * Serial}.
 */
final class Member {

    final PoolNode node;

    // What the operator wants.
    Admin admin = Admin.ACTIVE;
    int weight = 1;
    int priority;
    @Nullable String decision;
    boolean leaving;

    /** How many times the node was taken out of the pool. */
    int dismissals;

    // What was seen.
    final Map<String, Verdict> verdicts = new HashMap<>();

    /** What monitors said of the node as it is configured; shared. */
    Map<String, Verdict> ofName = Map.of();

    @Nullable String condemned;
    long triedAgainFrom;

    /** Whether the node was left out for how it answers, and how many times of late. */
    boolean ejected;

    int ejections;

    // What the node did between the last two looks at outliers.
    long windowRequests;
    long windowErrors;
    private long lastRequests;
    private long lastErrors;

    boolean unresolved;
    @Nullable String resolveFailure;

    /** Whether the node is used while not every monitor has spoken. */
    boolean trusted;

    // What was made of it.
    /** Place in the list that the balancer was created with. */
    int position;

    /** Whether the node has been in the pool since it began and was not usable yet. */
    boolean original;

    boolean ramping;
    long rampStart;
    boolean failReported;
    boolean resolveReported;
    boolean drainReported;

    /** Worked out last; the node itself has it a moment earlier or later. */
    NodeStatus status;

    Member(PoolNode node) {
        this.node = node;
        status = node.status();
    }

    /** What a monitor said last. */
    record Verdict(boolean ok, @Nullable String cause) {}

    void want(
            NodeConfig.State state,
            boolean held,
            int newWeight,
            int newPriority,
            @Nullable String by) {
        Admin wanted = Admin.of(state);
        if (held && wanted != Admin.DISABLED) {
            wanted = Admin.HELD;
        }
        if (wanted == Admin.DISABLED && admin != Admin.DISABLED) {
            forget();
        }
        if (wanted != Admin.DRAINING && wanted != Admin.HELD) {
            drainReported = false;
        }
        admin = wanted;
        weight = newWeight;
        priority = newPriority;
        decision = by;
    }

    /** Begins a new window. */
    void window() {
        long requests = node.requests();
        long errors = node.errors();
        windowRequests = requests - lastRequests;
        windowErrors = errors - lastErrors;
        lastRequests = requests;
        lastErrors = errors;
    }

    /** Drops what was seen: nobody looks at a disabled node, so it would only grow old. */
    private void forget() {
        verdicts.clear();
        acquit();
        trusted = false;
        original = false;
        node.proven(false);
    }

    /** Holds the failures of live traffic against the node no longer. */
    void acquit() {
        condemned = null;
        ejected = false;
        node.recovered();
    }

    /** Whether the node would be well but for the failures of live traffic. */
    boolean onlyCondemned(PoolConfig config) {
        return condemned != null && failedMonitor(config.monitors()) == null && !unresolved;
    }

    NodeStatus judge(PoolConfig config, Map<String, Verdict> poolVerdicts, Instant now) {
        String cause = failure(config);
        if (cause != null) {
            Instant since = status.health() instanceof Health.Down down ? down.since() : now;
            return new NodeStatus(admin, new Health.Down(cause, since));
        }
        if (unresolved) {
            return new NodeStatus(admin, new Health.Unchecked(false));
        }
        List<String> monitors = config.monitors();
        if (monitors.isEmpty()) {
            boolean well = node.proven() && admin != Admin.DISABLED;
            return new NodeStatus(admin, well ? new Health.Up() : new Health.Unchecked(true));
        }
        for (String monitor : monitors) {
            if (verdict(monitor) == null && !poolVerdicts.containsKey(monitor)) {
                return new NodeStatus(admin, new Health.Unchecked(trusted));
            }
        }
        return new NodeStatus(admin, new Health.Up());
    }

    private @Nullable String failure(PoolConfig config) {
        if (unresolved) {
            return resolveFailure;
        }
        String monitor = failedMonitor(config.monitors());
        if (monitor != null) {
            Verdict verdict = verdict(monitor);
            String cause = verdict == null ? null : verdict.cause();
            return "monitor " + monitor + (cause == null ? " failed" : ": " + cause);
        }
        return condemned;
    }

    private @Nullable String failedMonitor(List<String> monitors) {
        for (String monitor : monitors) {
            Verdict verdict = verdict(monitor);
            if (verdict != null && !verdict.ok()) {
                return monitor;
            }
        }
        return null;
    }

    private @Nullable Verdict verdict(String monitor) {
        Verdict own = verdicts.get(monitor);
        return own != null ? own : ofName.get(monitor);
    }

    PoolView.Entry entry() {
        return new PoolView.Entry(
                node, status, weight, priority, ramping, leaving, ejected, decision);
    }
}
