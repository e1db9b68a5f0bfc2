package io.weir.testkit;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An HTTP/2 client that sends exactly the frames it is told, right or wrong, without TLS. Used by
 * one thread; every wait ends with an error after the usual deadline.
 */
public final class H2Client implements AutoCloseable {

    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int PRIORITY = 2;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PUSH_PROMISE = 5;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW_UPDATE = 8;
    public static final int CONTINUATION = 9;

    public static final int END_STREAM = 1;
    public static final int ACK = 1;
    public static final int END_HEADERS = 4;

    private static final List<String> ERRORS =
            List.of(
                    "NO_ERROR",
                    "PROTOCOL_ERROR",
                    "INTERNAL_ERROR",
                    "FLOW_CONTROL_ERROR",
                    "SETTINGS_TIMEOUT",
                    "STREAM_CLOSED",
                    "FRAME_SIZE_ERROR",
                    "REFUSED_STREAM",
                    "CANCEL",
                    "COMPRESSION_ERROR",
                    "CONNECT_ERROR",
                    "ENHANCE_YOUR_CALM",
                    "INADEQUATE_SECURITY",
                    "HTTP_1_1_REQUIRED");

    private final Socket socket;
    private final DataInputStream in;
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);
    private final Map<Integer, Answer> answers = new HashMap<>();
    private final Map<Integer, Long> settings = new HashMap<>();
    private @Nullable String end;
    private boolean refills = true;

    /** A frame as it came. */
    public record Frame(int type, int flags, int stream, byte[] payload) {

        /** The payload from {@code at} on as a number of four octets. */
        public int number(int at) {
            return ByteBuffer.wrap(payload).getInt(at);
        }
    }

    /** What has come on one stream. */
    public static final class Answer {
        private final List<Map<String, String>> heads = new ArrayList<>();
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private Map<String, String> trailers = Map.of();
        private String end = "";

        /** The final status; 0 while there is none. */
        public int status() {
            String status = heads.isEmpty() ? "0" : heads.getLast().getOrDefault(":status", "0");
            return Integer.parseInt(status);
        }

        /** Interim and final heads, in order. */
        public List<Map<String, String>> heads() {
            return heads;
        }

        public @Nullable String field(String name) {
            return heads.getLast().get(name);
        }

        public byte[] body() {
            return body.toByteArray();
        }

        public String text() {
            return body.toString(StandardCharsets.ISO_8859_1);
        }

        public Map<String, String> trailers() {
            return trailers;
        }

        /** {@code END_STREAM}, or {@code RST} and a code; empty while the stream goes on. */
        public String end() {
            return end;
        }
    }

    private H2Client(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
    }

    /** A connection on which the preface has been sent, and nothing else. */
    public static H2Client greeting(int port) {
        return greeting("127.0.0.1", port);
    }

    private static H2Client greeting(String host, int port) {
        try {
            Socket socket = new Socket(InetAddress.getByName(host), port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) Await.DEADLINE.toMillis());
            H2Client client = new H2Client(socket);
            client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return client;
        } catch (IOException e) {
            throw new UncheckedIOException("connecting to " + port, e);
        }
    }

    /** A connection ready for requests, with these settings, in pairs. */
    public static H2Client to(int port, int... settings) {
        return greeting(port).ready(settings);
    }

    /** A connection to {@code address}, such as {@code 127.0.0.2:8080}, ready for requests. */
    public static H2Client to(String address) {
        int colon = address.lastIndexOf(':');
        return greeting(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)))
                .ready();
    }

    private H2Client ready(int... pairs) {
        settings(pairs);
        while (settings.isEmpty() && next() != null) {
            // Only the settings of the server are waited for.
        }
        return this;
    }

    /** Gives no further room by itself: neither on streams nor on the connection. */
    public H2Client withoutRefills() {
        refills = false;
        return this;
    }

    /** A setting of the server; -1 when it did not give it. */
    public long setting(int id) {
        return settings.getOrDefault(id, -1L);
    }

    // ---- sending

    public H2Client send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException closed) {
            if (end == null) {
                end = "closed";
            }
        }
        return this;
    }

    /** The octets of a frame. */
    public static byte[] bytes(int type, int flags, int stream, byte... payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    public H2Client frame(int type, int flags, int stream, byte... payload) {
        return send(bytes(type, flags, stream, payload));
    }

    /** SETTINGS with these pairs of identifier and value. */
    public H2Client settings(int... pairs) {
        ByteBuffer payload = ByteBuffer.allocate(pairs.length * 3);
        for (int i = 0; i < pairs.length; i += 2) {
            payload.putShort((short) pairs[i]).putInt(pairs[i + 1]);
        }
        return frame(SETTINGS, 0, 0, payload.array());
    }

    public static byte[] number(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    /** A field block of literals, none of them indexed: names and values in turn. */
    public static byte[] block(String... fields) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < fields.length; i += 2) {
            out.write(0);
            literal(out, fields[i]);
            literal(out, fields[i + 1]);
        }
        return out.toByteArray();
    }

    private static void literal(ByteArrayOutputStream out, String text) {
        byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
        if (octets.length < 127) {
            out.write(octets.length);
        } else {
            out.write(127);
            int rest = octets.length - 127;
            for (; rest >= 128; rest >>= 7) {
                out.write(rest & 127 | 128);
            }
            out.write(rest);
        }
        out.writeBytes(octets);
    }

    /** The pseudo-header fields of a request for {@code path}, then {@code more}. */
    public static String[] fields(String method, String path, String... more) {
        List<String> all =
                new ArrayList<>(
                        List.of(
                                ":method",
                                method,
                                ":scheme",
                                "http",
                                ":path",
                                path,
                                ":authority",
                                "weir.test"));
        all.addAll(List.of(more));
        return all.toArray(new String[0]);
    }

    /** Sends a whole GET. */
    public H2Client get(int stream, String path, String... more) {
        return frame(HEADERS, END_STREAM | END_HEADERS, stream, block(fields("GET", path, more)));
    }

    /** Sends the head of a POST, whose body follows. */
    public H2Client post(int stream, String path, String... more) {
        return frame(HEADERS, END_HEADERS, stream, block(fields("POST", path, more)));
    }

    /** Asks for a WebSocket (RFC 8441), whose bytes follow as data. */
    public H2Client webSocket(int stream, String path) {
        String[] fields =
                fields("CONNECT", path, ":protocol", "websocket", "sec-websocket-version", "13");
        return frame(HEADERS, END_HEADERS, stream, block(fields));
    }

    public H2Client data(int stream, boolean last, byte... payload) {
        return frame(DATA, last ? END_STREAM : 0, stream, payload);
    }

    public H2Client reset(int stream, int code) {
        return frame(RST_STREAM, 0, stream, number(code));
    }

    // ---- receiving

    /** The next frame, which is dealt with as a client should; null at the end. */
    public @Nullable Frame next() {
        try {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            Frame frame =
                    new Frame(
                            in.readUnsignedByte(),
                            in.readUnsignedByte(),
                            in.readInt(),
                            new byte[length]);
            in.readFully(frame.payload);
            handle(frame);
            return frame;
        } catch (EOFException | SocketException e) {
            if (end == null) {
                end = "closed";
            }
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException("waiting for a frame", e);
        }
    }

    private void handle(Frame frame) {
        switch (frame.type) {
            case SETTINGS -> {
                if ((frame.flags & ACK) == 0) {
                    ByteBuffer pairs = ByteBuffer.wrap(frame.payload);
                    while (pairs.hasRemaining()) {
                        settings.put((int) pairs.getShort(), pairs.getInt() & 0xffffffffL);
                    }
                    frame(SETTINGS, ACK, 0);
                }
            }
            case PING -> {
                if ((frame.flags & ACK) == 0) {
                    frame(PING, ACK, 0, frame.payload);
                }
            }
            case GOAWAY -> {
                if (end == null || !end.startsWith("GOAWAY")) {
                    end = "GOAWAY " + ERRORS.get(frame.number(4));
                }
            }
            case HEADERS -> heads(answer(frame), frame);
            case DATA -> {
                Answer answer = answer(frame);
                answer.body.writeBytes(frame.payload);
                if (refills && frame.payload.length > 0) {
                    frame(WINDOW_UPDATE, 0, 0, number(frame.payload.length));
                    frame(WINDOW_UPDATE, 0, frame.stream, number(frame.payload.length));
                }
                endOf(answer, frame);
            }
            case RST_STREAM -> {
                Answer answer = answer(frame);
                if (answer.end.isEmpty()) {
                    answer.end = "RST " + ERRORS.get(frame.number(0));
                }
            }
            default -> {}
        }
    }

    private Answer answer(Frame frame) {
        return answers.computeIfAbsent(frame.stream, s -> new Answer());
    }

    private void heads(Answer answer, Frame frame) {
        if ((frame.flags & END_HEADERS) == 0) {
            throw new AssertionError("a head in several frames");
        }
        Map<String, String> fields = new HashMap<>();
        try {
            decoder.decodeHeaders(frame.stream, Unpooled.wrappedBuffer(frame.payload))
                    .forEach(f -> fields.put(f.getKey().toString(), f.getValue().toString()));
        } catch (Http2Exception e) {
            throw new AssertionError(e);
        }
        if (fields.containsKey(":status")) {
            answer.heads.add(fields);
        } else {
            answer.trailers = fields;
        }
        endOf(answer, frame);
    }

    private static void endOf(Answer answer, Frame frame) {
        if ((frame.flags & END_STREAM) != 0) {
            answer.end = "END_STREAM";
        }
    }

    /** What has come on {@code stream} so far. */
    public Answer answers(int stream) {
        return answers.computeIfAbsent(stream, s -> new Answer());
    }

    /** Waits until {@code stream} has ended, or the connection has. */
    public Answer answer(int stream) {
        Answer answer = answers.computeIfAbsent(stream, s -> new Answer());
        while (answer.end.isEmpty() && next() != null) {
            // The next frame may be for another stream.
        }
        return answer;
    }

    /** Waits until the final head of {@code stream} has come. */
    public Answer head(int stream) {
        Answer answer = answers.computeIfAbsent(stream, s -> new Answer());
        while (answer.end.isEmpty() && answer.status() < 200 && next() != null) {
            // The next frame may be for another stream.
        }
        return answer;
    }

    /** Waits until {@code bytes} of body have come on {@code stream}. */
    public Answer body(int stream, int bytes) {
        Answer answer = answers.computeIfAbsent(stream, s -> new Answer());
        while (answer.end.isEmpty() && answer.body.size() < bytes && next() != null) {
            // The next frame may be for another stream.
        }
        return answer;
    }

    /** What became of {@code stream}: {@code 200}, {@code RST code}, {@code GOAWAY code}. */
    public String outcome(int stream) {
        Answer answer = answer(stream);
        if (answer.end.equals("END_STREAM")) {
            return Integer.toString(answer.status());
        }
        return answer.end.isEmpty() ? String.valueOf(end) : answer.end;
    }

    /** How the connection has ended, as far as was seen; empty while it has not. */
    public String seenEnd() {
        return end == null ? "" : end;
    }

    /** Waits for the end of the connection: {@code GOAWAY code}, or {@code closed}. */
    public String end() {
        while (next() != null) {
            // What comes before the end is of no interest.
        }
        return String.valueOf(end);
    }

    /** Waits until everything sent so far has been seen by the server, or the end has come. */
    public H2Client settle() {
        frame(PING, 0, 0, new byte[8]);
        Frame frame = next();
        while (frame != null && (frame.type != PING || (frame.flags & ACK) == 0)) {
            frame = next();
        }
        return this;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
