package io.weir.launcher.command;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** The record of a kept exchange as text for people, from the client to the node and back. */
final class Explanation {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

    private final Console console;

    Explanation(Console console) {
        this.console = console;
    }

    void show(Document x) {
        console.print(
                "Exchange "
                        + x.text("id")
                        + " of virtual server "
                        + x.text("virtualServer")
                        + ", "
                        + TIME.format(Instant.parse(x.text("time")))
                        + ", kept as "
                        + x.text("kept"));
        if (x.has("method")) {
            console.print(
                    "  "
                            + x.text("method")
                            + " "
                            + x.text("host")
                            + x.text("path")
                            + " ("
                            + x.text("protocol")
                            + ")");
        }
        console.print(
                "  "
                        + (x.has("status") ? "status " + x.text("status") : "no status")
                        + " after "
                        + millis(x.number("micros"))
                        + (x.has("cause") ? ": " + x.text("cause") : ""));
        console.print(
                "  client "
                        + x.text("client")
                        + ":"
                        + x.text("clientPort")
                        + " came to "
                        + x.text("listener")
                        + tls(x.object("tls")));
        rules(x.objects("rules"));
        if (x.has("cache")) {
            Document cache = x.object("cache");
            console.print(
                    "  cache: "
                            + cache.text("verdict")
                            + (cache.has("why") ? " (" + cache.text("why") + ")" : "")
                            + (cache.is("stored") ? ", the answer was stored" : ""));
        }
        if (x.has("compression")) {
            console.print("  compression: " + x.text("compression"));
        }
        if (x.has("persistence")) {
            console.print("  session persistence: " + x.text("persistence"));
        }
        nodes(x);
        phases(x.objects("phases"));
        Document bytes = x.object("bytes");
        console.print(
                "  bytes: "
                        + bytes.text("fromClient")
                        + " from the client, "
                        + bytes.text("toNode")
                        + " to the node, "
                        + bytes.text("fromNode")
                        + " from the node, "
                        + bytes.text("toClient")
                        + " to the client");
        console.out().flush();
    }

    /** What would become of a request. */
    void foresight(Document x) {
        if (x.has("virtualServer")) {
            console.print(
                    "virtual server "
                            + x.text("virtualServer")
                            + (x.has("listener") ? " at " + x.text("listener") : ""));
        }
        for (Document step : x.objects("steps")) {
            console.print(
                    "  "
                            + step.text("what")
                            + ": "
                            + step.text("result")
                            + (step.has("detail") ? " (" + step.text("detail") + ")" : ""));
        }
        nodes(x);
        console.print(x.text("text"));
        console.out().flush();
    }

    private static String tls(Document tls) {
        return tls.keys().isEmpty()
                ? " in the clear"
                : " by "
                        + tls.text("version")
                        + " with "
                        + tls.text("cipher")
                        + (tls.has("serverName") ? " for " + tls.text("serverName") : "")
                        + (tls.is("resumed") ? ", a resumed session" : "");
    }

    private void rules(List<Document> rules) {
        for (Document rule : rules) {
            console.print(
                    "  "
                            + rule.text("state")
                            + " rule "
                            + rule.text("rule")
                            + ": "
                            + rule.text("result")
                            + " after "
                            + millis(rule.number("micros"))
                            + (rule.has("text") ? ": " + rule.text("text") : ""));
        }
    }

    private void nodes(Document x) {
        String pool = "";
        for (Document node : x.objects("candidates")) {
            if (!node.text("pool").equals(pool)) {
                pool = node.text("pool");
                console.print("  pool " + pool + ":");
            }
            console.print(
                    "    "
                            + (node.is("chosen") ? "* " : "  ")
                            + node.text("node")
                            + " "
                            + node.text("why"));
        }
        for (Document each : x.objects("tries")) {
            console.print(
                    "  tried "
                            + each.text("node")
                            + " of pool "
                            + each.text("pool")
                            + (each.is("reused") ? " over a kept connection" : "")
                            + ": "
                            + each.text("result")
                            + " after "
                            + millis(each.number("micros")));
        }
    }

    private void phases(List<Document> phases) {
        if (phases.isEmpty()) {
            return;
        }
        Table table = new Table("PHASE", ">FROM", ">TOOK");
        for (Document phase : phases) {
            table.row(
                    phase.text("name"),
                    millis(phase.number("startMicros")),
                    millis(phase.number("micros")));
        }
        table.lines(2).forEach(line -> console.out().println(line));
    }

    private static String millis(long micros) {
        return String.format(Locale.ROOT, "%.1f ms", micros / 1000.0);
    }
}
