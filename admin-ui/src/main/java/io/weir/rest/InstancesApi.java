package io.weir.rest;

import io.weir.config.AdminConfig;
import io.weir.config.InstanceConfig;
import io.weir.control.Control;
import io.weir.control.ControlStatus;
import io.weir.control.store.Json;
import io.weir.launcher.process.MachineName;
import io.weir.launcher.process.Version;
import io.weir.runtime.DataPlane.VirtualServerStatus;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * This Weir and others, each in short. The others are asked when somebody looks, and not again
 * within two seconds. Safe for every thread.
 */
final class InstancesApi {

    /** Where each Weir tells of itself. */
    static final String SUMMARY = "/v1/summary";

    private static final Duration FRESH = Duration.ofSeconds(2);

    private final Control control;
    private final OtherInstances others;
    private final Ticker ticker;
    private List<OtherInstances.Seen> latest = List.of();
    private List<InstanceConfig> asked = List.of();
    private long at;

    /** Since when those that do not answer have not, by name. */
    private final Map<String, Instant> silent = new HashMap<>();

    InstancesApi(Control control, OtherInstances others, Ticker ticker) {
        this.control = control;
        this.others = others;
        this.ticker = ticker;
    }

    List<Operation> operations() {
        return List.of(
                Operation.get(
                        "getSummary",
                        SUMMARY,
                        "status",
                        "How this Weir is, in short",
                        r -> Answers.document(200, summary())),
                Operation.get(
                        "listInstances",
                        "/v1/instances",
                        "status",
                        "How this Weir and those are that global.admin.instances names, in short",
                        r -> Answers.document(200, Json.object("instances", instances()))));
    }

    private Map<String, @Nullable Object> summary() {
        ControlStatus status = control.status();
        long connections = 0;
        long requests = 0;
        long errors = 0;
        for (VirtualServerStatus each : status.plane().virtualServers()) {
            connections += each.connections();
            requests += each.requests();
            errors += each.errors();
        }
        return Json.object(
                "machine", MachineName.get(),
                "version", Version.text(),
                "started", status.started(),
                "time", status.now(),
                "revision", status.configuration().revision(),
                "ready", status.health().ready(),
                "degraded", status.health().degraded(),
                "reasons", status.health().reasons(),
                "virtual-servers", status.plane().virtualServers().size(),
                "connections", connections,
                "requests", requests,
                "errors", errors);
    }

    private List<Object> instances() throws InterruptedException {
        List<Object> all = new ArrayList<>();
        all.add(
                Json.object(
                        "name", MachineName.get(),
                        "url", null,
                        "summary", summary(),
                        "trouble", null,
                        "silent-since", null));
        AdminConfig admin = control.config().global().admin();
        for (OtherInstances.Seen each : seen(admin == null ? List.of() : admin.instances())) {
            String name = each.instance().label();
            all.add(
                    Json.object(
                            "name", name,
                            "url", each.instance().address(),
                            "summary", each.summary(),
                            "trouble", each.trouble(),
                            "silent-since", since(name)));
        }
        return all;
    }

    private synchronized @Nullable Instant since(String name) {
        return silent.get(name);
    }

    private synchronized List<OtherInstances.Seen> seen(List<InstanceConfig> instances)
            throws InterruptedException {
        if (!instances.equals(asked) || ticker.nanos() - at >= FRESH.toNanos()) {
            latest = others.look(instances);
            asked = instances;
            at = ticker.nanos();
            Map<String, Instant> still = new HashMap<>();
            for (OtherInstances.Seen each : latest) {
                if (each.trouble() != null) {
                    String name = each.instance().label();
                    still.put(name, silent.getOrDefault(name, ticker.now()));
                }
            }
            silent.clear();
            silent.putAll(still);
        }
        return latest;
    }
}
