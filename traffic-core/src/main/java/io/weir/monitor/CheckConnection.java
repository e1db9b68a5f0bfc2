package io.weir.monitor;

import io.weir.config.NodeAddress;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;

import javax.net.ssl.SSLSocket;

/**
 * A connection of a check to a node, with a bounded read buffer. Confined to one run of a check on
 * a virtual thread: there an interrupt closes the socket, which is what ends a blocked write.
 */
final class CheckConnection implements PatternSearch.Source, AutoCloseable {

    private final Socket socket;
    private final String peer;
    private final byte[] buffer = new byte[8192];
    private int position;
    private int end;
    private boolean closed;

    private CheckConnection(Socket socket, String peer) {
        this.socket = socket;
        this.peer = peer;
    }

    /** Something to do with one of a node's addresses, in a share of the time. */
    @FunctionalInterface
    interface Attempt<T> {
        T at(InetSocketAddress address, Duration within) throws CheckFailed, InterruptedException;
    }

    /**
     * Looks the node up and makes {@code attempt} at each of its addresses until one succeeds; what
     * is left of the time is shared evenly among the addresses that are left.
     */
    static <T> T atAnyAddress(
            NodeAddress node, Network network, Deadline deadline, Attempt<T> attempt)
            throws CheckFailed, InterruptedException {
        List<InetAddress> addresses = addresses(node.host(), network, deadline);
        CheckFailed failed = new CheckFailed("name " + node.host() + " has no address");
        for (int i = 0; i < addresses.size(); i++) {
            try {
                return attempt.at(
                        new InetSocketAddress(addresses.get(i), node.port()),
                        deadline.left().dividedBy(addresses.size() - i));
            } catch (CheckFailed e) {
                failed = e;
            }
        }
        throw failed;
    }

    /** Connects to the first of the node's addresses that accepts. */
    static CheckConnection open(NodeAddress node, Network network, Deadline deadline)
            throws CheckFailed, InterruptedException {
        return atAnyAddress(node, network, deadline, CheckConnection::to);
    }

    /** Connects to the first of the node's addresses that accepts, and over TLS if asked to. */
    static CheckConnection open(
            NodeAddress node, Network network, Deadline deadline, boolean useSsl)
            throws CheckFailed, InterruptedException {
        CheckConnection plain = open(node, network, deadline);
        return useSsl ? plain.secured(node, deadline) : plain;
    }

    /** Begins TLS, with whoever is there. */
    private CheckConnection secured(NodeAddress node, Deadline deadline)
            throws CheckFailed, InterruptedException {
        boolean done = false;
        try {
            SSLSocket tls =
                    (SSLSocket)
                            AnyCertificate.sockets()
                                    .createSocket(socket, node.host(), node.port(), true);
            tls.setSoTimeout(Deadline.millis(deadline.left()));
            tls.startHandshake();
            done = true;
            return new CheckConnection(tls, peer);
        } catch (SocketTimeoutException _) {
            throw new CheckFailed(
                    "no TLS with " + peer + " within " + Words.duration(deadline.timeout()));
        } catch (IOException e) {
            throwIfInterrupted();
            throw new CheckFailed("no TLS with " + peer + ": " + e.getMessage());
        } finally {
            if (!done) {
                close();
            }
        }
    }

    /** Connects to one address. */
    static CheckConnection to(InetSocketAddress address, Duration within)
            throws CheckFailed, InterruptedException {
        String peer =
                new NodeAddress(address.getAddress().getHostAddress(), address.getPort())
                        .toString();
        Socket socket = new Socket(Proxy.NO_PROXY);
        boolean connected = false;
        try {
            socket.setTcpNoDelay(true);
            socket.connect(address, Deadline.millis(within));
            // The system may have given the connection the very port it goes to, which on loopback
            // connects it to itself: nobody listens there.
            if (socket.getLocalSocketAddress().equals(address)) {
                throw new ConnectException();
            }
            connected = true;
            return new CheckConnection(socket, peer);
        } catch (SocketTimeoutException _) {
            throw new CheckFailed("no connection to " + peer + " within " + Words.duration(within));
        } catch (ConnectException _) {
            throw new CheckFailed.Refused(peer + " refused the connection");
        } catch (IOException e) {
            throwIfInterrupted();
            throw new CheckFailed("no connection to " + peer + ": " + e.getMessage());
        } finally {
            if (!connected) {
                close(socket);
            }
        }
    }

    private static List<InetAddress> addresses(String host, Network network, Deadline deadline)
            throws CheckFailed, InterruptedException {
        if (host.indexOf(':') >= 0
                || host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'))) {
            try {
                return List.of(InetAddress.ofLiteral(host));
            } catch (IllegalArgumentException _) {
                throw new CheckFailed(Words.quote(host) + " is not an address");
            }
        }
        try {
            return network.addresses(host, deadline.left());
        } catch (UnknownHostException _) {
            throw new CheckFailed("name " + host + " not found");
        } catch (TimeoutException _) {
            throw new CheckFailed(
                    "no address for name "
                            + host
                            + " within "
                            + Words.duration(deadline.timeout()));
        }
    }

    /** The address and port that the connection goes to. */
    String peer() {
        return peer;
    }

    /** Sends bytes; blocks for as long as the node takes to make room for them. */
    void write(byte[] bytes) throws CheckFailed, InterruptedException {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            throwIfInterrupted();
            throw new CheckFailed(
                    peer + " broke the connection while being written to: " + e.getMessage());
        }
    }

    @Override
    public int read(byte[] into, int offset, int length, Duration wait)
            throws InterruptedException {
        int available = position < end ? end - position : fill(wait);
        if (available <= 0) {
            return available;
        }
        int count = Math.min(available, length);
        System.arraycopy(buffer, position, into, offset, count);
        position += count;
        return count;
    }

    /** The next byte, {@link #CLOSED} or {@link #NOTHING_YET}. */
    int next(Duration wait) throws InterruptedException {
        if (position == end) {
            int available = fill(wait);
            if (available <= 0) {
                return available == 0 ? NOTHING_YET : CLOSED;
            }
        }
        return buffer[position++] & 0xff;
    }

    /** A value of {@link #next}: the node closed or reset the connection. */
    static final int CLOSED = -1;

    /** A value of {@link #next}: no byte came within the wait. */
    static final int NOTHING_YET = -2;

    /** What has come and not been read, as Latin-1. */
    String waiting() {
        return new String(buffer, position, end - position, StandardCharsets.ISO_8859_1);
    }

    @Override
    public boolean announcesItsEnd() {
        return false;
    }

    private int fill(Duration wait) throws InterruptedException {
        if (closed) {
            return -1;
        }
        try {
            socket.setSoTimeout(Deadline.millis(wait));
            int count = socket.getInputStream().read(buffer);
            position = 0;
            end = Math.max(count, 0);
            closed = count < 0;
            return count;
        } catch (SocketTimeoutException _) {
            return 0;
        } catch (IOException _) {
            throwIfInterrupted();
            // A reset ends what the node has to say just as a close does.
            closed = true;
            return -1;
        }
    }

    @Override
    public void close() {
        close(socket);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException _) {
            // The descriptor is released all the same, and the check has its result.
        }
    }

    private static void throwIfInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }
}
