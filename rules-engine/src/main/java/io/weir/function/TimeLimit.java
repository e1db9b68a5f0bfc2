package io.weir.function;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;

/**
 * The time that there is for something with a connection: then it is closed, which ends whatever
 * waits for the other end, a write too. Safe for every thread.
 */
final class TimeLimit implements AutoCloseable {

    private final Thread clock;
    private volatile boolean over;

    /**
     * @param socket not one of TLS, whose end would wait for what is being written
     */
    TimeLimit(Socket socket, Duration time) {
        clock = Thread.ofVirtual().name("weir-rule-limit").start(() -> end(socket, time));
    }

    private void end(Socket socket, Duration time) {
        try {
            Thread.sleep(time);
            over = true;
            socket.close();
        } catch (InterruptedException | IOException e) {
            // It was done in time, or is of no use any more.
        }
    }

    /** Whether the time was too short. */
    boolean over() {
        return over;
    }

    /** It was done. */
    @Override
    public void close() {
        clock.interrupt();
    }
}
