package io.weir.testkit;

import io.weir.admin.Caller;
import io.weir.admin.Permissions;
import io.weir.admin.SignInCheck;
import io.weir.admin.server.AdminServer;
import io.weir.config.AdminConfig;
import io.weir.config.ListenAddress;
import io.weir.event.BoundedEventBus;
import io.weir.event.EventBus;
import io.weir.time.Ticker;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** An admin server without TLS on a free port of the loopback, for tests of what it answers. */
public final class AdminDoor implements AutoCloseable {

    /** Lets everybody in as {@code tester}, who may do all there is. */
    public static final SignInCheck OPEN =
            (head, options) ->
                    new SignInCheck.LetIn(
                            new Caller(
                                    "tester",
                                    head.caller().from(),
                                    Permissions.ALL,
                                    Caller.Means.PASSWORD));

    private final AdminServer server;
    private final BoundedEventBus ownEvents;

    private AdminDoor(AdminServer server, BoundedEventBus ownEvents) {
        this.server = server;
        this.ownEvents = ownEvents;
    }

    /** A server that lets in whom {@code signIn} does. */
    public static AdminDoor open(SignInCheck signIn, Path state) {
        BoundedEventBus events = BoundedEventBus.start(Ticker.system());
        AdminServer server = server(signIn, state, events);
        server.follow(config());
        return new AdminDoor(server, events);
    }

    /** A server that does not listen yet. */
    public static AdminServer server(SignInCheck signIn, Path state, EventBus events) {
        return new AdminServer(
                signIn, state, Set.of("edge1.example"), events, Ticker.system(), trouble -> {});
    }

    /** Settings for a free port of the loopback, without TLS. */
    public static AdminConfig config() {
        return new AdminConfig(
                new ListenAddress("127.0.0.1", 0),
                false,
                null,
                null,
                List.of("127.0.0.0/8"),
                List.of(),
                Duration.ofMinutes(30),
                5,
                Duration.ofMinutes(15));
    }

    /** For mounting what is tested. */
    public AdminServer server() {
        return server;
    }

    public InetSocketAddress address() {
        return Objects.requireNonNull(server.address());
    }

    /** A connection whose reads fail after half a minute. */
    public Socket connect() throws IOException {
        Socket socket = new Socket(address().getAddress(), address().getPort());
        socket.setSoTimeout(30_000);
        return socket;
    }

    /** Sends {@code text} as it is and reads until an empty line has come. */
    public static String exchange(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int c = socket.getInputStream().read();
            if (c < 0) {
                throw new IOException("the server has closed after: " + head);
            }
            head.append((char) c);
        }
        return head.toString();
    }

    /** Sends {@code request} as it is and reads until the server closes. */
    public Answer raw(String request) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return Answer.of(
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /**
     * Sends a request and reads the answer.
     *
     * @param fields lines of the header, each with its end
     */
    public Answer ask(String method, String target, String fields, String body) throws IOException {
        String length =
                body.isEmpty()
                        ? ""
                        : "Content-Length: "
                                + body.getBytes(StandardCharsets.UTF_8).length
                                + "\r\n";
        return raw(
                method
                        + " "
                        + target
                        + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                        + length
                        + fields
                        + "\r\n"
                        + new String(
                                body.getBytes(StandardCharsets.UTF_8),
                                StandardCharsets.ISO_8859_1));
    }

    /** What came back. */
    public record Answer(int status, String head, String body) {

        static Answer of(String all) {
            int end = all.indexOf("\r\n\r\n");
            if (end < 0) {
                return new Answer(0, all, "");
            }
            return new Answer(
                    Integer.parseInt(all.substring(9, 12)),
                    all.substring(0, end),
                    all.substring(end + 4));
        }
    }

    @Override
    public void close() {
        server.close();
        ownEvents.close();
    }
}
