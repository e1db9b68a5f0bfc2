package io.weir.control.local;

import io.weir.control.Author;
import io.weir.control.Control;
import io.weir.control.Users;
import io.weir.control.store.Json;
import io.weir.event.EventBus;
import io.weir.event.EventTag;
import io.weir.time.Ticker;

import jdk.net.ExtendedSocketOptions;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The local door to {@link Control}: a Unix domain socket for the command line. A request and its
 * answer are one line of JSON each, over and over; see {@link ControlCommands}. Only the user that
 * Weir runs as, and root, are let in. Connections, line lengths and waiting times are bounded; each
 * connection has a virtual thread.
 */
public final class ControlSocket implements AutoCloseable {

    /** Version of the protocol, in every request and answer. */
    public static final int VERSION = 1;

    private static final int MAX_CONNECTIONS = 64;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path path;
    private final ServerSocketChannel server;
    private final UserPrincipal owner;
    private final Control control;
    private final @Nullable UserCommands users;
    private final EventBus events;
    private final Ticker ticker;
    private final Set<ControlConnection> connections = ConcurrentHashMap.newKeySet();

    private ControlSocket(
            Path path,
            ServerSocketChannel server,
            UserPrincipal owner,
            Control control,
            @Nullable Users users,
            EventBus events,
            Ticker ticker) {
        this.users = users == null ? null : new UserCommands(users, ticker);
        this.path = path;
        this.server = server;
        this.owner = owner;
        this.control = control;
        this.events = events;
        this.ticker = ticker;
    }

    /**
     * Opens the socket at {@code path}. A socket file that is there already is taken for the
     * leavings of a dead process, so the caller must hold the lock of the directory.
     *
     * @param users null for none
     * @throws IOException when the socket cannot be made
     */
    public static ControlSocket open(
            Path path, Control control, @Nullable Users users, EventBus events, Ticker ticker)
            throws IOException {
        Files.deleteIfExists(path);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(path), MAX_CONNECTIONS);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            ControlSocket socket =
                    new ControlSocket(
                            path, server, Files.getOwner(path), control, users, events, ticker);
            Thread.ofVirtual().name("control-socket").start(socket::accept);
            Thread.ofVirtual().name("control-socket-patience").start(socket::loseTheIdle);
            return socket;
        } catch (IOException | RuntimeException e) {
            server.close();
            throw new IOException("cannot open the control socket " + path + ": " + e, e);
        }
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                serve(server.accept());
            } catch (IOException | RuntimeException e) {
                if (server.isOpen() && !pause()) {
                    return; // out of file handles, say: another try later
                }
            }
        }
    }

    private void serve(SocketChannel channel) throws IOException {
        Author author;
        try {
            author = author(channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
        ControlConnection connection =
                new ControlConnection(
                        channel,
                        new ControlCommands(control, ticker, users),
                        author,
                        events,
                        ticker);
        if (author.name().isEmpty() || connections.size() >= MAX_CONNECTIONS) {
            connection.refuse(
                    author.name().isEmpty()
                            ? "only the user that Weir runs as, and root, may control it"
                            : "the control socket has too many connections already");
            return;
        }
        connections.add(connection);
        Thread.ofVirtual()
                .name("control-connection")
                .start(
                        () -> {
                            try {
                                connection.serve();
                            } catch (RuntimeException e) {
                                events.emit(
                                        EventTag.INTERNALERROR,
                                        "a control connection failed: " + e);
                            } finally {
                                connections.remove(connection);
                            }
                        });
    }

    /** Who is at the other end; without a name when it is nobody who may be there. */
    private Author author(SocketChannel channel) throws IOException {
        UserPrincipal user = channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
        boolean root = user.getName().equals("root") || user.getName().equals("0");
        return new Author(
                root || user.equals(owner) ? user.getName() : "",
                Author.Channel.COMMAND_LINE,
                "control socket");
    }

    /** A connection that keeps us waiting does not keep its place. */
    private void loseTheIdle() {
        while (server.isOpen() && pause()) {
            for (ControlConnection connection : connections) {
                if (connection.waits(PATIENCE)) {
                    connection.close();
                }
            }
        }
    }

    private static boolean pause() {
        try {
            Thread.sleep(Duration.ofSeconds(1));
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    /** Closes the socket and its connections and removes its file; closing twice is harmless. */
    @Override
    public void close() throws IOException {
        if (server.isOpen()) {
            server.close();
            Files.deleteIfExists(path);
            connections.forEach(ControlConnection::close);
        }
    }

    /** An answer that says no. */
    static String failure(Object problem) {
        return Json.write(Json.object("version", VERSION, "ok", false, "problem", problem));
    }
}
