package io.weir.monitor;

import io.weir.config.NodeAddress;

import org.jspecify.annotations.Nullable;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A node on a loopback port that follows a script with each connection, on a virtual thread. The
 * script can be replaced at any time, and the node can be made to refuse connections.
 */
final class ScriptedNode implements AutoCloseable {

    /** What a node does with a connection, which is closed when it returns. */
    @FunctionalInterface
    interface Script {
        void serve(Socket socket) throws IOException, InterruptedException;
    }

    private record Listening(ServerSocket socket, Thread acceptor) {}

    /** Holds the port without listening, so that nobody else gets it while the node refuses. */
    private final Socket place = new Socket();

    private final NodeAddress address;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile Script script;
    private volatile @Nullable Listening listening;

    private ScriptedNode(Script script) {
        this.script = script;
        try {
            place.setReuseAddress(true);
            place.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.address = new NodeAddress("127.0.0.1", place.getLocalPort());
        listen();
    }

    static ScriptedNode running(Script script) {
        return new ScriptedNode(script);
    }

    /** A node that refuses connections. */
    static ScriptedNode refusing() {
        ScriptedNode node = new ScriptedNode(silent());
        node.refuse();
        return node;
    }

    NodeAddress address() {
        return address;
    }

    int accepted() {
        return accepted.get();
    }

    /** The heads of the requests that {@link #answering} scripts have read. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    int openConnections() {
        return open.size();
    }

    void follow(Script next) {
        script = next;
    }

    void refuse() {
        Listening was = listening;
        listening = null;
        if (was != null) {
            closeQuietly(was.socket());
            try {
                // Until the accepting thread lets go of it, the kernel takes connections.
                was.acceptor().join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    void acceptAgain() {
        listen();
    }

    @Override
    public void close() {
        refuse();
        open.forEach(ScriptedNode::closeQuietly);
        closeQuietly(place);
    }

    /** Reads a request head and sends {@code answer} (Latin-1). */
    Script answering(String answer) {
        return socket -> {
            readRequest(socket);
            send(socket, answer);
        };
    }

    /** Reads a request head and sends {@code answer} one byte at a time, {@code millis} apart. */
    Script dribbling(String answer, int millis) {
        return socket -> {
            readRequest(socket);
            for (int i = 0; i < answer.length(); i++) {
                send(socket, answer.substring(i, i + 1));
                linger(millis);
            }
        };
    }

    /** Reads a request head, sends {@code start} and then {@code piece} again and again. */
    Script endless(String start, String piece) {
        return socket -> {
            readRequest(socket);
            send(socket, start);
            while (true) {
                send(socket, piece);
            }
        };
    }

    /** Sends {@code text} at once and then says nothing more until the check hangs up. */
    static Script saying(String text) {
        return socket -> {
            send(socket, text);
            readToEnd(socket);
        };
    }

    /** Reads what comes and says nothing. */
    static Script silent() {
        return ScriptedNode::readToEnd;
    }

    /** Neither reads nor says anything. */
    static Script frozen() {
        return socket -> new CountDownLatch(1).await();
    }

    static void send(Socket socket, String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    static String readToEnd(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** The pace of a script, not a wait of a test. */
    static void linger(int millis) throws InterruptedException {
        if (new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException();
        }
    }

    private void readRequest(Socket socket) throws IOException {
        BufferedReader reader =
                new BufferedReader(
                        new InputStreamReader(
                                socket.getInputStream(), StandardCharsets.ISO_8859_1));
        List<String> lines = new ArrayList<>();
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (line.isEmpty()) {
                requests.add(String.join("\n", lines));
                return;
            }
            lines.add(line);
        }
    }

    private void listen() {
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(place.getLocalSocketAddress(), 1024);
            listening = new Listening(socket, Thread.ofVirtual().start(() -> accept(socket)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(ServerSocket socket) {
        while (true) {
            try {
                Socket connection = socket.accept();
                accepted.incrementAndGet();
                open.add(connection);
                Script chosen = script;
                Thread.ofVirtual().start(() -> serve(chosen, connection));
            } catch (IOException _) {
                return;
            }
        }
    }

    private void serve(Script chosen, Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            chosen.serve(socket);
        } catch (IOException | InterruptedException _) {
            // The check hung up, or the node was closed: both end a script.
        } finally {
            open.remove(socket);
        }
    }

    private static void closeQuietly(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
