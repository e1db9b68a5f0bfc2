package io.weir.soap.operations;

import io.weir.control.AuditEntry;
import io.weir.control.RefusedException;
import io.weir.event.Event;
import io.weir.soap.call.Call;
import io.weir.soap.call.Handlers;
import io.weir.soap.call.SoapProblem;
import io.weir.soap.table.StructValue;

import java.util.ArrayList;
import java.util.List;

/** The event log, as far as the latest events reach, and the record of who did what. */
final class LogCalls {

    /** What no number of lines stands for, as the model product has it. */
    private static final int LINES = 1024;

    private LogCalls() {}

    static void register(Handlers handlers) {
        handlers.on(
                "System.Log.getErrorLogLines",
                call -> {
                    long asked = call.number(0);
                    return lines(call, asked <= 0 ? LINES : (int) Math.min(asked, LINES));
                });
        handlers.on("System.Log.getErrorLogString", call -> lines(call, LINES));
        handlers.on("System.Log.getAuditLog", call -> audit(call, LINES));
        handlers.on(
                "System.Log.getAuditLogLines",
                call -> {
                    long asked = call.number(0);
                    return audit(call, asked <= 0 ? LINES : (int) Math.min(asked, LINES));
                });
    }

    private static Object audit(Call call, int max) throws SoapProblem {
        List<StructValue> items = new ArrayList<>();
        try {
            for (AuditEntry entry : call.services().control().audit().last(max)) {
                String text =
                        entry.action()
                                + (entry.accepted() ? "" : " refused")
                                + (entry.detail().isEmpty() ? "" : ": " + entry.detail());
                items.add(
                        StructValue.of(
                                call.type("AuditItem"),
                                entry.time(),
                                entry.author().name(),
                                "",
                                entry.author().channel().keyword(),
                                entry.author().from(),
                                "Adhoc",
                                StructValue.of(
                                        call.type("Adhoc"),
                                        text,
                                        String.join(", ", entry.objects()))));
            }
        } catch (RefusedException e) {
            throw SoapProblem.internal(e.problem().message());
        }
        return items;
    }

    private static String lines(Call call, int max) {
        StringBuilder lines = new StringBuilder();
        List<Event> events = call.services().events().recent(max);
        for (Event event : events) {
            lines.append(event.time())
                    .append('\t')
                    .append(event.severity())
                    .append('\t')
                    .append(event.tag().section())
                    .append('_')
                    .append(event.tag().keyword())
                    .append('\t')
                    .append(event.text().replace('\n', ' '))
                    .append('\n');
        }
        return lines.toString();
    }
}
