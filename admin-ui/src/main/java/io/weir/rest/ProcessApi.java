package io.weir.rest;

import io.weir.admin.AdminResponse;
import io.weir.admin.Permission;
import io.weir.control.Control;
import io.weir.control.ExtensionContext;
import io.weir.control.RefusedException;
import io.weir.control.local.SupportReport;
import io.weir.control.store.Json;
import io.weir.launcher.process.Version;

import java.io.IOException;
import java.util.List;

/**
 * The process as a whole: the report for those who help from afar, starting again, stopping. Safe
 * for every thread.
 */
final class ProcessApi {

    /** A report holds something of everything, so there is a kind of its own for it. */
    private static final String KIND = "process";

    private final Control control;
    private final SupportReport report;

    ProcessApi(ExtensionContext context) {
        this.control = context.control();
        this.report =
                new SupportReport(
                        control,
                        context.metrics(),
                        context.directories(),
                        context.ticker(),
                        Version.text());
    }

    List<Operation> operations() {
        return List.of(
                Operation.get(
                        "getSupportReport",
                        "/v1/process/report",
                        KIND,
                        "All that helps to find a fault from afar, without secrets and payload, as"
                                + " a file",
                        _ -> report()),
                new Operation(
                        "restart",
                        "POST",
                        "/v1/process/restart",
                        KIND,
                        Permission.CHANGE,
                        "Stops gracefully and starts again, unless the configuration is in error",
                        List.of(),
                        null,
                        202,
                        this::restart),
                new Operation(
                        "stop",
                        "POST",
                        "/v1/process/stop",
                        KIND,
                        Permission.CHANGE,
                        "Stops gracefully, for good",
                        List.of(),
                        null,
                        202,
                        this::stop));
    }

    private AdminResponse report() throws RefusedException, IOException {
        return AdminResponse.json(200, Json.write(report.document()) + "\n")
                .with("Content-Disposition", "attachment; filename=\"" + report.fileName() + "\"");
    }

    private AdminResponse restart(Request request) throws RefusedException {
        control.ending().restart(request.author());
        return begun("restart");
    }

    private AdminResponse stop(Request request) {
        control.ending().begin(request.author());
        return begun("stop");
    }

    private static AdminResponse begun(String what) {
        return Answers.document(202, Json.object("begun", what));
    }
}
