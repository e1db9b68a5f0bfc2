package io.weir.rest;

import io.weir.admin.AdminResponse;
import io.weir.admin.AdminResponse.Sink;
import io.weir.control.AuditEntry;
import io.weir.control.Control;
import io.weir.control.RefusedException;
import io.weir.control.local.Documents;
import io.weir.control.store.Json;
import io.weir.event.Event;
import io.weir.event.EventBus;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Events, figures and the audit record; events and figures also as they come, as Server-Sent Events
 * (HTML standard, section 9.2). A reader that falls behind loses events and is told how many. Safe
 * for every thread.
 */
final class StreamsApi {

    private static final int MAX_STREAMS = 64;
    private static final int QUEUED = 1000;
    private static final int MAX_LISTED = 10_000;
    private static final long PULSE_SECONDS = 10;

    private final Control control;
    private final EventBus events;
    private final Semaphore streams = new Semaphore(MAX_STREAMS);

    StreamsApi(Control control, EventBus events) {
        this.control = control;
        this.events = events;
    }

    List<Operation> operations() {
        List<Operation> list = new ArrayList<>();
        list.add(
                Operation.get(
                                "listEvents",
                                "/v1/events",
                                "events",
                                "The latest events, oldest first",
                                this::latest)
                        .taking("max", "how many at most; 100 unless said"));
        list.add(
                Operation.get(
                        "streamEvents",
                        "/v1/events/stream",
                        "events",
                        "Events as they come, as Server-Sent Events",
                        r -> stream(this::sendEvents)));
        list.add(
                Operation.get(
                                "streamStatus",
                                "/v1/status/stream",
                                "status",
                                "The status again and again, as Server-Sent Events",
                                this::figures)
                        .taking("seconds", "between two of them, 1 to 60; 2 unless said"));
        list.add(
                Operation.get(
                                "listAudit",
                                "/v1/audit",
                                "audit",
                                "Who asked for what, the latest, oldest first",
                                this::audit)
                        .taking("max", "how many at most; 100 unless said"));
        return list;
    }

    private AdminResponse latest(Request request) throws BadRequestException {
        return Answers.document(
                200,
                Json.object(
                        "events",
                        control.events(request.number("max", 100, MAX_LISTED)).stream()
                                .map(Documents::event)
                                .toList()));
    }

    private AdminResponse audit(Request request) throws BadRequestException, RefusedException {
        List<Object> list = new ArrayList<>();
        for (AuditEntry each : control.audit().last(request.number("max", 100, MAX_LISTED))) {
            list.add(
                    Json.object(
                            "time", each.time(),
                            "author", each.author().name(),
                            "channel", each.author().channel().keyword(),
                            "from", each.author().from(),
                            "action", each.action(),
                            "objects", each.objects(),
                            "accepted", each.accepted(),
                            "detail", each.detail()));
        }
        return Answers.document(200, Json.object("entries", list));
    }

    private AdminResponse figures(Request request) throws BadRequestException {
        int seconds = Math.clamp(request.number("seconds", 2, 60), 1, 60);
        return stream(
                sink -> {
                    while (!sink.isClosed()) {
                        send(sink, "status", Json.write(Documents.status(control.status())));
                        Thread.sleep(TimeUnit.SECONDS.toMillis(seconds));
                    }
                });
    }

    private AdminResponse stream(AdminResponse.Writer writer) {
        if (!streams.tryAcquire()) {
            return Answers.problem(503, "there are " + MAX_STREAMS + " streams, which is the most");
        }
        return AdminResponse.stream(
                200,
                "text/event-stream",
                sink -> {
                    try {
                        writer.write(sink);
                    } finally {
                        streams.release();
                    }
                });
    }

    private void sendEvents(Sink sink) throws IOException, InterruptedException {
        BlockingQueue<Event> queue = new ArrayBlockingQueue<>(QUEUED);
        AtomicLong lost = new AtomicLong();
        try (EventBus.Subscription _ =
                events.subscribe(
                        event -> {
                            if (!queue.offer(event)) {
                                lost.incrementAndGet();
                            }
                        })) {
            sink.write(bytes(": events follow\n\n"));
            while (!sink.isClosed()) {
                Event event = queue.poll(PULSE_SECONDS, TimeUnit.SECONDS);
                long gone = lost.getAndSet(0);
                if (gone > 0) {
                    send(sink, "lost", "{\"events\":" + gone + "}");
                }
                if (event == null) {
                    sink.write(bytes(": still there\n\n"));
                } else {
                    send(sink, "event", Json.write(Documents.event(event)));
                }
            }
        }
    }

    private static void send(Sink sink, String type, String json)
            throws IOException, InterruptedException {
        sink.write(bytes("event: " + type + "\ndata: " + json + "\n\n"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
