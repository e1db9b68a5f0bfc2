package io.weir.soap.operations;

import io.weir.event.Event;
import io.weir.soap.call.Call;
import io.weir.soap.call.Handlers;

import java.util.List;

/** The event log, as far as the latest events reach. */
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
