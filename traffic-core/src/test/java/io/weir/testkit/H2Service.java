package io.weir.testkit;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The node's end of an HTTP/2 connection without TLS, for the behaviour of a {@link FakeNode}: it
 * reads frames, grants room, and sends exactly what it is told. Used by one thread.
 */
public final class H2Service {

    private final NodeConnection connection;
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);
    private final Map<Integer, Request> requests = new HashMap<>();

    /** What has come on one stream. */
    public static final class Request {
        private final int stream;
        private final Map<String, String> fields = new LinkedHashMap<>();
        private final Map<String, String> trailers = new LinkedHashMap<>();
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private boolean ended;
        private boolean begun;
        private @Nullable String reset;

        Request(int stream) {
            this.stream = stream;
        }

        public int stream() {
            return stream;
        }

        public Map<String, String> fields() {
            return fields;
        }

        public Map<String, String> trailers() {
            return trailers;
        }

        public byte[] body() {
            return body.toByteArray();
        }

        public boolean ended() {
            return ended;
        }

        /** Whether the peer gave the stream up. */
        public boolean wasReset() {
            return reset != null;
        }
    }

    /** Does something whenever a frame of a request has come. */
    @FunctionalInterface
    public interface Script {
        void frame(H2Service service, Request request, H2Client.Frame frame) throws IOException;
    }

    private H2Service(NodeConnection connection) {
        this.connection = connection;
    }

    /**
     * A node that greets with these settings and lets {@code script} act on every frame of a
     * stream.
     */
    public static Behaviour running(Script script, int... settings) {
        return connection -> new H2Service(connection).serve(script, settings);
    }

    /** A node that answers every whole request with its body, or {@code hello}, and a trailer. */
    public static Behaviour echoing(int... settings) {
        return running(
                (service, request, frame) -> {
                    if (request.ended()) {
                        byte[] body = request.body();
                        service.head(request.stream(), false, ":status", "200", "x-via-h2", "yes")
                                .data(request.stream(), body.length == 0 ? hello() : body)
                                .head(request.stream(), true, "x-sum", "7");
                    }
                },
                settings);
    }

    private static byte[] hello() {
        return new byte[] {'h', 'e', 'l', 'l', 'o'};
    }

    private void serve(Script script, int... settings) throws IOException {
        byte[] preface = connection.exactly(24);
        if (preface.length < 24) {
            return;
        }
        ByteBuffer pairs = ByteBuffer.allocate(settings.length * 3);
        for (int i = 0; i < settings.length; i += 2) {
            pairs.putShort((short) settings[i]).putInt(settings[i + 1]);
        }
        frame(H2Client.SETTINGS, 0, 0, pairs.array());
        for (H2Client.Frame frame = next(); frame != null; frame = next()) {
            Request request = handle(frame);
            if (request != null) {
                script.frame(this, request, frame);
            }
        }
    }

    private H2Client.@Nullable Frame next() throws IOException {
        byte[] head = connection.exactly(9);
        if (head.length < 9) {
            return null;
        }
        int length = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | head[2] & 0xff;
        int stream = ByteBuffer.wrap(head).getInt(5);
        byte[] payload = length == 0 ? new byte[0] : connection.exactly(length);
        return new H2Client.Frame(head[3], head[4], stream, payload);
    }

    private @Nullable Request handle(H2Client.Frame frame) throws IOException {
        switch (frame.type()) {
            case H2Client.SETTINGS -> {
                if ((frame.flags() & H2Client.ACK) == 0) {
                    frame(H2Client.SETTINGS, H2Client.ACK, 0);
                }
                return null;
            }
            case H2Client.HEADERS -> {
                Request request = request(frame);
                Map<String, String> to = request.begun ? request.trailers : request.fields;
                request.begun = true;
                try {
                    decoder.decodeHeaders(frame.stream(), Unpooled.wrappedBuffer(frame.payload()))
                            .forEach(f -> to.put(f.getKey().toString(), f.getValue().toString()));
                } catch (Http2Exception e) {
                    throw new AssertionError(e);
                }
                return request;
            }
            case H2Client.DATA -> {
                Request request = request(frame);
                request.body.writeBytes(frame.payload());
                if (frame.payload().length > 0) {
                    byte[] room = H2Client.number(frame.payload().length);
                    frame(H2Client.WINDOW_UPDATE, 0, 0, room);
                    frame(H2Client.WINDOW_UPDATE, 0, frame.stream(), room);
                }
                return request;
            }
            case H2Client.RST_STREAM -> {
                Request request = request(frame);
                request.reset = "reset";
                return request;
            }
            default -> {
                return null;
            }
        }
    }

    private Request request(H2Client.Frame frame) {
        Request request = requests.computeIfAbsent(frame.stream(), Request::new);
        boolean ends = frame.type() == H2Client.DATA || frame.type() == H2Client.HEADERS;
        if (ends && (frame.flags() & H2Client.END_STREAM) != 0) {
            request.ended = true;
        }
        return request;
    }

    /** The connection that the service runs on. */
    public NodeConnection connection() {
        return connection;
    }

    public H2Service frame(int type, int flags, int stream, byte... payload) throws IOException {
        connection.send(H2Client.bytes(type, flags, stream, payload));
        return this;
    }

    /** Sends a field block: names and values in turn. */
    public H2Service head(int stream, boolean end, String... fields) throws IOException {
        int flags = H2Client.END_HEADERS | (end ? H2Client.END_STREAM : 0);
        return frame(H2Client.HEADERS, flags, stream, H2Client.block(fields));
    }

    /** Sends DATA that fits the window that every stream has at first. */
    public H2Service data(int stream, byte... payload) throws IOException {
        for (int at = 0; at < payload.length; at += 16384) {
            int to = Math.min(payload.length, at + 16384);
            frame(H2Client.DATA, 0, stream, java.util.Arrays.copyOfRange(payload, at, to));
        }
        return this;
    }

    /** Says that no stream behind {@code last} is looked at. */
    public H2Service goAway(int last) throws IOException {
        byte[] payload = ByteBuffer.allocate(8).putInt(last).putInt(0).array();
        return frame(H2Client.GOAWAY, 0, 0, payload);
    }
}
