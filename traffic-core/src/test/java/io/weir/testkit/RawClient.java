package io.weir.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/**
 * A client that sends exactly the bytes it is told and reads strictly. Used by one thread; every
 * wait ends with an error after the client's patience. Failures of the socket are unchecked, so
 * that tests stay sentences.
 */
public final class RawClient implements AutoCloseable {

    private final Socket socket;
    private final DeadlineStream in;
    private final StrictResponseReader reader;

    private RawClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DeadlineStream(socket, Await.DEADLINE);
        this.reader = new StrictResponseReader(in);
    }

    /** A connection to {@code port} of the loopback address. */
    public static RawClient to(int port) {
        return to("127.0.0.1", port, "127.0.0.1", 0);
    }

    /** A connection to {@code address}, such as {@code 127.0.0.2:8080}. */
    public static RawClient to(String address) {
        int colon = address.lastIndexOf(':');
        String host = address.substring(0, colon);
        return to(host, Integer.parseInt(address.substring(colon + 1)), "127.0.0.1", 0);
    }

    /** A connection to {@code port} that comes from {@code source}, such as 127.0.0.2. */
    public static RawClient to(int port, String source) {
        return to("127.0.0.1", port, source, 0);
    }

    /** A connection with a receive buffer of {@code receiveBuffer} bytes, so that it fills soon. */
    public static RawClient withReceiveBuffer(int port, int receiveBuffer) {
        return to("127.0.0.1", port, "127.0.0.1", receiveBuffer);
    }

    /** A client on a connection that stands, such as one under TLS. */
    public static RawClient over(Socket socket) {
        try {
            return new RawClient(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RawClient to(String host, int port, String source, int receiveBuffer) {
        Socket socket = new Socket();
        try {
            if (receiveBuffer > 0) {
                socket.setReceiveBufferSize(receiveBuffer);
            }
            socket.setTcpNoDelay(true);
            if (!source.equals("127.0.0.1")) {
                socket.bind(new InetSocketAddress(InetAddress.getByName(source), 0));
            }
            socket.connect(new InetSocketAddress(host, port), (int) Await.DEADLINE.toMillis());
            return new RawClient(socket);
        } catch (IOException e) {
            try {
                socket.close();
            } catch (IOException closing) {
                e.addSuppressed(closing);
            }
            throw new UncheckedIOException("connecting to " + host + ":" + port, e);
        }
    }

    /** Sets how long each wait for bytes may last. */
    public RawClient patience(Duration patience) {
        in.patience(patience);
        return this;
    }

    /** The port of this end of the connection. */
    public int localPort() {
        return socket.getLocalPort();
    }

    /** Sends {@code bytes} in one write. */
    public RawClient send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException("sending " + Escaped.text(bytes, 80), e);
        }
    }

    /** Sends Latin-1 {@code text} in one write. */
    public RawClient send(String text) {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /**
     * Sends {@code bytes} as far as the other side takes them.
     *
     * @return false when the other side closed before it had taken everything
     */
    public boolean trySend(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            return true;
        } catch (IOException closed) {
            return false;
        }
    }

    /**
     * Sends {@code bytes} in several writes, cut before each of {@code offsets}.
     *
     * @param between runs after each write but the last; it should make sure that the receiver has
     *     seen what was sent, or the kernel may join the pieces
     */
    public RawClient sendCut(byte[] bytes, Runnable between, int... offsets) {
        int from = 0;
        for (int offset : offsets) {
            send(Arrays.copyOfRange(bytes, from, offset));
            between.run();
            from = offset;
        }
        return send(Arrays.copyOfRange(bytes, from, bytes.length));
    }

    /** Sends {@code request} and reads the final response to it. */
    public ReceivedResponse exchange(String request) {
        send(request);
        return response(request.substring(0, Math.max(0, request.indexOf(' '))));
    }

    /** Reads the next final response, passing over interim ones. */
    public ReceivedResponse response(String method) {
        ReceivedResponse response = anyResponse(method);
        while (response.interim()) {
            response = anyResponse(method);
        }
        return response;
    }

    /** Reads the next response, interim or final. */
    public ReceivedResponse anyResponse(String method) {
        return waiting("a response to " + method, () -> reader.response(method));
    }

    /** Reads the next head, leaving the body for {@link #some}. */
    public StrictResponseReader.Head head(String method) {
        return waiting("the head of a response to " + method, () -> reader.head(method));
    }

    /** Up to {@code max} bytes as they come, at least one; empty at the end. */
    public byte[] some(int max) {
        return waiting("bytes", () -> reader.some(max));
    }

    /** Exactly {@code length} bytes in Latin-1, fewer when the stream ends first. */
    public String exactly(int length) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        while (out.size() < length) {
            byte[] some = some(length - out.size());
            if (some.length == 0) {
                break;
            }
            out.writeBytes(some);
        }
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    /** Everything up to the end of the stream, or up to a reset. */
    public byte[] rest() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] some = some(65536); some.length > 0; some = some(65536)) {
            out.writeBytes(some);
        }
        return out.toByteArray();
    }

    /** Whether the other side closed or reset the connection without sending anything more. */
    public boolean closedByPeer() {
        return waiting("the end of the connection", reader::atEnd);
    }

    /** Whether nothing has come that no response read so far explains; does not wait. */
    public boolean nothingMore() {
        try {
            return reader.buffered() == 0 && in.available() == 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends this side's sending with FIN and keeps reading. */
    public RawClient halfClose() {
        try {
            socket.shutdownOutput();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the connection with RST. */
    public void reset() {
        try {
            socket.setSoLinger(true, 0);
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
        close();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Reading<T> {
        T read() throws IOException;
    }

    private static <T> T waiting(String what, Reading<T> reading) {
        try {
            return reading.read();
        } catch (SocketTimeoutException late) {
            throw new AssertionError("waiting for " + what + ": " + late.getMessage(), late);
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + what + ": " + e.getMessage(), e);
        }
    }
}
