package io.weir.rest;

import io.weir.admin.AdminResponse;
import io.weir.admin.AdminResponse.Sink;
import io.weir.control.Control;
import io.weir.control.local.Documents;
import io.weir.control.store.Json;
import io.weir.control.store.LinePages;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * Events and figures as they come, as Server-Sent Events (HTML standard, section 9.2). Events are
 * followed in their log, so that a reader who is slow or comes back misses none as long as the log
 * has them, and nothing is queued in memory. Safe for every thread.
 */
final class StreamsApi {

    private static final int MAX_STREAMS = 64;
    private static final int AT_ONCE = 200;
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final int LOOKS_OF_A_PULSE = 50;

    private final Control control;
    private final Path logs;
    private final Semaphore streams = new Semaphore(MAX_STREAMS);

    /**
     * @param logs the directory of all logs
     */
    StreamsApi(Control control, Path logs) {
        this.control = control;
        this.logs = logs;
    }

    List<Operation> operations() {
        return List.of(
                Operation.get(
                                "streamEvents",
                                "/v1/events/stream",
                                "events",
                                "Events as they come, as Server-Sent Events",
                                this::events)
                        .taking(
                                "after",
                                "begins behind this cursor, as the field Last-Event-ID does; with"
                                        + " new events unless said"),
                Operation.get(
                                "streamStatus",
                                "/v1/status/stream",
                                "status",
                                "The status again and again, as Server-Sent Events",
                                this::figures)
                        .taking("seconds", "between two of them, 1 to 60; 2 unless said"));
    }

    private AdminResponse figures(Request request) throws BadRequestException {
        int seconds = Math.clamp(request.number("seconds", 2, 60), 1, 60);
        return stream(
                sink -> {
                    while (!sink.isClosed()) {
                        send(sink, "status", null, Json.write(Documents.status(control.status())));
                        sink.pause(Duration.ofSeconds(seconds));
                    }
                });
    }

    private AdminResponse events(Request request) throws BadRequestException {
        String last = request.http().header("Last-Event-ID");
        String after = last == null || last.isEmpty() ? request.parameter("after") : last;
        String cursor = after == null || after.equals("newest") ? null : RecordsApi.cursor(after);
        return stream(sink -> follow(sink, cursor));
    }

    private void follow(Sink sink, @Nullable String from) throws IOException, InterruptedException {
        String cursor = from == null ? LinePages.newest(RecordsApi.eventLog(control, logs)) : from;
        send(sink, "begin", cursor, "{}");
        int quiet = 0;
        while (!sink.isClosed()) {
            LinePages.Page page =
                    LinePages.read(
                            RecordsApi.eventLog(control, logs), cursor, AT_ONCE, line -> true);
            if (page.lost()) {
                send(sink, "lost", null, "{}");
            }
            for (LinePages.Line line : page.lines()) {
                Map<String, @Nullable Object> event = RecordsApi.event(line);
                if (event != null) {
                    send(sink, "event", line.cursor(), Json.write(event));
                }
            }
            cursor = page.next();
            quiet = page.lines().isEmpty() ? quiet + 1 : 0;
            if (quiet == LOOKS_OF_A_PULSE) {
                sink.write(bytes(": still there\n\n"));
                quiet = 0;
            }
            if (!page.more()) {
                sink.pause(LOOK);
            }
        }
    }

    private AdminResponse stream(AdminResponse.Writer writer) {
        if (!streams.tryAcquire()) {
            return Answers.problem(503, "there are " + MAX_STREAMS + " streams, which is the most");
        }
        return AdminResponse.stream(200, "text/event-stream", writer, streams::release);
    }

    private static void send(Sink sink, String type, @Nullable String id, String json)
            throws IOException, InterruptedException {
        sink.write(
                bytes(
                        (id == null ? "" : "id: " + id + "\n")
                                + "event: "
                                + type
                                + "\ndata: "
                                + json
                                + "\n\n"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
