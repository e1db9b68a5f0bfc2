package io.weir.testkit;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * A scripted node on a loopback port of its own: a behaviour per connection, on virtual threads,
 * and a record of every byte received. Safe for every thread.
 */
public final class FakeNode implements AutoCloseable {

    private final String name;
    private final int port;

    /** Holds the port without listening, so that nobody else gets it while the node refuses. */
    private final Socket place;

    private final List<NodeConnection> connections = new CopyOnWriteArrayList<>();
    private final List<ReceivedRequest> requests = Collections.synchronizedList(new ArrayList<>());
    private final List<String> violations = new CopyOnWriteArrayList<>();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger mostOpen = new AtomicInteger();
    private volatile Behaviour behaviour;
    private volatile @Nullable ServerSocket server;
    private volatile Thread acceptor;
    private volatile @Nullable SSLContext tls;
    private volatile String[] protocols = {};
    private volatile boolean demanding;

    private FakeNode(String name, Behaviour behaviour) throws IOException {
        this.name = name;
        this.behaviour = behaviour;
        this.place = new Socket();
        place.setReuseAddress(true);
        place.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        this.port = place.getLocalPort();
        ServerSocket socket = listen(port);
        this.server = socket;
        this.acceptor = acceptOn(socket);
    }

    /** A node called {@code name} that behaves like {@link Behaviour#answering()}. */
    public static FakeNode answering(String name) {
        return start(name, Behaviour.answering());
    }

    /** A node called {@code name} with a behaviour. */
    public static FakeNode start(String name, Behaviour behaviour) {
        try {
            return new FakeNode(name, behaviour);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A node called {@code name} that speaks TLS.
     *
     * @param protocols agreed upon by ALPN; none for no answer to that
     */
    public static FakeNode secured(
            String name, SSLContext tls, Behaviour behaviour, String... protocols) {
        FakeNode node = start(name, behaviour);
        node.protocols = protocols;
        node.tls = tls;
        return node;
    }

    /** Clients over TLS have to show a certificate from now on. */
    public FakeNode demandingCertificates() {
        demanding = true;
        return this;
    }

    /** A node called {@code name} that refuses connections until {@link #revive()}. */
    public static FakeNode refusing(String name) {
        FakeNode node = answering(name);
        node.kill();
        return node;
    }

    /** The name that its answers carry. */
    public String name() {
        return name;
    }

    /** The port it listens on, also while it refuses. */
    public int port() {
        return port;
    }

    /** The address as a configuration names it. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    /** Serves connections accepted from now on by {@code next}. */
    public void behave(Behaviour next) {
        behaviour = next;
    }

    /** Connections accepted since the start. */
    public int connections() {
        return accepted.get();
    }

    /** Connections open now. */
    public int openConnections() {
        return open.get();
    }

    /** The highest number of connections open at one time. */
    public int mostOpenConnections() {
        return mostOpen.get();
    }

    /** The connections accepted since the start or the last {@link #forget}, oldest first. */
    public List<NodeConnection> connectionLog() {
        return List.copyOf(connections);
    }

    /** Complete requests since the start or the last {@link #forget}. */
    public int requests() {
        return requests.size();
    }

    /**
     * The complete requests since the start or the last {@link #forget}, in order of completion.
     */
    public List<ReceivedRequest> received() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    /** What was received that is not exactly one unambiguous message; empty on a good day. */
    public List<String> violations() {
        return List.copyOf(violations);
    }

    /** Waits until {@code count} complete requests have been received. */
    public FakeNode awaitRequests(int count) {
        Await.until(count + " requests at node " + name, () -> requests() >= count);
        return this;
    }

    /** Waits until every byte that has arrived was read and the behaviours wait for more. */
    public FakeNode settle() {
        Await.until(
                "node " + name + " to have read everything",
                () -> connections.stream().allMatch(NodeConnection::settled));
        return this;
    }

    /** Empties the record of requests, violations and closed connections. */
    public void forget() {
        requests.clear();
        violations.clear();
        connections.removeIf(connection -> !connection.open());
    }

    /** Refuses connections from now on and resets those that are open. */
    public void kill() {
        stopAccepting();
        connections.forEach(NodeConnection::reset);
    }

    /** Refuses connections from now on; those that are open live on. */
    public void stopAccepting() {
        ServerSocket socket = server;
        server = null;
        if (socket != null) {
            try {
                socket.close();
                // The kernel goes on accepting until the thread that accepts has woken up.
                acceptor.join();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Listens again on the same port after {@link #kill} or {@link #stopAccepting}. */
    public void revive() {
        try {
            ServerSocket socket = listen(port);
            server = socket;
            acceptor = acceptOn(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        kill();
        Await.until("the connections of node " + name + " to end", () -> open.get() == 0);
        try {
            place.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void completed(ReceivedRequest request) {
        requests.add(request);
    }

    private static ServerSocket listen(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 4096);
        return socket;
    }

    private Thread acceptOn(ServerSocket socket) {
        return Thread.ofVirtual()
                .name("node-" + name + "-accept")
                .start(
                        () -> {
                            while (true) {
                                try {
                                    begin(socket.accept());
                                } catch (IOException closed) {
                                    return;
                                }
                            }
                        });
    }

    /** A connection is in the log before it counts, so that who has seen it counted finds it. */
    private synchronized void begin(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        int number = accepted.get() + 1;
        NodeConnection connection = new NodeConnection(this, secured(socket), socket, number);
        connections.add(connection);
        mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
        accepted.set(number);
        if (server == null) {
            connection.reset();
        }
        Behaviour chosen = behaviour;
        Thread.ofVirtual().name("node-" + name + "-" + number).start(() -> run(chosen, connection));
    }

    private Socket secured(Socket socket) throws IOException {
        SSLContext context = tls;
        if (context == null) {
            return socket;
        }
        SSLSocket secured = (SSLSocket) context.getSocketFactory().createSocket(socket, null, true);
        secured.setUseClientMode(false);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setApplicationProtocols(protocols);
        secured.setSSLParameters(parameters);
        secured.setNeedClientAuth(demanding);
        return secured;
    }

    private void run(Behaviour chosen, NodeConnection connection) {
        try {
            chosen.serve(connection);
            connection.close();
        } catch (AmbiguousMessage ambiguous) {
            violations.add("connection " + connection.number() + ": " + ambiguous.getMessage());
            connection.reset();
        } catch (IOException gone) {
            // The other side closed, or the node was killed: both are part of the script.
            connection.reset();
        } finally {
            open.decrementAndGet();
        }
    }
}
