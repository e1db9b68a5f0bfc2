package io.weir.config.load;

import com.google.re2j.Pattern;

import io.weir.config.NodeConfig;
import io.weir.config.PoolConfig;
import io.weir.config.PoolConfig.NodeDelete;
import io.weir.config.ServiceLevelConfig;
import io.weir.config.VirtualServerConfig;
import io.weir.config.VirtualServerConfig.CookieDomain;
import io.weir.config.load.Node.Mapping;
import io.weir.log.AccessLogs;
import io.weir.log.LogDirectory;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Looks for values that are sound by themselves and make no sense beside each other. */
final class SenseCheck {

    private static final Set<String> WEIGHTED =
            Set.of(
                    "weighted-round-robin",
                    "weighted-least-connections",
                    "perceptive",
                    "power-of-two-choices",
                    "consistent-hash");

    private final Draft draft;
    private final Problems problems;

    SenseCheck(Draft draft, Problems problems) {
        this.draft = draft;
        this.problems = problems;
    }

    void check() {
        draft.virtualServers().forEach(this::virtualServer);
        new ProtocolCheck(draft, problems).check();
        draft.pools().forEach(this::pool);
        new PersistenceCheck(draft, problems).check();
        draft.serviceLevelClasses().forEach(this::serviceLevel);
        String eventLog = draft.config().global().eventLog();
        usable(
                draft.global(),
                "event-log",
                () -> LogDirectory.relative("event log \"" + eventLog + "\"", eventLog));
        Section dns = draft.global().section("dns");
        if (draft.config()
                        .global()
                        .dns()
                        .minRefresh()
                        .compareTo(draft.config().global().dns().maxRefresh())
                > 0) {
            String key = dns.has("min-refresh") ? "min-refresh" : "max-refresh";
            problems.error(
                    dns.place(key),
                    dns.path(key),
                    ProblemCode.CONTRADICTION,
                    dns.path()
                            + ": min-refresh is "
                            + Quantity.written(draft.config().global().dns().minRefresh())
                            + ", longer than max-refresh, which is "
                            + Quantity.written(draft.config().global().dns().maxRefresh()));
        }
    }

    private void virtualServer(String name, Section s) {
        VirtualServerConfig server = draft.config().virtualServers().get(name);
        if (server == null) {
            return;
        }
        if (!server.keepalive()) {
            noEffect(s, "keepalive-timeout", "keepalive is false");
        }
        if (server.proxyProtocol() && draft.config().global().trustedProxies().isEmpty()) {
            noEffect(s, "proxy-protocol", "global.trusted-proxies names nobody");
        }
        log(server, s);
        Section rewriting = s.section("rewriting");
        pair(rewriting, "location-regex", "location-replace");
        pair(rewriting, "cookie-path-regex", "cookie-path-replace");
        boolean named = server.rewriting().cookieDomain() == CookieDomain.SET_TO_NAMED;
        if (named && !rewriting.has("new-cookie-domain")) {
            problems.error(
                    rewriting.place("cookie-domain"),
                    rewriting.path("cookie-domain"),
                    ProblemCode.NEEDS_OTHER_KEY,
                    rewriting.path("cookie-domain")
                            + ": set-to-named needs the key 'new-cookie-domain'");
        } else if (!named) {
            noEffect(rewriting, "new-cookie-domain", "cookie-domain is not set-to-named");
        }
        if (server.tls() != null) {
            new TlsCheck(problems)
                    .server(s.section("tls"), server.tls(), draft.config().global().tlsEngine());
        }
        PoolConfig pool = draft.config().pools().get(server.pool());
        if (pool != null) {
            times(server, s, pool);
        }
    }

    /** Files that lie elsewhere, and formats that cannot be read. */
    private void log(VirtualServerConfig server, Section s) {
        Section log = s.section("log");
        boolean inShort = !(s.node("log") instanceof Mapping);
        usable(log, "file", () -> AccessLogs.checkFile(server.name(), server.log().file()));
        usable(
                inShort ? s : log,
                inShort ? "log" : "format",
                () -> AccessLogs.checkFormat(server.log().format()));
    }

    private void usable(Section s, String key, Runnable check) {
        try {
            check.run();
        } catch (IllegalArgumentException e) {
            problems.error(
                    s.place(key),
                    s.path(key),
                    ProblemCode.MALFORMED,
                    s.path(key) + ": " + e.getMessage());
        }
    }

    /** Both keys or none; and the replacement may name only groups that the expression has. */
    private void pair(Section s, String regexKey, String replaceKey) {
        if (s.has(regexKey) != s.has(replaceKey)) {
            String present = s.has(regexKey) ? regexKey : replaceKey;
            String absent = s.has(regexKey) ? replaceKey : regexKey;
            problems.error(
                    s.place(present),
                    s.path(present),
                    ProblemCode.NEEDS_OTHER_KEY,
                    s.path(present) + ": needs the key '" + absent + "' beside it");
            return;
        }
        String regex = s.textOrNull(regexKey);
        String replacement = s.textOrNull(replaceKey);
        if (regex == null || replacement == null) {
            return;
        }
        int groups = Pattern.compile(regex).groupCount();
        for (int at = 0; at + 1 < replacement.length(); at++) {
            int digit = replacement.charAt(at + 1) - '0';
            if (replacement.charAt(at) == '$' && digit >= 1 && digit <= 9 && digit > groups) {
                problems.error(
                        s.place(replaceKey),
                        s.path(replaceKey),
                        ProblemCode.BAD_GROUP,
                        s.path(replaceKey)
                                + ": found $"
                                + digit
                                + ", and "
                                + regexKey
                                + " has "
                                + (groups == 0 ? "no groups" : "groups up to $" + groups));
                return;
            }
        }
    }

    /** Warns when a shorter time on the client's side ends an exchange before the pool's can. */
    private void times(VirtualServerConfig server, Section s, PoolConfig pool) {
        Duration reply = pool.maxReplyTime();
        Section poolSection = draft.pools().get(pool.name());
        for (Map.Entry<String, Duration> limit :
                List.of(
                        Map.entry("timeout", server.timeout()),
                        Map.entry("max-transaction-duration", server.maxTransactionDuration()))) {
            boolean shorter = !limit.getValue().isZero() && limit.getValue().compareTo(reply) < 0;
            if (!shorter || poolSection == null || !poolSection.has("max-reply-time")) {
                continue;
            }
            boolean here = s.has(limit.getKey());
            Section at = here ? s : poolSection;
            String key = here ? limit.getKey() : "max-reply-time";
            problems.warning(
                    at.place(key),
                    at.path(key),
                    ProblemCode.TIMEOUT_NEVER_REACHED,
                    s.path(limit.getKey())
                            + " is "
                            + Quantity.written(limit.getValue())
                            + ", so max-reply-time of the pool '"
                            + pool.name()
                            + "', "
                            + Quantity.written(reply)
                            + ", is never reached and no other node is tried");
        }
    }

    private void pool(String name, Section s) {
        PoolConfig pool = draft.config().pools().get(name);
        if (pool == null) {
            return;
        }
        new TlsCheck(problems).nodes(s.section("tls"), pool.tls());
        if (!pool.keepalive()) {
            noEffect(s, "keepalive-non-idempotent", "keepalive is false");
            noEffect(s, "max-idle-connections-per-node", "keepalive is false");
            noEffect(s, "idle-timeout", "keepalive is false");
        }
        if (!pool.passiveMonitoring()) {
            noEffect(s, "node-connection-attempts", "passive-monitoring is false");
            noEffect(s, "retry-fail-time", "passive-monitoring is false");
        }
        if (!pool.algorithm().equals("consistent-hash")) {
            noEffect(s, "hash", "the algorithm is " + pool.algorithm());
        }
        if (pool.nodeDelete() == NodeDelete.IMMEDIATE) {
            noEffect(s, "drain-to-delete-timeout", "node-delete is immediate");
        }
        if (pool.maxConnectionsPerNode() == 0 && pool.maxTransactionsPerNode() == 0) {
            String reason = "neither connections nor transactions per node are limited";
            noEffect(s, "max-queue-size", reason);
            noEffect(s, "queue-timeout", reason);
        }
        if (pool.proxyProtocol() != PoolConfig.ProxyProtocol.OFF) {
            noEffect(
                    s,
                    "http2",
                    "a PROXY header names one client for the whole of a connection, so that"
                            + " HTTP/1.1 is used");
        }
        boolean weighted = pool.nodes().stream().anyMatch(node -> node.weight() != 1);
        if (weighted && !WEIGHTED.contains(pool.algorithm())) {
            problems.warning(
                    s.place("nodes"),
                    s.path("nodes"),
                    ProblemCode.NO_EFFECT,
                    s.path("nodes")
                            + ": weights have no effect: the algorithm is "
                            + pool.algorithm());
        }
        Set<Integer> priorities =
                pool.nodes().stream().map(NodeConfig::priority).collect(Collectors.toSet());
        if (priorities.size() > 1 && pool.priorityNodes() == 0) {
            problems.warning(
                    s.place("nodes"),
                    s.path("nodes"),
                    ProblemCode.NO_EFFECT,
                    s.path("nodes") + ": priorities have no effect: priority-nodes is 0");
        }
    }

    private void serviceLevel(String name, Section s) {
        ServiceLevelConfig level = draft.config().serviceLevelClasses().get(name);
        if (level == null || level.warningThreshold() == 0) {
            return;
        }
        if (level.seriousThreshold() > level.warningThreshold()) {
            String key = s.has("serious-threshold") ? "serious-threshold" : "warning-threshold";
            problems.error(
                    s.place(key),
                    s.path(key),
                    ProblemCode.CONTRADICTION,
                    s.path()
                            + ": serious-threshold is "
                            + level.seriousThreshold()
                            + ", above warning-threshold, which is "
                            + level.warningThreshold());
        }
    }

    private void noEffect(Section s, String key, String reason) {
        if (s.departs(key)) {
            problems.warning(
                    s.place(key),
                    s.path(key),
                    ProblemCode.NO_EFFECT,
                    s.path(key) + " has no effect: " + reason);
        }
    }
}
