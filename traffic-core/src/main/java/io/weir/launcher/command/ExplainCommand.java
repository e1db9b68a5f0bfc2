package io.weir.launcher.command;

import io.weir.config.Overlay;
import io.weir.config.WeirConfig;
import io.weir.config.load.ConfigLoader;
import io.weir.config.load.Environment;
import io.weir.config.load.Loaded;
import io.weir.control.Foreseer;
import io.weir.control.RefusedException;
import io.weir.control.TrafficQueries;
import io.weir.control.local.TrafficDocuments;
import io.weir.rule.RuleEngine;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tells what happened to a request, and why. */
@Command(
        name = "explain",
        description = {
            "Tells what happened to a request and why, by its id in the access log. Without an id:"
                    + " lists the exchanges that are kept, the newest first.",
            "",
            "Kept are errors, slow requests and a sample; see explain in the configuration."
        },
        footer = {
            "",
            "Examples:",
            "  weir explain 0-2s",
            "  weir explain --last-error",
            "  weir explain --virtual-server web --kept slow",
            "  weir explain 0-2s -o json",
            "  weir explain --request 'GET http://shop.example/cart' --client 192.0.2.7",
            "  weir explain --request https://shop.example/ --config new.yaml"
        })
final class ExplainCommand extends WeirCommand {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

    @Parameters(
            arity = "0..1",
            paramLabel = "ID",
            description = "The id of the exchange, as in the access log.")
    @Nullable String id;

    @Option(names = "--last-error", description = "The latest exchange that failed.")
    boolean lastError;

    @Option(
            names = "--virtual-server",
            paramLabel = "NAME",
            description = "Lists those of this virtual server.")
    @Nullable String virtualServer;

    @Option(
            names = "--node",
            paramLabel = "NODE",
            description = "Lists those that tried this node, host:port.")
    @Nullable String node;

    @Option(
            names = "--kept",
            paramLabel = "REASON",
            description = "Lists those kept for this reason: error, slow or sampled.")
    @Nullable String kept;

    @Option(
            names = "--min-status",
            paramLabel = "STATUS",
            description = "Lists those with this status or a higher one, or with none.")
    int minStatus;

    @Option(
            names = "--request",
            paramLabel = "REQUEST",
            description =
                    "Tells what would become of a request that is not sent: 'GET"
                            + " http://a.example/path'.")
    @Nullable String request;

    @Option(
            names = "--client",
            paramLabel = "ADDRESS",
            description = "With --request: the IP address that it would come from.")
    @Nullable String client;

    @Option(
            names = "--header",
            paramLabel = "FIELD",
            description = "With --request: a header field of it, 'Name: value'. May be repeated.")
    List<String> headers = new ArrayList<>();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "With --request: tells it of this configuration file instead of the running"
                            + " Weir.")
    @Nullable Path config;

    @Option(names = "-n", paramLabel = "NUMBER", description = "How many at most. Default: 50.")
    int number = 50;

    @Mixin InstanceOptions instance = new InstanceOptions();
    @Mixin Output output = new Output();

    ExplainCommand(Console console) {
        super(console);
    }

    @Override
    boolean takes(List<String> words) {
        if (words.size() > 1) {
            return false;
        }
        id = words.isEmpty() ? null : words.getFirst();
        return true;
    }

    @Override
    public Integer call() throws CommandFailedException {
        if (request != null) {
            foresee(request);
            return ExitCode.OK;
        }
        String wanted = id;
        if (wanted == null && !lastError) {
            list();
            return ExitCode.OK;
        }
        Object answer =
                wanted == null
                        ? Remote.call(console, instance, output, "last-error", Map.of())
                        : Remote.call(console, instance, output, "exchange", Map.of("id", wanted));
        if (!output.print(console, answer)) {
            new Explanation(console).show(Document.of(answer));
        }
        return ExitCode.OK;
    }

    private void foresee(String asked) throws CommandFailedException {
        Path file = config;
        Object answer;
        if (file == null) {
            Map<String, @Nullable Object> arguments = new LinkedHashMap<>();
            arguments.put("request", asked);
            arguments.put("headers", headers);
            arguments.put("client", client);
            arguments.put("virtual-server", virtualServer);
            answer = Remote.call(console, instance, output, "foresee", arguments);
        } else {
            answer = foresee(asked, file);
        }
        if (!output.print(console, answer)) {
            new Explanation(console).foresight(Document.of(answer));
        }
    }

    /** Out of a file, without a running Weir: of nodes, no more is known than stands there. */
    private Object foresee(String asked, Path file) throws CommandFailedException {
        Loaded loaded =
                ConfigLoader.load(file, Environment.of(console.machine().environment(), file));
        WeirConfig read = loaded.config();
        if (read == null || !loaded.errors().isEmpty()) {
            loaded.errors().forEach(problem -> console.print(problem.toString()));
            throw new CommandFailedException(
                    ExitCode.REFUSED, file + " has errors, expected a valid configuration");
        }
        try {
            return TrafficDocuments.foresight(
                    Foreseer.of(
                            TrafficQueries.question(asked, headers, client, virtualServer),
                            read,
                            Overlay.EMPTY,
                            null,
                            RuleEngine::find));
        } catch (RefusedException e) {
            throw new CommandFailedException(ExitCode.REFUSED, String.valueOf(e.getMessage()));
        }
    }

    private void list() throws CommandFailedException {
        Map<String, @Nullable Object> arguments = new LinkedHashMap<>();
        arguments.put("virtual-server", virtualServer);
        arguments.put("node", node);
        arguments.put("kept", kept);
        arguments.put("min-status", (long) minStatus);
        arguments.put("max", (long) number);
        Object answer = Remote.call(console, instance, output, "exchanges", arguments);
        if (output.print(console, answer)) {
            return;
        }
        Table table =
                new Table(
                        "ID",
                        "TIME",
                        "KEPT",
                        "VIRTUAL SERVER",
                        "CLIENT",
                        ">STATUS",
                        ">MS",
                        "NODE",
                        "REQUEST",
                        "CAUSE");
        for (Document each : Document.of(answer).objects("exchanges")) {
            table.row(
                    each.text("id"),
                    TIME.format(Instant.parse(each.text("time"))),
                    each.text("kept"),
                    each.text("virtualServer"),
                    each.text("client"),
                    each.text("status"),
                    each.text("millis"),
                    each.text("node"),
                    (each.text("method") + " " + each.text("host") + each.text("path")).strip(),
                    each.text("cause"));
        }
        table.lines(0).forEach(line -> console.out().println(line));
        console.out().flush();
    }
}
