package io.weir.launcher.command;

import java.util.ArrayList;
import java.util.List;

/** What {@link StatusCommand} shows about classes and admissions. */
final class ClassTables {

    private final Console console;

    ClassTables(Console console) {
        this.console = console;
    }

    void print(Document status) {
        protection(status.objects("protection-classes"));
        rates(status.objects("rate-classes"));
        bandwidth(status.objects("bandwidth-classes"));
        admissions(status.objects("admissions"));
    }

    private void admissions(List<Document> all) {
        Table table =
                new Table("ADMISSION", ">REQUESTS", ">LIMIT", ">BASE MS", ">NOW MS", "REFUSED");
        for (Document each : all) {
            table.row(
                    each.text("kind").replace('-', ' ') + " " + each.text("name"),
                    each.text("requests"),
                    each.text("limit"),
                    each.text("base-millis"),
                    each.text("latency-millis"),
                    counts(each.object("refused")));
        }
        show(all, table);
    }

    private static String counts(Document byReason) {
        List<String> counts = new ArrayList<>();
        for (String reason : byReason.keys()) {
            if (byReason.number(reason) > 0) {
                counts.add(reason + ": " + byReason.text(reason));
            }
        }
        return counts.isEmpty() ? "nothing" : String.join(", ", counts);
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
            table.row(
                    each.text("name"),
                    !each.is("enabled") ? "off" : each.is("testing") ? "testing" : "on",
                    each.text("addresses"),
                    each.text("connections"),
                    counts(each.object("refused")));
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
