package io.weir.launcher.command;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;

/** Shows the client connections of a running Weir. */
@Command(
        name = "connections",
        description = {
            "Shows the client connections of the running Weir that are open now, and with --ended"
                    + " exchanges of the last minute, too.",
            "",
            "States: R reading from the client, X executing a rule, c connecting to a node or"
                + " waiting for one, w writing to the node, r reading from the node, W writing to"
                + " the client, C closing, K kept for the next request, E ended."
        },
        footer = {
            "",
            "Examples:",
            "  weir connections",
            "  weir connections --virtual-server web --state r",
            "  weir connections --node 10.0.0.11:80 --ended -o json"
        })
final class ConnectionsCommand extends WeirCommand {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());

    @Option(
            names = "--virtual-server",
            paramLabel = "NAME",
            description = "Only those of this virtual server.")
    @Nullable String virtualServer;

    @Option(
            names = "--node",
            paramLabel = "NODE",
            description = "Only those whose exchange is on this node, host:port.")
    @Nullable String node;

    @Option(
            names = "--client",
            paramLabel = "ADDRESS",
            description = "Only those of this IP address.")
    @Nullable String client;

    @Option(names = "--state", paramLabel = "LETTER", description = "Only those in this state.")
    @Nullable String state;

    @Option(names = "--ended", description = "Also exchanges that have just ended.")
    boolean ended;

    @Option(names = "-n", paramLabel = "NUMBER", description = "How many at most. Default: 500.")
    int number = 500;

    @Mixin InstanceOptions instance = new InstanceOptions();
    @Mixin Output output = new Output();

    ConnectionsCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() throws CommandFailedException {
        Map<String, @Nullable Object> arguments = new LinkedHashMap<>();
        arguments.put("virtual-server", virtualServer);
        arguments.put("node", node);
        arguments.put("client", client);
        arguments.put("state", state);
        arguments.put("max", (long) number);
        arguments.put("ended", ended);
        Object answer = Remote.call(console, instance, output, "connections", arguments);
        if (!output.print(console, answer)) {
            show(Document.of(answer));
        }
        return ExitCode.OK;
    }

    private void show(Document list) {
        Table table =
                new Table(
                        "STATE",
                        "KIND",
                        "VIRTUAL SERVER",
                        "CLIENT",
                        "NODE",
                        "SINCE",
                        ">IDLE",
                        ">IN",
                        ">OUT",
                        ">REQUESTS",
                        "URL");
        for (Document each : list.objects("connections")) {
            table.row(
                    each.text("state"),
                    each.text("kind"),
                    each.text("virtualServer"),
                    each.text("client"),
                    each.text("node"),
                    TIME.format(Instant.parse(each.text("since"))),
                    Lengths.text(each.number("idleMillis") / 1000),
                    each.text("bytesIn"),
                    each.text("bytesOut"),
                    each.text("requests"),
                    each.text("url") + (each.has("rule") ? " in rule " + each.text("rule") : ""));
        }
        table.lines(0).forEach(line -> console.out().println(line));
        int shown = list.objects("connections").size();
        console.print(
                list.number("total") == shown
                        ? shown + " connections"
                        : shown + " of " + list.text("total") + " connections");
    }
}
