package io.weir.launcher.command;

import java.util.ArrayList;
import java.util.List;

/** What {@link StatusCommand} shows about protection, rate and bandwidth classes. */
final class ClassTables {

    private final Console console;

    ClassTables(Console console) {
        this.console = console;
    }

    void print(Document status) {
        protection(status.objects("protection-classes"));
        rates(status.objects("rate-classes"));
        bandwidth(status.objects("bandwidth-classes"));
    }

    private void bandwidth(List<Document> classes) {
        Table table =
                new Table(
                        "BANDWIDTH CLASS",
                        ">KBIT/S",
                        "SHARED BY",
                        ">CONNECTIONS",
                        ">WAITING",
                        ">BYTES");
        for (Document each : classes) {
            table.row(
                    each.text("name"),
                    each.text("maximum"),
                    each.text("sharing").equals("machine") ? "all" : "nobody",
                    each.text("connections"),
                    each.text("waiting"),
                    each.text("bytes"));
        }
        show(classes, table);
    }

    private void rates(List<Document> classes) {
        Table table = new Table("RATE CLASS", ">LIMIT", ">NOW", ">QUEUED", ">ENTERED", ">REFUSED");
        for (Document each : classes) {
            List<String> limits = new ArrayList<>();
            if (each.number("max-rate-per-second") > 0) {
                limits.add(each.text("max-rate-per-second") + "/s");
            }
            if (each.number("max-rate-per-minute") > 0) {
                limits.add(each.text("max-rate-per-minute") + "/min");
            }
            table.row(
                    each.text("name"),
                    limits.isEmpty() ? "none" : String.join(", ", limits),
                    each.text("rate") + "/s",
                    each.text("queued") + " of " + each.text("max-queue"),
                    each.text("entered"),
                    each.text("refused"));
        }
        show(classes, table);
    }

    private void protection(List<Document> classes) {
        Table table =
                new Table("PROTECTION CLASS", "MODE", ">ADDRESSES", ">CONNECTIONS", "REFUSED");
        for (Document each : classes) {
            Document refused = each.object("refused");
            List<String> counts = new ArrayList<>();
            for (String reason : refused.keys()) {
                if (refused.number(reason) > 0) {
                    counts.add(reason + ": " + refused.text(reason));
                }
            }
            table.row(
                    each.text("name"),
                    !each.is("enabled") ? "off" : each.is("testing") ? "testing" : "on",
                    each.text("addresses"),
                    each.text("connections"),
                    counts.isEmpty() ? "nothing" : String.join(", ", counts));
        }
        show(classes, table);
    }

    private void show(List<Document> classes, Table table) {
        if (!classes.isEmpty()) {
            console.print("");
            table.lines(0).forEach(line -> console.out().println(line));
        }
    }
}
