package io.weir.soap.operations;

import io.weir.config.load.Problem;
import io.weir.control.ControlProblem;
import io.weir.control.ControlStatus;
import io.weir.control.RefusedException;
import io.weir.control.local.SupportReport;
import io.weir.control.store.Json;
import io.weir.event.Event;
import io.weir.event.EventTag;
import io.weir.event.ObjectRef;
import io.weir.event.Severity;
import io.weir.launcher.process.Version;
import io.weir.runtime.DataPlane;
import io.weir.soap.call.Call;
import io.weir.soap.call.Handlers;
import io.weir.soap.call.Services;
import io.weir.soap.call.SoapProblem;
import io.weir.soap.table.StructValue;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What is wrong right now, and the report for those who help from afar. */
final class DiagnoseCalls {

    private static final int EVENTS = 1000;

    private DiagnoseCalls() {}

    static void register(Handlers handlers) {
        handlers.on("Diagnose.diagnoseSystem", call -> diagnose(call, false));
        handlers.on("Diagnose@1.0.diagnoseSystem", call -> diagnose(call, true));
        handlers.on("Diagnose.getTechnicalSupportReport", DiagnoseCalls::report);
        handlers.on("Diagnose.getInactiveTrafficManagers", call -> List.of());
        handlers.on("Diagnose.activateTrafficManagers", DiagnoseCalls::activate);
    }

    private static Object report(Call call) throws SoapProblem {
        Services weir = call.services();
        SupportReport report =
                new SupportReport(
                        weir.control(),
                        weir.metrics(),
                        weir.directories(),
                        weir.ticker(),
                        Version.text());
        try {
            return (Json.write(report.document()) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (RefusedException e) {
            throw call.refused(e);
        } catch (IOException e) {
            throw SoapProblem.internal("the report could not be made: " + e);
        }
    }

    private static @Nullable Object activate(Call call) throws SoapProblem {
        for (String host : call.texts(0)) {
            if (!host.equals(MachineCalls.hostName())) {
                throw SoapProblem.invalid(
                        "the traffic manager '" + host + "' could not be found",
                        host,
                        "hostnames",
                        host);
            }
        }
        return null;
    }

    private static Object diagnose(Call call, boolean old) {
        ControlStatus status = call.services().control().status();
        List<StructValue> systems = new ArrayList<>();
        for (String trouble : status.health().reasons()) {
            systems.add(StructValue.of(call.type("SystemStatus"), "Weir", "ERR_SERIOUS", trouble));
        }
        return StructValue.of(
                call.type("ErrorInfo"),
                List.of(),
                configErrors(call, status),
                List.of(),
                failedNodes(call, status, old),
                systems);
    }

    private static List<StructValue> configErrors(Call call, ControlStatus status) {
        ControlProblem refusal = status.configuration().refusal();
        List<StructValue> errors = new ArrayList<>();
        if (refusal instanceof ControlProblem.BadConfiguration bad) {
            for (Problem problem : bad.problems()) {
                errors.add(
                        StructValue.of(
                                call.type("ConfigError"),
                                problem.file().toString(),
                                problem.path(),
                                problem.isError() ? "ERR_SERIOUS" : "ERR_WARN",
                                status.now(),
                                problem.message()));
            }
        } else if (refusal != null) {
            errors.add(
                    StructValue.of(
                            call.type("ConfigError"),
                            status.configuration().source(),
                            "",
                            "ERR_SERIOUS",
                            status.now(),
                            refusal.message()));
        }
        return errors;
    }

    private static List<StructValue> failedNodes(Call call, ControlStatus status, boolean old) {
        List<Event> events = call.services().events().recent(EVENTS);
        List<StructValue> failed = new ArrayList<>();
        for (DataPlane.PoolStatus pool : status.plane().pools()) {
            for (DataPlane.NodeView node : pool.nodes()) {
                String cause = node.cause();
                if (cause == null) {
                    continue;
                }
                Instant since = failure(events, node.node(), status.started());
                long down = Duration.between(since, status.now()).toSeconds();
                long unused = Math.max(0, node.lastUsedSeconds());
                String host = NodeStats.host(node.node());
                Long port = NodeStats.port(node.node());
                failed.add(
                        old
                                ? StructValue.of(
                                        call.type("FailedNode"),
                                        node.node(),
                                        host,
                                        port,
                                        down,
                                        unused,
                                        cause)
                                : StructValue.of(
                                        call.type("FailedNode"),
                                        node.node(),
                                        host,
                                        port,
                                        pool.name(),
                                        since,
                                        status.now().minusSeconds(unused),
                                        cause));
            }
        }
        return failed;
    }

    /** When the node last began to fail, as far as the events of late tell. */
    private static Instant failure(List<Event> events, String node, Instant otherwise) {
        Instant since = otherwise;
        for (Event event : events) {
            if (event.tag() == EventTag.NODEFAIL
                    && event.severity() == Severity.SERIOUS
                    && event.objects().contains(ObjectRef.node(node))) {
                since = event.time();
            }
        }
        return since;
    }
}
