package io.weir.control.local;

import io.weir.config.NodeAddress;
import io.weir.config.NodeConfig;
import io.weir.config.OverlayEntry;
import io.weir.config.load.Problem;
import io.weir.control.ActionStatus;
import io.weir.control.ActionTest;
import io.weir.control.AuditEntry;
import io.weir.control.Cause;
import io.weir.control.CheckReport;
import io.weir.control.ControlProblem;
import io.weir.control.ControlStatus;
import io.weir.control.Health;
import io.weir.control.NodeAddresses;
import io.weir.control.NodeChange;
import io.weir.control.ReloadReport;
import io.weir.control.store.Json;
import io.weir.event.Event;
import io.weir.metrics.RecentLatency.Percentiles;
import io.weir.pool.BreakerStatus;
import io.weir.runtime.DataPlane;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the façade answers, as plain documents of maps and lists whose keys are lower case with
 * dashes. The same documents go over the control socket and the metrics listener.
 */
public final class Documents {

    private Documents() {}

    /** An entry of the record of who did what. */
    public static Map<String, @Nullable Object> audit(AuditEntry entry) {
        return Json.object(
                "time", entry.time(),
                "author", entry.author().name(),
                "channel", entry.author().channel().keyword(),
                "from", entry.author().from(),
                "action", entry.action(),
                "objects", entry.objects(),
                "accepted", entry.accepted(),
                "detail", entry.detail());
    }

    /** Everything about a running Weir. */
    public static Map<String, @Nullable Object> status(ControlStatus status) {
        DataPlane.Status plane = status.plane();
        return Json.object(
                "pid", ProcessHandle.current().pid(),
                "started", status.started(),
                "uptime-seconds", Duration.between(status.started(), status.now()).toSeconds(),
                "health", health(status.health()),
                "configuration", configuration(status.configuration()),
                "virtual-servers",
                        plane.virtualServers().stream().map(Documents::virtualServer).toList(),
                "pools", plane.pools().stream().map(p -> pool(p, status)).toList(),
                "persistence-classes",
                        plane.persistence().stream().map(Documents::persistence).toList(),
                "service-level-classes",
                        plane.serviceLevels().stream().map(Documents::serviceLevel).toList(),
                "protection-classes",
                        plane.classes().protection().stream()
                                .map(ClassDocuments::protection)
                                .toList(),
                "rate-classes", plane.classes().rates().stream().map(ClassDocuments::rate).toList(),
                "bandwidth-classes",
                        plane.classes().bandwidth().stream()
                                .map(ClassDocuments::bandwidth)
                                .toList(),
                "admissions",
                        plane.classes().admissions().stream()
                                .map(ClassDocuments::admission)
                                .toList(),
                "overlay",
                        Json.object(
                                "revision", status.overlayRevision(),
                                "entries",
                                        status.overlay().entries().stream()
                                                .map(Documents::entry)
                                                .toList(),
                                "leases",
                                        status.overlay().leases().stream()
                                                .map(SafetyDocuments::lease)
                                                .toList()),
                "file-handles",
                        Json.object(
                                "open", plane.openFileHandles(), "max", plane.maxFileHandles()));
    }

    /** Alive, ready, degraded. */
    public static Map<String, @Nullable Object> health(Health health) {
        return Json.object(
                "alive", true,
                "ready", health.ready(),
                "degraded", health.degraded(),
                "reasons", health.reasons(),
                "causes", health.causes().stream().map(Documents::cause).toList());
    }

    private static Map<String, @Nullable Object> cause(Cause cause) {
        return Json.object("text", cause.text(), "object", cause.object(), "since", cause.since());
    }

    /** Why a call was refused. */
    public static Map<String, @Nullable Object> problem(ControlProblem problem) {
        Map<String, @Nullable Object> document =
                Json.object("code", problem.code(), "message", problem.message());
        switch (problem) {
            case ControlProblem.NotFound p -> {
                document.put("kind", p.kind());
                document.put("name", p.name());
                document.put("nearest", p.nearest());
            }
            case ControlProblem.Invalid p -> {
                document.put("thing", p.thing());
                document.put("found", p.found());
                document.put("expected", p.expected());
            }
            case ControlProblem.BadConfiguration p -> {
                document.put(
                        "problems",
                        problems(p.problems().stream().filter(Problem::isError).toList()));
                document.put(
                        "warnings",
                        problems(p.problems().stream().filter(w -> !w.isError()).toList()));
            }
            case ControlProblem.NotApplied p -> document.put("objects", objects(p.objects()));
            case ControlProblem.Shrinks p -> document.put("losses", p.losses());
            case ControlProblem.Forbidden _,
                    ControlProblem.Conflict _,
                    ControlProblem.Unavailable _ -> {}
        }
        return document;
    }

    /** Findings in a configuration. */
    public static List<Map<String, @Nullable Object>> problems(List<Problem> problems) {
        List<Map<String, @Nullable Object>> list = new ArrayList<>();
        for (Problem p : problems) {
            list.add(
                    Json.object(
                            "severity", lower(p.severity()),
                            "code", p.code().id(),
                            "file", p.file(),
                            "line", p.line(),
                            "column", p.column(),
                            "path", p.path(),
                            "message", p.message(),
                            "suggestion", p.suggestion(),
                            "text", p.toString()));
        }
        return list;
    }

    /** What became of a reload. */
    public static Map<String, @Nullable Object> reload(ReloadReport report) {
        return Json.object(
                "applied", report.applied(),
                "partial", report.partial(),
                "revision", report.revision(),
                "objects", objects(report.objects()),
                "warnings", problems(report.warnings()));
    }

    /** What a reload would do. */
    public static Map<String, @Nullable Object> check(CheckReport report) {
        ControlProblem refusal = report.refusal();
        return Json.object(
                "valid",
                refusal == null,
                "changes",
                report.changes(),
                "refusal",
                refusal == null ? null : problem(refusal),
                "problems",
                problems(report.problems()));
    }

    /** What became of a decision about a node. */
    public static Map<String, @Nullable Object> change(NodeChange change) {
        List<Object> pools = new ArrayList<>();
        for (NodeChange.InPool p : change.pools()) {
            pools.add(
                    Json.object(
                            "pool", p.pool(),
                            "before", lower(p.before()),
                            "now", lower(p.now()),
                            "weight", p.weight()));
        }
        return Json.object(
                "node", change.node(),
                "changed", change.changed(),
                "saved", change.saved(),
                "overlay-revision", change.overlayRevision(),
                "pools", pools);
    }

    /** Something that happened. */
    public static Map<String, @Nullable Object> event(Event event) {
        return Json.object(
                "time", event.time(),
                "severity", lower(event.severity()),
                "tag", event.tag().keyword(),
                "objects", event.objects().stream().map(Object::toString).toList(),
                "text", event.text());
    }

    /** How an action is. */
    public static Map<String, @Nullable Object> action(ActionStatus action) {
        return Json.object(
                "name", action.name(),
                "type", action.type(),
                "sent", action.sent(),
                "failed", action.failed(),
                "dropped", action.dropped(),
                "queued", action.queued(),
                "trouble", action.trouble());
    }

    /** What came of the test of an action. */
    public static Map<String, @Nullable Object> actionTest(String name, ActionTest test) {
        return Json.object(
                "action",
                name,
                "delivered",
                test.trouble() == null,
                "trouble",
                test.trouble(),
                "milliseconds",
                test.took().toMillis());
    }

    private static Map<String, @Nullable Object> configuration(
            ControlStatus.Configuration configuration) {
        ControlProblem refusal = configuration.refusal();
        return Json.object(
                "source", configuration.source(),
                "revision", configuration.revision(),
                "hash", configuration.hash(),
                "last-good", configuration.lastGood(),
                "author", configuration.author(),
                "since", configuration.since(),
                "refusal", refusal == null ? null : problem(refusal));
    }

    private static Map<String, @Nullable Object> virtualServer(
            DataPlane.VirtualServerStatus server) {
        return Json.object(
                "name", server.name(),
                "listen", server.listen(),
                "pool", server.pool(),
                "connections", server.connections(),
                "exchanges", server.exchanges(),
                "requests", server.requests(),
                "errors", server.errors(),
                "latency", latency(server.latency()));
    }

    /** Percentiles in milliseconds; null when there was no traffic. */
    private static @Nullable Map<String, @Nullable Object> latency(@Nullable Percentiles of) {
        return of == null
                ? null
                : Json.object(
                        "p50", rounded(of.p50()),
                        "p95", rounded(of.p95()),
                        "p99", rounded(of.p99()));
    }

    private static double rounded(double millis) {
        return Math.round(millis * 100) / 100.0;
    }

    private static Map<String, @Nullable Object> pool(
            DataPlane.PoolStatus pool, ControlStatus status) {
        return Json.object(
                "name", pool.name(),
                "algorithm", pool.algorithm(),
                "alive", pool.alive(),
                "queued", pool.queued(),
                "failure-pool", pool.failurePool(),
                "breaker", breaker(pool.breaker()),
                "nodes", pool.nodes().stream().map(n -> node(pool.name(), n, status)).toList());
    }

    private static @Nullable Map<String, @Nullable Object> breaker(@Nullable BreakerStatus of) {
        return of == null
                ? null
                : Json.object(
                        "state", of.state(), "cause", of.cause().isEmpty() ? null : of.cause());
    }

    private static Map<String, @Nullable Object> node(
            String pool, DataPlane.NodeView node, ControlStatus status) {
        List<OverlayEntry> entries = status.overlay().entries();
        NodeAddress address = entries.isEmpty() ? null : NodeAddresses.parse(node.node());
        List<Object> decisions = new ArrayList<>();
        for (OverlayEntry entry : entries) {
            if (address != null && entry.covers(pool, address)) {
                decisions.add(entry(entry));
            }
        }
        return Json.object(
                "node", node.node(),
                "state", node.state(),
                "health", node.health(),
                "cause", node.cause(),
                "down-since", node.downSince(),
                "ejected", node.ejected(),
                "weight", node.weight(),
                "priority", node.priority(),
                "in-flight", node.inFlight(),
                "connections", node.connections(),
                "idle-connections", node.idleConnections(),
                "requests", node.requests(),
                "failures", node.failures(),
                "last-used-seconds", node.lastUsedSeconds() < 0 ? null : node.lastUsedSeconds(),
                "decisions", decisions,
                "latency", latency(node.latency()));
    }

    /** The sessions that a node has, by class, as far as Weir remembers them. */
    static List<Map<String, @Nullable Object>> sessions(DataPlane.Status plane, NodeAddress node) {
        List<Map<String, @Nullable Object>> list = new ArrayList<>();
        for (DataPlane.PersistenceStatus of : plane.persistence()) {
            for (DataPlane.NodeSessions each : of.nodes()) {
                if (each.node().equals(node.toString())) {
                    Map<String, @Nullable Object> document = sessions(each);
                    document.put("class", of.name());
                    list.add(document);
                }
            }
        }
        return list;
    }

    private static Map<String, @Nullable Object> sessions(DataPlane.NodeSessions of) {
        return Json.object(
                "node", of.node(),
                "sessions", of.sessions(),
                "last-used-seconds", of.lastUsedSeconds());
    }

    private static Map<String, @Nullable Object> persistence(DataPlane.PersistenceStatus of) {
        return Json.object(
                "name", of.name(),
                "type", of.type(),
                "entries", of.entries() < 0 ? null : of.entries(),
                "max-entries", of.maxEntries() < 0 ? null : of.maxEntries(),
                "evicted", of.evicted(),
                "hits", of.hits(),
                "misses", of.misses(),
                "begun", of.begun(),
                "failed", of.failed(),
                "nodes", of.nodes().stream().map(Documents::sessions).toList());
    }

    private static Map<String, @Nullable Object> serviceLevel(DataPlane.ServiceLevelStatus of) {
        List<Object> nodes = new ArrayList<>();
        for (DataPlane.NodeServiceLevel each : of.nodes()) {
            nodes.add(
                    Json.object(
                            "pool", each.pool(),
                            "node", each.node(),
                            "conforming-percent", tenths(each.conforming()),
                            "answers", each.answers(),
                            "total", each.total(),
                            "late", each.late(),
                            "response-millis", times(each.times())));
        }
        return Json.object(
                "name", of.name(),
                "grade", of.grade(),
                "conforming-percent", tenths(of.conforming()),
                "answers", of.answers(),
                "response-time-millis", of.responseTimeMillis(),
                "warning-threshold", of.warningThreshold(),
                "serious-threshold", of.seriousThreshold(),
                "current", of.current(),
                "total", of.total(),
                "late", of.late(),
                "last-second-millis", times(of.lastSecond()),
                "nodes", nodes);
    }

    private static Map<String, @Nullable Object> times(DataPlane.ResponseTimes of) {
        return Json.object(
                "min", tenths(of.min()), "mean", tenths(of.mean()), "max", tenths(of.max()));
    }

    private static double tenths(double value) {
        return Math.round(value * 10) / 10.0;
    }

    private static Map<String, @Nullable Object> entry(OverlayEntry entry) {
        NodeConfig.State state = entry.state();
        return Json.object(
                "node", entry.node(),
                "pool", entry.pool(),
                "state", state == null ? null : lower(state),
                "weight", entry.weight(),
                "owner", entry.owner(),
                "reason", entry.reason(),
                "since", entry.since(),
                "expires", entry.expires(),
                "deadline", entry.deadline(),
                "at-deadline", entry.deadline() == null ? null : lower(entry.atDeadline()));
    }

    static List<Map<String, @Nullable Object>> objects(List<DataPlane.ObjectResult> objects) {
        List<Map<String, @Nullable Object>> list = new ArrayList<>();
        for (DataPlane.ObjectResult o : objects) {
            list.add(
                    Json.object(
                            "object", o.object(),
                            "change", lower(o.change()),
                            "problem", o.problem()));
        }
        return list;
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
