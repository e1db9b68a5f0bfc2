package io.weir.launcher.command;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
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
            "  weir explain 0-2s -o json"
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
