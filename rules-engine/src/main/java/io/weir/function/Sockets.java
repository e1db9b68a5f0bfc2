package io.weir.function;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.Socket;
import java.util.HashMap;
import java.util.Map;

/**
 * The connections that a rule has opened in one run, pauses included. Bounded. Confined to one
 * event loop.
 */
public final class Sockets {

    private static final int MAX = 8;

    private final Map<Integer, Socket> open = new HashMap<>();
    private int last;

    int add(Socket socket) {
        if (open.size() >= MAX) {
            close(socket);
            throw new RuleErrorException("a rule has at most " + MAX + " connections at once");
        }
        open.put(++last, socket);
        return last;
    }

    Socket get(int number) {
        Socket socket = open.get(number);
        if (socket == null) {
            throw new RuleErrorException("there is no connection " + number);
        }
        return socket;
    }

    @Nullable Socket remove(int number) {
        return open.remove(number);
    }

    /** Closes all of them. */
    public void close() {
        open.values().forEach(Sockets::close);
        open.clear();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is of no use any more.
        }
    }
}
