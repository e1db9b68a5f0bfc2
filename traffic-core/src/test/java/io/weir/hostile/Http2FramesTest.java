package io.weir.hostile;

import static io.weir.testkit.H2Client.ACK;
import static io.weir.testkit.H2Client.CONTINUATION;
import static io.weir.testkit.H2Client.DATA;
import static io.weir.testkit.H2Client.END_HEADERS;
import static io.weir.testkit.H2Client.END_STREAM;
import static io.weir.testkit.H2Client.GOAWAY;
import static io.weir.testkit.H2Client.HEADERS;
import static io.weir.testkit.H2Client.PING;
import static io.weir.testkit.H2Client.PRIORITY;
import static io.weir.testkit.H2Client.PUSH_PROMISE;
import static io.weir.testkit.H2Client.RST_STREAM;
import static io.weir.testkit.H2Client.SETTINGS;
import static io.weir.testkit.H2Client.WINDOW_UPDATE;
import static io.weir.testkit.H2Client.block;
import static io.weir.testkit.H2Client.fields;
import static io.weir.testkit.H2Client.number;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.Behaviour;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.H2Client;
import io.weir.testkit.NodeConnection;
import io.weir.testkit.ReceivedRequest;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Frames that RFC 9113 forbids, section by section, each with the answer that it demands. */
class Http2FramesTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private static RunningWeir weir;

    @BeforeAll
    static void start() {
        FakeNode node = WEIR.node("n", Http2FramesTest::answersAllButNever);
        weir = WEIR.start(ConfigText.of(node).pool("passive-monitoring: false"));
    }

    private static void answersAllButNever(NodeConnection connection) throws IOException {
        for (ReceivedRequest request = connection.request();
                request != null;
                request = connection.request()) {
            if (request.target().equals("/never")) {
                connection.drain();
                return;
            }
            connection.send(Behaviour.answer(connection.node(), request));
        }
    }

    /** A sequence of frames and what must become of the connection, or of stream 1. */
    record Case(String name, Consumer<H2Client> frames, String outcome) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Case connection(String name, String code, Consumer<H2Client> frames) {
        return new Case(name, frames, "GOAWAY " + code);
    }

    private static Case stream(String name, String code, Consumer<H2Client> frames) {
        return new Case(name, frames, "RST " + code);
    }

    private static byte[] get() {
        return block(fields("GET", "/"));
    }

    private static byte[] part(byte[] bytes, int from, int to) {
        return Arrays.copyOfRange(bytes, from, to);
    }

    private static byte[] with(int first, byte[] rest) {
        byte[] all = new byte[rest.length + 1];
        all[0] = (byte) first;
        System.arraycopy(rest, 0, all, 1, rest.length);
        return all;
    }

    static Stream<Case> frames() {
        return Stream.of(
                // 4.2
                connection(
                        "DATA longer than SETTINGS_MAX_FRAME_SIZE",
                        "FRAME_SIZE_ERROR",
                        c -> c.post(1, "/").data(1, true, new byte[16385])),
                connection(
                        "HEADERS longer than SETTINGS_MAX_FRAME_SIZE",
                        "FRAME_SIZE_ERROR",
                        c -> c.frame(HEADERS, 5, 1, new byte[16385])),
                // 4.3
                connection(
                        "a field block that is no HPACK",
                        "COMPRESSION_ERROR",
                        c -> c.frame(HEADERS, 5, 1, (byte) 0xff, (byte) 0xff, (byte) 0xff)),
                connection(
                        "an index beyond the tables",
                        "COMPRESSION_ERROR",
                        c -> c.frame(HEADERS, 5, 1, with(0xfe, get()))),
                connection(
                        "a table larger than allowed",
                        "COMPRESSION_ERROR",
                        c -> c.frame(HEADERS, 5, 1, (byte) 0x3f, (byte) 0xff, (byte) 0x7f)),
                connection(
                        "another frame inside a field block",
                        "PROTOCOL_ERROR",
                        c -> c.frame(HEADERS, 1, 1, get()).frame(PRIORITY, 0, 1, new byte[5])),
                connection(
                        "HEADERS of another stream inside a field block",
                        "PROTOCOL_ERROR",
                        c -> c.frame(HEADERS, 1, 1, get()).frame(HEADERS, 5, 3, get())),
                connection(
                        "an unknown frame inside a field block",
                        "PROTOCOL_ERROR",
                        c -> c.frame(HEADERS, 1, 1, get()).frame(0x16, 0, 1)),
                // 5.1
                connection(
                        "DATA on an idle stream",
                        "PROTOCOL_ERROR",
                        c -> c.data(1, true, number(0))),
                connection("RST_STREAM on an idle stream", "PROTOCOL_ERROR", c -> c.reset(1, 8)),
                connection(
                        "WINDOW_UPDATE on an idle stream",
                        "PROTOCOL_ERROR",
                        c -> c.frame(WINDOW_UPDATE, 0, 1, number(1))),
                connection(
                        "CONTINUATION on an idle stream",
                        "PROTOCOL_ERROR",
                        c -> c.frame(CONTINUATION, 4, 1, get())),
                stream(
                        "DATA behind END_STREAM",
                        "STREAM_CLOSED",
                        c -> c.get(1, "/never").data(1, true, number(0))),
                stream(
                        "HEADERS behind END_STREAM",
                        "STREAM_CLOSED",
                        c -> c.get(1, "/never").get(1, "/")),
                connection(
                        "CONTINUATION behind END_STREAM",
                        "PROTOCOL_ERROR",
                        c -> c.get(1, "/never").frame(CONTINUATION, 4, 1, get())),
                connection(
                        "DATA behind the client's RST_STREAM",
                        "STREAM_CLOSED",
                        c -> c.post(1, "/never").reset(1, 8).data(1, true, number(0))),
                connection(
                        "HEADERS behind the client's RST_STREAM",
                        "STREAM_CLOSED",
                        c -> c.post(1, "/never").reset(1, 8).get(1, "/")),
                connection(
                        "HEADERS on a stream that has ended",
                        "STREAM_CLOSED",
                        c -> {
                            c.get(1, "/");
                            c.answer(1);
                            c.get(1, "/");
                        }),
                // 5.1.1
                connection("an even stream id", "PROTOCOL_ERROR", c -> c.get(2, "/")),
                connection(
                        "a stream id smaller than before",
                        "STREAM_CLOSED",
                        c -> c.get(5, "/").get(3, "/")),
                // 5.3
                connection(
                        "HEADERS that depend on themselves",
                        "PROTOCOL_ERROR",
                        c -> c.frame(HEADERS, 0x25, 1, with5(1, get()))),
                stream(
                        "PRIORITY that depends on itself",
                        "PROTOCOL_ERROR",
                        c -> c.post(1, "/").frame(PRIORITY, 0, 1, with5(1, new byte[0]))),
                // 6.1
                connection("DATA without a stream", "PROTOCOL_ERROR", c -> c.data(0, true)),
                connection(
                        "more padding than DATA",
                        "PROTOCOL_ERROR",
                        c -> c.post(1, "/").frame(DATA, 8, 1, (byte) 5, (byte) 0)),
                // 6.2
                connection(
                        "HEADERS without a stream",
                        "PROTOCOL_ERROR",
                        c -> c.frame(HEADERS, 5, 0, get())),
                connection(
                        "more padding than HEADERS",
                        "PROTOCOL_ERROR",
                        c -> c.frame(HEADERS, 0xd, 1, (byte) 9, (byte) 0)),
                // 6.3
                connection(
                        "PRIORITY without a stream",
                        "PROTOCOL_ERROR",
                        c -> c.frame(PRIORITY, 0, 0, new byte[5])),
                stream(
                        "PRIORITY of a wrong length",
                        "FRAME_SIZE_ERROR",
                        c -> c.post(1, "/").frame(PRIORITY, 0, 1, new byte[4])),
                // 6.4
                connection(
                        "RST_STREAM without a stream",
                        "PROTOCOL_ERROR",
                        c -> c.frame(RST_STREAM, 0, 0, number(0))),
                connection(
                        "RST_STREAM of a wrong length",
                        "FRAME_SIZE_ERROR",
                        c -> c.post(1, "/").frame(RST_STREAM, 0, 1, new byte[3])),
                // 6.5
                connection(
                        "SETTINGS acknowledged with a payload",
                        "FRAME_SIZE_ERROR",
                        c -> c.frame(SETTINGS, ACK, 0, new byte[6])),
                connection(
                        "SETTINGS on a stream",
                        "PROTOCOL_ERROR",
                        c -> c.frame(SETTINGS, 0, 1, new byte[0])),
                connection(
                        "SETTINGS of a wrong length",
                        "FRAME_SIZE_ERROR",
                        c -> c.frame(SETTINGS, 0, 0, new byte[5])),
                connection("ENABLE_PUSH neither 0 nor 1", "PROTOCOL_ERROR", c -> c.settings(2, 2)),
                connection(
                        "INITIAL_WINDOW_SIZE too large",
                        "FLOW_CONTROL_ERROR",
                        c -> c.settings(4, Integer.MIN_VALUE)),
                connection("MAX_FRAME_SIZE too small", "PROTOCOL_ERROR", c -> c.settings(5, 16383)),
                connection(
                        "MAX_FRAME_SIZE too large", "PROTOCOL_ERROR", c -> c.settings(5, 16777216)),
                // 6.6
                connection(
                        "PUSH_PROMISE",
                        "PROTOCOL_ERROR",
                        c -> c.frame(PUSH_PROMISE, 4, 1, new byte[8])),
                // 6.7
                connection(
                        "PING on a stream",
                        "PROTOCOL_ERROR",
                        c -> c.frame(PING, 0, 1, new byte[8])),
                connection(
                        "PING of a wrong length",
                        "FRAME_SIZE_ERROR",
                        c -> c.frame(PING, 0, 0, new byte[6])),
                // 6.8
                connection(
                        "GOAWAY on a stream",
                        "PROTOCOL_ERROR",
                        c -> c.frame(GOAWAY, 0, 1, new byte[8])),
                // 6.9
                connection(
                        "WINDOW_UPDATE of 0",
                        "PROTOCOL_ERROR",
                        c -> c.frame(WINDOW_UPDATE, 0, 0, number(0))),
                stream(
                        "WINDOW_UPDATE of 0 on a stream",
                        "PROTOCOL_ERROR",
                        c -> c.post(1, "/").frame(WINDOW_UPDATE, 0, 1, number(0))),
                connection(
                        "WINDOW_UPDATE of a wrong length",
                        "FRAME_SIZE_ERROR",
                        c -> c.frame(WINDOW_UPDATE, 0, 0, new byte[3])),
                connection(
                        "a window of the connection beyond the limit",
                        "FLOW_CONTROL_ERROR",
                        c -> c.frame(WINDOW_UPDATE, 0, 0, number(Integer.MAX_VALUE))),
                stream(
                        "a window of a stream beyond the limit",
                        "FLOW_CONTROL_ERROR",
                        c -> c.post(1, "/").frame(WINDOW_UPDATE, 0, 1, number(Integer.MAX_VALUE))),
                connection(
                        "a setting that makes a window too large",
                        "FLOW_CONTROL_ERROR",
                        c ->
                                c.post(1, "/")
                                        .frame(WINDOW_UPDATE, 0, 1, number(65536))
                                        .settings(4, Integer.MAX_VALUE)),
                // 6.10
                connection(
                        "CONTINUATION behind a block that has ended",
                        "PROTOCOL_ERROR",
                        c -> c.post(1, "/").frame(CONTINUATION, 4, 1, get())),
                connection(
                        "CONTINUATION without a stream",
                        "PROTOCOL_ERROR",
                        c -> c.frame(HEADERS, 1, 1, get()).frame(CONTINUATION, 4, 0, get())),
                // 8.1
                stream(
                        "trailers without END_STREAM",
                        "PROTOCOL_ERROR",
                        c -> c.post(1, "/").frame(HEADERS, END_HEADERS, 1, block("a", "b"))),
                stream(
                        "a pseudo-header field in trailers",
                        "PROTOCOL_ERROR",
                        c -> c.post(1, "/").frame(HEADERS, 5, 1, block(":method", "GET"))),
                stream(
                        "more DATA than content-length",
                        "PROTOCOL_ERROR",
                        c -> c.post(1, "/", "content-length", "3").data(1, true, number(7))),
                stream(
                        "less DATA than content-length",
                        "PROTOCOL_ERROR",
                        c ->
                                c.post(1, "/", "content-length", "9")
                                        .data(1, false, number(7))
                                        .data(1, true, number(7))));
    }

    private static byte[] with5(int stream, byte[] rest) {
        byte[] all = new byte[rest.length + 5];
        System.arraycopy(number(stream), 0, all, 0, 4);
        System.arraycopy(rest, 0, all, 5, rest.length);
        return all;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("frames")
    void isAnsweredAsTheStandardDemands(Case c) {
        try (H2Client client = H2Client.to(weir.port())) {
            c.frames.accept(client);
            if (c.outcome.startsWith("RST")) {
                assertThat(client.outcome(1)).isEqualTo(c.outcome);
                client.get(99, "/after");
                assertThat(client.outcome(99)).as("the connection goes on").isEqualTo("200");
            } else {
                assertThat(client.end()).isEqualTo(c.outcome);
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("legal")
    void isTakenAsTheStandardAllows(Case c) {
        try (H2Client client = H2Client.to(weir.port())) {
            c.frames.accept(client);
            assertThat(client.outcome(1)).isEqualTo(c.outcome);
        }
    }

    private static Case legal(String name, Consumer<H2Client> frames) {
        return new Case(name, frames, "200");
    }

    static Stream<Case> legal() {
        byte[] head = get();
        return Stream.of(
                legal("unknown frames", c -> c.frame(0x16, 0, 0, new byte[8]).get(1, "/")),
                legal("unknown settings", c -> c.settings(0xff, 1).get(1, "/")),
                legal("a reserved bit", c -> c.frame(HEADERS, 5, 1 | Integer.MIN_VALUE, head)),
                legal("unknown flags", c -> c.frame(HEADERS, 0x45, 1, head)),
                legal(
                        "PRIORITY before HEADERS",
                        c -> c.frame(PRIORITY, 0, 1, new byte[5]).get(1, "/")),
                legal("HEADERS with priority", c -> c.frame(HEADERS, 0x25, 1, with5(0, head))),
                legal("padded HEADERS", c -> c.frame(HEADERS, 0xd, 1, with(0, head))),
                legal(
                        "padded DATA",
                        c -> c.post(1, "/").frame(DATA, 9, 1, (byte) 1, (byte) 'x', (byte) 0)),
                legal("an empty DATA frame at the end", c -> c.post(1, "/").data(1, true)),
                legal(
                        "a head in three frames",
                        c ->
                                c.frame(HEADERS, END_STREAM, 1, part(head, 0, 3))
                                        .frame(CONTINUATION, 0, 1, part(head, 3, 9))
                                        .frame(
                                                CONTINUATION,
                                                END_HEADERS,
                                                1,
                                                part(head, 9, head.length))),
                legal("a smaller window than before", c -> c.settings(4, 1).get(1, "/")),
                legal("GOAWAY of the client", c -> c.get(1, "/").frame(GOAWAY, 0, 0, new byte[8])),
                legal(
                        "an unknown error code",
                        c -> c.get(1, "/").post(3, "/never").reset(3, 0xff)));
    }
}
