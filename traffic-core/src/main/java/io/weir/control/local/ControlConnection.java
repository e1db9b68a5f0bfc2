package io.weir.control.local;

import io.weir.control.Author;
import io.weir.control.RefusedException;
import io.weir.control.store.Json;
import io.weir.event.Event;
import io.weir.event.EventBus;
import io.weir.event.EventTag;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One connection of the control socket. Confined to its virtual thread, except {@link #waits} and
 * {@link #close}.
 */
final class ControlConnection {

    private static final int FIRST_LINE = 64 << 10;
    private static final int MAX_LINE = 32 << 20;
    private static final int MAX_EVENTS_BEHIND = 1000;
    private static final long NOT_WAITING = Long.MIN_VALUE;

    private final SocketChannel channel;
    private final ControlCommands commands;
    private final Author author;
    private final EventBus events;
    private final Ticker ticker;
    private ByteBuffer input = ByteBuffer.allocate(FIRST_LINE);

    /** Since when the peer keeps us waiting, in nanoseconds of the ticker. */
    private volatile long waitingSince;

    ControlConnection(
            SocketChannel channel,
            ControlCommands commands,
            Author author,
            EventBus events,
            Ticker ticker) {
        this.channel = channel;
        this.commands = commands;
        this.author = author;
        this.events = events;
        this.ticker = ticker;
        this.waitingSince = ticker.nanos();
        input.flip();
    }

    /** Answers requests until the peer goes. */
    void serve() {
        try (channel) {
            String line = readLine();
            while (line != null) {
                waitingSince = NOT_WAITING;
                Map<String, @Nullable Object> request;
                try {
                    request = ControlCommands.request(line);
                } catch (IllegalArgumentException e) {
                    write(ControlSocket.failure(ControlCommands.malformed(e)));
                    return;
                }
                if (ControlCommands.follows(request)) {
                    follow();
                    return;
                }
                write(answer(request));
                line = readLine();
            }
        } catch (IOException e) {
            // The peer has gone, or was sent away; there is nobody left to tell.
        }
    }

    private String answer(Map<String, @Nullable Object> request) {
        try {
            return Json.write(
                    Json.object(
                            "version",
                            ControlSocket.VERSION,
                            "ok",
                            true,
                            "result",
                            commands.run(request, author)));
        } catch (RefusedException e) {
            return ControlSocket.failure(Documents.problem(e.problem()));
        } catch (IllegalArgumentException e) {
            return ControlSocket.failure(ControlCommands.malformed(e));
        } catch (RuntimeException e) {
            events.emit(EventTag.INTERNALERROR, "a control command failed: " + e);
            return ControlSocket.failure(
                    Json.object("code", "internal", "message", "Weir failed inside: " + e));
        }
    }

    /** Sends every event from now on, until the peer goes or falls too far behind. */
    private void follow() throws IOException {
        BlockingQueue<Event> queue = new ArrayBlockingQueue<>(MAX_EVENTS_BEHIND);
        try (EventBus.Subscription _ =
                events.subscribe(
                        event -> {
                            if (!queue.offer(event)) {
                                close();
                            }
                        })) {
            write(Json.write(Json.object("version", ControlSocket.VERSION, "ok", true)));
            while (channel.isOpen()) {
                waitingSince = NOT_WAITING;
                Event event = queue.poll(1, TimeUnit.SECONDS);
                // An empty line shows whether the peer is still there.
                write(event == null ? "" : Json.write(Documents.event(event)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The next line; null when the peer has ended. */
    private @Nullable String readLine() throws IOException {
        waitingSince = ticker.nanos();
        int scanned = input.position();
        while (true) {
            for (; scanned < input.limit(); scanned++) {
                if (input.get(scanned) == '\n') {
                    ByteBuffer line = input.slice(input.position(), scanned - input.position());
                    input.position(scanned + 1);
                    return decode(line);
                }
            }
            if (input.remaining() == MAX_LINE) {
                write(
                        ControlSocket.failure(
                                Json.object(
                                        "code",
                                        "invalid",
                                        "message",
                                        "the request is longer than " + MAX_LINE + " bytes")));
                return null;
            }
            scanned -= input.position();
            if (input.remaining() == input.capacity()) {
                input = ByteBuffer.allocate(2 * input.capacity()).put(input).flip();
            }
            input.compact();
            int read = channel.read(input);
            input.flip();
            if (read < 0) {
                return null;
            }
        }
    }

    private static String decode(ByteBuffer line) throws IOException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(line).toString();
        } catch (CharacterCodingException e) {
            throw new IOException("not UTF-8", e);
        }
    }

    private void write(String line) throws IOException {
        waitingSince = ticker.nanos();
        ByteBuffer out = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        while (out.hasRemaining()) {
            channel.write(out);
        }
    }

    /** Says no and closes. */
    void refuse(String why) {
        try (channel) {
            write(ControlSocket.failure(Json.object("code", "unavailable", "message", why)));
        } catch (IOException e) {
            // It would not have been served anyway.
        }
    }

    /** Whether the peer has kept us waiting for {@code patience} or longer. */
    boolean waits(Duration patience) {
        long since = waitingSince;
        return since != NOT_WAITING && ticker.nanos() - since >= patience.toNanos();
    }

    /** Ends the connection, from any thread; closing twice is harmless. */
    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // It is closed all the same.
        }
    }
}
