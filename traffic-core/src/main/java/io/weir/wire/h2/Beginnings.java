package io.weir.wire.h2;

import io.netty.channel.EventLoop;
import io.weir.wire.ClientHome;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The requests of a connection that have come and have not been sent on their way, in their order;
 * those that have been; and how many may be on their way at once. Those that wait are passed over
 * for as long as none of them can begin: they may be many. Confined to one event loop.
 */
final class Beginnings {

    /**
     * Requests on their way at once to whose answers the client gives no room, or memory none.
     * Further ones wait.
     */
    private static final int WITHOUT_ROOM = 2;

    private final H2ClientConnection connection;
    private final ClientHome home;
    private final EventLoop eventLoop;
    private final ArrayDeque<ClientStream> waiting = new ArrayDeque<>();
    private final List<ClientStream> begun = new ArrayList<>();
    private boolean soon;

    /** Whether somebody waits because memory was scarce, which ends without a word. */
    private boolean forMemory;

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
        forMemory = false;
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
                forMemory |= home.scarce();
                stream.waitsLonger();
                waiting.add(stream);
            }
        }
        if (connection.ending()) {
            waiting.clear();
        }
    }

    /** The same at the end of what the event loop is at: another request has ended. */
    private void turnSoon() {
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

    /** {@code stream} is on its way. */
    void began(ClientStream stream) {
        stream.place = begun.size();
        begun.add(stream);
        claim(stream, true);
    }

    /** {@code stream} is over, whether or not it has been on its way. */
    void ended(ClientStream stream) {
        int place = stream.place;
        if (place >= 0) {
            stream.place = -1;
            ClientStream last = begun.removeLast();
            if (place < begun.size()) {
                begun.set(place, last);
                last.place = place;
            }
        }
        turnSoon();
    }

    /**
     * Looks at those that are on their way, once a second or so, and whether others may begin
     * because there is memory again; for anything else they have had their turn.
     */
    void look(long now) {
        for (ClientStream stream : begun.toArray(new ClientStream[0])) {
            stream.look(now);
        }
        if (forMemory) {
            turn();
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
        for (int i = 0; i < begun.size(); i++) {
            ClientStream stream = begun.get(i);
            boolean stuck = !hasWindow(stream) || home.scarce() && stream.claims;
            count += stuck ? 1 : 0;
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
