package io.weir.testkit;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/**
 * One connection that a scripted node accepted. The behaviour's own thread reads and writes; any
 * thread may look at the record of what was received.
 */
public final class NodeConnection {

    private static final int RECORDED = 1 << 20;

    private final FakeNode node;
    private final Socket socket;
    private final Socket wire;
    private final int number;
    private final StrictHttpReader reader;
    private final ByteArrayOutputStream record = new ByteArrayOutputStream();
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean open = true;
    private volatile @Nullable Thread reading;
    private volatile long explained;

    /**
     * @param wire what {@code socket} is made of; the same unless there is TLS between
     */
    NodeConnection(FakeNode node, Socket socket, Socket wire, int number) throws IOException {
        this.node = node;
        this.socket = socket;
        this.wire = wire;
        this.number = number;
        this.reader = new StrictHttpReader(new Recording(socket.getInputStream()), number);
    }

    /** The node's number for this connection, from 1 in order of accepting. */
    public int number() {
        return number;
    }

    /** The node. */
    public FakeNode node() {
        return node;
    }

    /** The TLS session of the connection. */
    public SSLSession tls() {
        return ((SSLSocket) socket).getSession();
    }

    /** Whether the node still holds the connection open. */
    public boolean open() {
        return open;
    }

    /** Bytes received so far. */
    public long received() {
        return received.get();
    }

    /** Bytes received that belong to no complete request. */
    public long unfinished() {
        return received.get() - explained;
    }

    /** Bytes handed to the kernel so far. */
    public long sent() {
        return sent.get();
    }

    /** Every byte received so far, up to the first MiB. */
    public byte[] transcript() {
        synchronized (record) {
            return record.toByteArray();
        }
    }

    /**
     * Whether everything that came was read, and the behaviour waits for more or has ended. A
     * thread that was just given bytes looks for a moment as if it still waited; so it has to be
     * seen parked twice, and to have been given nothing between.
     */
    boolean settled() {
        long before = received.get();
        try {
            return !open
                    || waits()
                            && wire.getInputStream().available() == 0
                            && waits()
                            && received.get() == before;
        } catch (IOException closed) {
            return true;
        }
    }

    private boolean waits() {
        Thread thread = reading;
        return thread != null && thread.getState() == Thread.State.WAITING;
    }

    /**
     * Reads a complete request, which the node then counts.
     *
     * @return null when the other side closed between requests
     */
    public @Nullable ReceivedRequest request() throws IOException {
        StrictHttpReader.Head head = head();
        return head == null ? null : body(head);
    }

    /** Reads the head of a request; null when the other side closed between requests. */
    public StrictHttpReader.@Nullable Head head() throws IOException {
        return reader.head();
    }

    /** Reads the body that belongs to {@code head}, after which the request counts as received. */
    public ReceivedRequest body(StrictHttpReader.Head head) throws IOException {
        ReceivedRequest request = reader.body(head);
        explained = received.get() - reader.buffered();
        node.completed(request);
        return request;
    }

    /** Up to {@code max} raw bytes as they come; empty at the end of the stream. */
    public byte[] some(int max) throws IOException {
        return reader.some(max);
    }

    /** Exactly {@code length} raw bytes, fewer when the stream ends first. */
    public byte[] exactly(int length) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        while (out.size() < length) {
            byte[] some = some(length - out.size());
            if (some.length == 0) {
                break;
            }
            out.writeBytes(some);
        }
        return out.toByteArray();
    }

    /** Reads and drops everything until the other side closes. */
    public void drain() throws IOException {
        byte[] some = some(65536);
        while (some.length > 0) {
            some = some(65536);
        }
    }

    /** Sends {@code bytes} in one write. */
    public NodeConnection send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        sent.addAndGet(bytes.length);
        return this;
    }

    /** Sends Latin-1 {@code text} in one write. */
    public NodeConnection send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Waits until the kernel of the other side has everything that was sent, read or not. */
    public void awaitArrival() {
        Await.until("everything sent to have arrived", () -> unacknowledged() == 0);
    }

    /** Bytes in the kernel, as proc_net_tcp(5) shows them in its column {@code tx_queue}. */
    private long unacknowledged() throws IOException {
        Pattern ours =
                Pattern.compile(
                        ".*:%04X +[0-9A-F]+:%04X +[0-9A-F]+ +([0-9A-F]+):.*"
                                .formatted(wire.getLocalPort(), wire.getPort()));
        for (String family : List.of("tcp", "tcp6")) {
            for (String line : Files.readAllLines(Path.of("/proc/net", family))) {
                Matcher found = ours.matcher(line);
                if (found.matches()) {
                    return Long.parseLong(found.group(1), 16);
                }
            }
        }
        throw new IOException("the connection is not open any more");
    }

    /**
     * Lets {@code time} pass, as a slow node does.
     *
     * @return false when the node was closed meanwhile
     */
    public boolean linger(Duration time) throws IOException {
        try {
            return !ended.await(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Does nothing until the node is closed: neither reads nor answers. */
    public void freeze() throws IOException {
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Sends FIN and leaves the receiving half open. */
    public void halfClose() throws IOException {
        socket.shutdownOutput();
    }

    /** Closes the connection with FIN. */
    public void close() {
        open = false;
        ended.countDown();
        try {
            socket.close();
        } catch (IOException ignored) {
            // Whatever was wrong with the connection, it is gone now.
        }
    }

    /** Closes the connection with RST. */
    public void reset() {
        try {
            wire.setSoLinger(true, 0);
            wire.close();
        } catch (IOException ignored) {
            // The connection is gone already.
        }
        close();
    }

    private final class Recording extends InputStream {
        private final InputStream in;

        Recording(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            int n = read(one, 0, 1);
            return n < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            reading = Thread.currentThread();
            int n = in.read(bytes, offset, length);
            reading = null;
            if (n > 0) {
                received.addAndGet(n);
                synchronized (record) {
                    record.write(bytes, offset, Math.min(n, RECORDED - record.size()));
                }
            }
            return n;
        }
    }
}
