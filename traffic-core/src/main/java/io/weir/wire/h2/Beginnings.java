package io.weir.wire.h2;

import io.netty.channel.EventLoop;
import io.weir.wire.ClientHome;

import java.util.ArrayDeque;

/**
 * The requests of a connection that have come and have not been sent on their way, in their order;
 * and how many may be on their way at once. Confined to one event loop.
 */
final class Beginnings {

    /**
     * Requests on their way at once to whose answers the client gives no room, or memory none.
     * Further ones wait.
     */
    private static final int WITHOUT_ROOM = 4;

    private final H2ClientConnection connection;
    private final ClientHome home;
    private final EventLoop eventLoop;
    private final ArrayDeque<ClientStream> waiting = new ArrayDeque<>();
    private boolean soon;

    Beginnings(H2ClientConnection connection, ClientHome home) {
        this.connection = connection;
        this.home = home;
        this.eventLoop = connection.channel.eventLoop();
    }

    void add(ClientStream stream) {
        if (!hasRoom(stream)) {
            stream.waitsLonger();
        }
        waiting.add(stream);
    }

    /** Sends those on their way that may begin. */
    void turn() {
        int stuck = waiting.isEmpty() ? 0 : stuck();
        for (int i = waiting.size(); i > 0 && !connection.ending(); i--) {
            ClientStream stream = waiting.remove();
            if (!stream.unbegun()) {
                continue;
            }
            boolean room = hasRoom(stream);
            if (room || stuck < WITHOUT_ROOM) {
                stuck += room ? 0 : 1;
                stream.begin();
            } else {
                stream.waitsLonger();
                waiting.add(stream);
            }
        }
        if (connection.ending()) {
            waiting.clear();
        }
    }

    /** The same at the end of what the event loop is at: another request has ended. */
    void turnSoon() {
        if (!waiting.isEmpty() && !soon) {
            soon = true;
            eventLoop.execute(
                    () -> {
                        soon = false;
                        connection.loop.tick();
                        turn();
                    });
        }
    }

    /**
     * Whether {@code stream} may turn out to hold memory: its request is on its way and has not
     * been answered, or the answer stands still. Looked at once a second, but for beginning and
     * end.
     */
    void claim(ClientStream stream, boolean now) {
        if (now != stream.claims) {
            stream.claims = now;
            home.claimed(now ? 1 : -1);
        }
    }

    /** How many are on their way that cannot go on, or might not if all went on. */
    private int stuck() {
        int count = 0;
        for (H2Stream each : connection.streams.values()) {
            ClientStream stream = (ClientStream) each;
            boolean stuck = !hasWindow(stream) || home.scarce() && stream.claims;
            count += stuck && !stream.unbegun() ? 1 : 0;
        }
        return count;
    }

    /** Whether {@code stream} may begin, however many are on their way. */
    private boolean hasRoom(H2Stream stream) {
        return hasWindow(stream) && !home.scarce();
    }

    /** Whether the client would take something on {@code stream}. */
    private boolean hasWindow(H2Stream stream) {
        return stream.sendWindow > 0 && connection.sending().window() > 0;
    }
}
