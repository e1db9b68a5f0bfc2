package io.weir.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * What a scripted node does with a connection. Runs on a virtual thread of its own for each
 * connection; the connection is closed when it returns. An {@link AmbiguousMessage} it throws is
 * kept by the node as a violation.
 */
@FunctionalInterface
public interface Behaviour {

    /** Serves {@code connection} to its end. */
    void serve(NodeConnection connection) throws IOException;

    /**
     * A well-behaved HTTP/1.1 node: answers every request with 200, the fields {@code X-Node},
     * {@code X-Connection} and {@code X-Number}, and what was sent as body, or {@code hello}.
     */
    static Behaviour answering() {
        return connection -> serve(connection, request -> answer(connection.node(), request));
    }

    /** Answers every request with the bytes that {@code answers} gives for it, keeping alive. */
    static Behaviour answering(Function<ReceivedRequest, byte[]> answers) {
        return connection -> serve(connection, answers);
    }

    /** Answers every complete request with Latin-1 {@code response} and reads on. */
    static Behaviour saying(String response) {
        return answering(request -> response.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Answers every complete request with 200 and {@code body}. */
    static Behaviour giving(String body) {
        return saying("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    /** Answers the first complete request with {@code response} and closes with FIN. */
    static Behaviour sayingOnce(byte[] response) {
        return connection -> {
            if (connection.request() != null) {
                connection.send(response);
            }
        };
    }

    /** Accepts, reads everything and never says anything. */
    static Behaviour silent() {
        return NodeConnection::drain;
    }

    /** Accepts and does nothing: what is sent fills the kernel's buffers. */
    static Behaviour frozen() {
        return NodeConnection::freeze;
    }

    /** Closes as soon as a connection is accepted. */
    static Behaviour closingAtOnce() {
        return NodeConnection::close;
    }

    /** Resets the connection once {@code bytes} have been received. */
    static Behaviour resettingAfter(int bytes) {
        return connection -> {
            connection.exactly(bytes);
            connection.reset();
        };
    }

    /** Reads a request, sends {@code bytes} of garbage and closes. */
    static Behaviour garbage(long seed, int bytes) {
        return connection -> {
            if (connection.request() != null) {
                byte[] garbage = new byte[bytes];
                new Random(seed + connection.number()).nextBytes(garbage);
                connection.send(garbage);
            }
        };
    }

    /** Reads a request, sends FIN without an answer and keeps the receiving half open. */
    static Behaviour halfClosing() {
        return connection -> {
            if (connection.request() != null) {
                connection.halfClose();
                connection.drain();
            }
        };
    }

    /** Answers like {@link #answering()} but closes after each answer without announcing it. */
    static Behaviour closingAfterEach() {
        return connection -> {
            ReceivedRequest request = connection.request();
            if (request != null) {
                connection.send(answer(connection.node(), request));
            }
        };
    }

    /** Answers every request with {@code response}, one byte at a time, {@code pace} apart. */
    static Behaviour dribbling(String response, Duration pace) {
        return connection -> {
            while (connection.request() != null) {
                for (byte b : response.getBytes(StandardCharsets.ISO_8859_1)) {
                    connection.send(new byte[] {b});
                    if (!connection.linger(pace)) {
                        return;
                    }
                }
            }
        };
    }

    /** This behaviour, each connection of which begins after {@code delay}. */
    default Behaviour after(Duration delay) {
        return connection -> {
            if (connection.linger(delay)) {
                serve(connection);
            }
        };
    }

    /** This behaviour, each connection of which begins when {@code may} is complete. */
    default Behaviour after(CompletableFuture<?> may) {
        return connection -> {
            may.join();
            serve(connection);
        };
    }

    /** The answer of {@link #answering()} to {@code request}. */
    static byte[] answer(FakeNode node, ReceivedRequest request) {
        String body = request.body().length == 0 ? "hello" : request.text();
        boolean bodiless = request.method().equals("HEAD");
        return ("HTTP/1.1 200 OK\r\nContent-Length: "
                        + body.length()
                        + "\r\nX-Node: "
                        + node.name()
                        + "\r\nX-Connection: "
                        + request.connection()
                        + "\r\nX-Number: "
                        + request.number()
                        + "\r\n\r\n"
                        + (bodiless ? "" : body))
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void serve(NodeConnection connection, Function<ReceivedRequest, byte[]> answers)
            throws IOException {
        for (ReceivedRequest request = connection.request();
                request != null;
                request = connection.request()) {
            connection.send(answers.apply(request));
            if (!request.keepsAlive()) {
                return;
            }
        }
    }
}
