package io.weir.function;

import static io.weir.function.Bytes.orEmpty;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Supplier;

/** Functions {@code tcp.*} and {@code udp.*}, to the places that the operator allows. */
public final class SocketFunctions {

    private static final int MILLIS = 30_000;
    private static final int MAX_MILLIS = 300_000;

    private final CurrentRun run;
    private final Calls calls;

    SocketFunctions(CurrentRun run, Calls calls) {
        this.run = run;
        this.calls = calls;
    }

    private @Nullable Object wait(String function, Supplier<Object> work) {
        return run.await(function, done -> calls.waiting().blocking(() -> done.accept(work.get())));
    }

    private static int millis(int asked) {
        return Math.clamp(asked, 1, MAX_MILLIS);
    }

    @RuleFunction(suspends = true)
    public int connect(@Nullable String host, int port) {
        return connect(host, port, MILLIS);
    }

    @RuleFunction(
            value =
                    "Connects to an address, within so many milliseconds; returns what the"
                            + " connection is called by, or 0, and $1 is the error then. The"
                            + " connection is closed when the rule ends.",
            suspends = true)
    public int connect(@Nullable String host, int port, int milliseconds) {
        String to = orEmpty(host);
        Object found =
                wait(
                        "tcp.connect",
                        () -> {
                            Socket socket = new Socket();
                            try {
                                socket.connect(
                                        new InetSocketAddress(
                                                calls.egress().resolve(to, port), port),
                                        millis(milliseconds));
                                return socket;
                            } catch (IOException | IllegalArgumentException e) {
                                close(socket);
                                return String.valueOf(e.getMessage());
                            }
                        });
        if (found instanceof Socket socket) {
            return run.sockets().add(socket);
        }
        run.group(1, String.valueOf(found));
        return 0;
    }

    @RuleFunction(suspends = true)
    public String read(int connection, int max) {
        return read(connection, max, MILLIS);
    }

    @RuleFunction(
            value =
                    "Up to max bytes that come over a connection, within so many milliseconds;"
                            + " empty at its end, and $1 is the error if there was one.",
            suspends = true)
    public String read(int connection, int max, int milliseconds) {
        Socket socket = run.sockets().get(connection);
        int most = (int) Math.clamp(max, 1, run.world().limits().bodyLimit());
        Object read =
                wait(
                        "tcp.read",
                        () -> {
                            try {
                                socket.setSoTimeout(millis(milliseconds));
                                byte[] bytes = new byte[most];
                                int got = socket.getInputStream().read(bytes);
                                return Arrays.copyOf(bytes, Math.max(got, 0));
                            } catch (SocketTimeoutException e) {
                                return "timeout";
                            } catch (IOException e) {
                                return String.valueOf(e.getMessage());
                            }
                        });
        if (read instanceof byte[] bytes) {
            run.group(1, "");
            return Bytes.text(bytes);
        }
        run.group(1, String.valueOf(read));
        return "";
    }

    @RuleFunction(suspends = true)
    public int write(int connection, @Nullable String data) {
        return write(connection, data, MILLIS);
    }

    @RuleFunction(
            value =
                    "Sends data over a connection, within so many milliseconds, after which it is"
                            + " closed; returns how many bytes, or 0, and $1 is the error then.",
            suspends = true)
    public int write(int connection, @Nullable String data, int milliseconds) {
        Socket socket = run.sockets().get(connection);
        byte[] bytes = Bytes.of(data);
        Object written =
                wait(
                        "tcp.write",
                        () -> {
                            Duration time = Duration.ofMillis(millis(milliseconds));
                            try (TimeLimit limit = new TimeLimit(socket, time)) {
                                try {
                                    socket.getOutputStream().write(bytes);
                                    return bytes.length;
                                } catch (IOException e) {
                                    return limit.over()
                                            ? "timeout"
                                            : String.valueOf(e.getMessage());
                                }
                            }
                        });
        if (written instanceof Integer count) {
            run.group(1, "");
            return count;
        }
        run.group(1, String.valueOf(written));
        return 0;
    }

    @RuleFunction("Closes a connection.")
    public void close(int connection) {
        close(run.sockets().remove(connection));
    }

    private static void close(@Nullable Socket socket) {
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                // It is of no use any more.
            }
        }
    }

    /** Functions {@code udp.*}. */
    public static final class Udp {
        private final SocketFunctions all;

        Udp(SocketFunctions all) {
            this.all = all;
        }

        @RuleFunction(
                value = "Sends a datagram; 0 when that is not possible, and $1 is the error then.",
                suspends = true)
        public int sendTo(@Nullable String host, int port, @Nullable String data) {
            String to = orEmpty(host);
            byte[] bytes = Bytes.of(data);
            Object sent =
                    all.wait(
                            "udp.sendTo",
                            () -> {
                                try (DatagramSocket socket = new DatagramSocket()) {
                                    socket.send(
                                            new DatagramPacket(
                                                    bytes,
                                                    bytes.length,
                                                    all.calls.egress().resolve(to, port),
                                                    port));
                                    return 1;
                                } catch (IOException | IllegalArgumentException e) {
                                    return String.valueOf(e.getMessage());
                                }
                            });
            if (sent instanceof Integer) {
                return 1;
            }
            all.run.group(1, String.valueOf(sent));
            return 0;
        }
    }
}
