package io.weir.launcher.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Shows virtual servers, pools and nodes of a running Weir. */
@Command(
        name = "status",
        description = "Shows virtual servers, pools and nodes of the running Weir.",
        footer = {
            "",
            "Examples:",
            "  weir status",
            "  weir status -o json | jq '.pools[].nodes[] | select(.health == \"down\")'"
        })
final class StatusCommand extends WeirCommand {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());

    @Mixin InstanceOptions instance = new InstanceOptions();
    @Mixin Output output = new Output();

    StatusCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() throws CommandFailedException {
        Object answer = Remote.call(console, instance, output, "status", Map.of());
        if (!output.print(console, answer)) {
            show(Document.of(answer));
        }
        return ExitCode.OK;
    }

    private void show(Document status) {
        Document health = status.object("health");
        Document configuration = status.object("configuration");
        console.print(
                "Weir "
                        + (health.is("ready") ? "is ready" : "is NOT ready")
                        + (health.is("degraded") ? ", degraded" : "")
                        + "; up "
                        + Lengths.text(status.number("uptime-seconds"))
                        + ", pid "
                        + status.text("pid")
                        + ", revision "
                        + configuration.text("revision")
                        + " of "
                        + configuration.text("source"));
        health.texts("reasons").forEach(reason -> console.print("  ! " + reason));
        console.print("");
        virtualServers(status.objects("virtual-servers"));
        status.objects("pools").forEach(this::pool);
        persistence(status.objects("persistence-classes"));
        serviceLevels(status.objects("service-level-classes"));
        leases(status.object("overlay").objects("leases"));
        new ClassTables(console).print(status);
        strays(status);
    }

    private void leases(List<Document> leases) {
        if (!leases.isEmpty()) {
            console.print("");
        }
        for (Document lease : leases) {
            console.print(
                    "LEASE of node "
                            + lease.text("node")
                            + " by "
                            + lease.text("owner")
                            + (lease.text("reason").isEmpty()
                                    ? ""
                                    : " (" + lease.text("reason") + ")")
                            + " until "
                            + TIME.format(Instant.parse(lease.text("expires"))));
        }
    }

    private void virtualServers(List<Document> servers) {
        Table table =
                new Table(
                        "VIRTUAL SERVER",
                        "LISTENS ON",
                        "POOL",
                        ">CONNECTIONS",
                        ">EXCHANGES",
                        ">REQUESTS",
                        ">ERRORS",
                        ">P50",
                        ">P99");
        for (Document server : servers) {
            List<String> listen = server.texts("listen");
            table.row(
                    server.text("name"),
                    listen.isEmpty() ? "nothing" : String.join(", ", listen),
                    server.text("pool"),
                    server.text("connections"),
                    server.text("exchanges"),
                    server.text("requests"),
                    server.text("errors"),
                    millis(server, "p50"),
                    millis(server, "p99"));
        }
        table.lines(0).forEach(line -> console.out().println(line));
    }

    /** A percentile of the last minute; empty when there was no traffic. */
    private static String millis(Document of, String percentile) {
        String text = of.object("latency").text(percentile);
        return text.isEmpty() ? "" : text + " ms";
    }

    private void pool(Document pool) {
        console.print("");
        console.print(
                "POOL "
                        + pool.text("name")
                        + " ("
                        + pool.text("algorithm")
                        + (pool.is("alive") ? "" : ", NO USABLE NODE")
                        + breaker(pool.object("breaker"))
                        + (pool.number("queued") == 0 ? "" : ", " + pool.text("queued") + " queued")
                        + (pool.has("failure-pool")
                                ? ", failure pool " + pool.text("failure-pool")
                                : "")
                        + ")");
        Table table =
                new Table(
                        "NODE",
                        "STATE",
                        "HEALTH",
                        ">WEIGHT",
                        ">IN FLIGHT",
                        ">IDLE",
                        ">REQUESTS",
                        ">FAILURES",
                        ">P50",
                        ">P99",
                        ">LAST USED",
                        "NOTES");
        for (Document node : pool.objects("nodes")) {
            table.row(
                    node.text("node"),
                    node.text("state"),
                    node.is("ejected") ? "ejected" : node.text("health"),
                    node.text("weight"),
                    node.text("in-flight"),
                    node.text("idle-connections"),
                    node.text("requests"),
                    node.text("failures"),
                    millis(node, "p50"),
                    millis(node, "p99"),
                    node.has("last-used-seconds")
                            ? Lengths.text(node.number("last-used-seconds"))
                            : "never",
                    notes(node));
        }
        table.lines(2).forEach(line -> console.out().println(line));
    }

    /** Nothing while all is well. */
    private static String breaker(Document breaker) {
        String state = breaker.text("state");
        return state.isEmpty() || state.equals("closed")
                ? ""
                : ", CIRCUIT BREAKER "
                        + state.toUpperCase(Locale.ROOT)
                        + ": "
                        + breaker.text("cause");
    }

    private void persistence(List<Document> classes) {
        if (classes.isEmpty()) {
            return;
        }
        console.print("");
        Table table =
                new Table(
                        "PERSISTENCE CLASS",
                        "TYPE",
                        ">SESSIONS",
                        ">HITS",
                        ">MISSES",
                        ">BEGUN",
                        ">FAILED",
                        "SESSIONS BY NODE");
        for (Document each : classes) {
            table.row(
                    each.text("name"),
                    each.text("type"),
                    each.has("entries")
                            ? each.text("entries") + " of " + each.text("max-entries")
                            : "with clients",
                    each.text("hits"),
                    each.text("misses"),
                    each.text("begun"),
                    each.text("failed"),
                    String.join(
                            ", ",
                            each.objects("nodes").stream()
                                    .map(n -> n.text("node") + ": " + n.text("sessions"))
                                    .toList()));
        }
        table.lines(0).forEach(line -> console.out().println(line));
    }

    private void serviceLevels(List<Document> classes) {
        if (classes.isEmpty()) {
            return;
        }
        console.print("");
        Table table =
                new Table(
                        "SERVICE LEVEL CLASS",
                        "GRADE",
                        ">CONFORMING",
                        ">ANSWERS IN 10 S",
                        ">WITHIN",
                        ">WARN",
                        ">SERIOUS",
                        ">LATE",
                        "SLOW NODES");
        for (Document each : classes) {
            table.row(
                    each.text("name"),
                    each.text("grade"),
                    each.text("conforming-percent") + " %",
                    each.text("answers"),
                    each.text("response-time-millis") + " ms",
                    each.text("warning-threshold") + " %",
                    each.text("serious-threshold") + " %",
                    each.text("late"),
                    each.text("grade").equals("fine") ? "" : slowNodes(each));
        }
        table.lines(0).forEach(line -> console.out().println(line));
    }

    private static String slowNodes(Document level) {
        BigDecimal wanted = new BigDecimal(level.text("warning-threshold"));
        return String.join(
                ", ",
                level.objects("nodes").stream()
                        .filter(
                                n ->
                                        new BigDecimal(n.text("conforming-percent"))
                                                        .compareTo(wanted)
                                                < 0)
                        .map(n -> n.text("node") + ": " + n.text("conforming-percent") + " %")
                        .toList());
    }

    private static String notes(Document node) {
        List<String> notes = new ArrayList<>();
        if (node.has("cause")) {
            notes.add(node.text("cause"));
        }
        node.objects("decisions").forEach(each -> notes.add(decision(each)));
        return String.join("; ", notes);
    }

    private static String decision(Document decision) {
        return (decision.has("state")
                        ? decision.text("state")
                        : "weight " + decision.text("weight"))
                + " by "
                + decision.text("owner")
                + (decision.text("reason").isEmpty() ? "" : " (" + decision.text("reason") + ")")
                + (decision.has("pool") ? "" : " in every pool")
                + (decision.has("expires")
                        ? " until " + TIME.format(Instant.parse(decision.text("expires")))
                        : "")
                + (decision.has("deadline")
                        ? ", to be over at " + TIME.format(Instant.parse(decision.text("deadline")))
                        : "");
    }

    /** Decisions about nodes that no pool has any more. */
    private void strays(Document status) {
        List<Object> shown =
                status.objects("pools").stream()
                        .flatMap(p -> p.objects("nodes").stream())
                        .flatMap(n -> n.objects("decisions").stream())
                        .<Object>map(Document::values)
                        .toList();
        List<Document> strays =
                status.object("overlay").objects("entries").stream()
                        .filter(e -> shown.stream().noneMatch(s -> Objects.equals(s, e.values())))
                        .toList();
        if (!strays.isEmpty()) {
            console.print("");
            console.print("Decisions about nodes that no pool has:");
            strays.forEach(e -> console.print("  " + e.text("node") + ": " + decision(e)));
        }
    }
}
