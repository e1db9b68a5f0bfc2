package io.weir.scenario;

import static io.weir.testkit.H2Client.DATA;
import static io.weir.testkit.H2Client.HEADERS;
import static io.weir.testkit.H2Client.SETTINGS;
import static io.weir.testkit.H2Client.WINDOW_UPDATE;
import static io.weir.testkit.H2Client.block;
import static io.weir.testkit.H2Client.number;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.Await;
import io.weir.testkit.Behaviour;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.H2Client;
import io.weir.testkit.H2Client.Answer;
import io.weir.testkit.NodeConnection;
import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedRequest;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.StrictHttpReader;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/** Exchanges of HTTP/2 clients with HTTP/1.1 nodes. */
class Http2Test {

    private static final long SEED = 77;
    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n";

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(SEED).nextBytes(bytes);
        return bytes;
    }

    /** Sends a body in frames, waiting for room as it must. */
    private static void upload(H2Client client, int stream, byte[] body) {
        int room = 65535;
        int at = 0;
        while (at < body.length) {
            int length = Math.min(Math.min(16384, room), body.length - at);
            if (length == 0) {
                H2Client.Frame frame = Objects.requireNonNull(client.next(), "room for the rest");
                if (frame.type() == WINDOW_UPDATE && frame.stream() == stream) {
                    room += frame.number(0);
                }
                continue;
            }
            client.data(
                    stream,
                    at + length == body.length,
                    java.util.Arrays.copyOfRange(body, at, at + length));
            at += length;
            room -= length;
        }
    }

    @Test
    void bodiesOfAllSizesPassBothWays() {
        FakeNode node = WEIR.node("echo");
        RunningWeir weir = WEIR.start(ConfigText.of(node));
        H2Client client = WEIR.http2(weir);
        int stream = 1;
        for (int size : new int[] {1, 2, 100, 4096, 16383, 16384, 16385, 65535, 65536, 1_000_000}) {
            byte[] body = random(size);
            client.post(stream, "/" + size);
            upload(client, stream, body);
            Answer answer = client.answer(stream);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.end()).isEqualTo("END_STREAM");
            assertThat(answer.body()).isEqualTo(body);
            stream += 2;
            client.post(stream, "/" + size, "content-length", Integer.toString(size));
            upload(client, stream, body);
            assertThat(client.answer(stream).body()).isEqualTo(body);
            stream += 2;
        }
        assertThat(node.violations()).isEmpty();
        assertThat(node.received()).hasSize(20);
        assertThat(node.received().get(0).summary()).isEqualTo("POST /1 chunked");
        assertThat(node.received().get(1).summary()).isEqualTo("POST /1 length 1");
    }

    @Test
    void aLargerWindowIsAcknowledgedBeforeWhatWaitedForItComes() {
        H2Client client = WEIR.http2(WEIR.start(ConfigText.of(WEIR.node("n"))), 4, 0);
        client.get(1, "/");
        int before = -1;
        while (before != HEADERS) {
            before = Objects.requireNonNull(client.next(), "the head of the answer").type();
        }
        client.settings(4, 1);
        H2Client.Frame first = Objects.requireNonNull(client.next(), "an acknowledgement");
        assertThat(first.type()).isEqualTo(SETTINGS);
        assertThat(first.flags()).isEqualTo(H2Client.ACK);
        H2Client.Frame second = Objects.requireNonNull(client.next(), "a body");
        assertThat(second.type()).isEqualTo(DATA);
        assertThat(second.payload()).hasSize(1);
    }

    @Test
    void manyStreamsShareOneConnection() {
        FakeNode node = WEIR.node("n");
        RunningWeir weir = WEIR.start(ConfigText.of(node));
        H2Client client = WEIR.http2(weir);
        assertThat(client.setting(3)).isEqualTo(200);
        for (int i = 1; i < 200; i += 2) {
            client.post(i, "/" + i);
        }
        for (int i = 199; i > 0; i -= 2) {
            client.data(i, true, number(i));
        }
        for (int i = 1; i < 200; i += 2) {
            assertThat(client.answer(i).body()).isEqualTo(number(i));
        }
        assertThat(weir.clientConnections()).isEqualTo(1);
    }

    @Test
    void moreStreamsThanAllowedAreRefused() {
        FakeNode node = WEIR.node("silent", Behaviour.silent());
        RunningWeir weir =
                WEIR.start(
                        ConfigText.of(node).virtualServer("http2: { max-concurrent-streams: 2 }"));
        H2Client client = WEIR.http2(weir);
        client.get(1, "/").get(3, "/").get(5, "/");
        assertThat(client.outcome(5)).isEqualTo("RST REFUSED_STREAM");
    }

    @Test
    void announcedTrailersBehindAContentLengthReachANodeInChunks() {
        FakeNode node = WEIR.node("n");
        RunningWeir weir = WEIR.start(ConfigText.of(node));
        H2Client client = WEIR.http2(weir);
        client.post(1, "/", "content-length", "2", "trailer", "x-check")
                .data(1, false, (byte) 'h', (byte) 'i')
                .frame(HEADERS, 5, 1, block("x-check", "5"));
        assertThat(client.outcome(1)).isEqualTo("200");
        ReceivedRequest request = node.received().getFirst();
        assertThat(request.text()).isEqualTo("hi");
        assertThat(request.fields().has("Content-Length")).isFalse();
        assertThat(request.trailers().first("X-Check")).isEqualTo("5");
        assertThat(node.violations()).isEmpty();
    }

    @Test
    void trailersPassBothWays() {
        FakeNode node =
                WEIR.node(
                        "n",
                        Behaviour.saying(
                                CHUNKED + "\r\n2\r\nhi\r\n0\r\nX-Sum: 7\r\nHost: x\r\n\r\n"));
        RunningWeir weir = WEIR.start(ConfigText.of(node));
        H2Client client = WEIR.http2(weir);
        client.post(1, "/", "te", "trailers")
                .data(1, false, (byte) 'x')
                .frame(HEADERS, 5, 1, block("x-check", "5", "content-length", "9"));
        Answer answer = client.answer(1);
        assertThat(answer.text()).isEqualTo("hi");
        assertThat(answer.trailers()).containsOnlyKeys("x-sum").containsEntry("x-sum", "7");
        ReceivedRequest request = node.received().get(0);
        assertThat(request.text()).isEqualTo("x");
        assertThat(request.trailers().first("X-Check")).isEqualTo("5");
        assertThat(request.trailers().has("Content-Length")).isFalse();
        assertThat(request.fields().lists("TE", "trailers")).isTrue();
        assertThat(request.fields().lists("Connection", "te")).isTrue();
    }

    @Test
    void interimResponsesPass() {
        FakeNode node =
                WEIR.node(
                        "n",
                        Behaviour.saying(
                                "HTTP/1.1 103 Early Hints\r\n"
                                        + "Link: </a>\r\n"
                                        + "Connection: x\r\n"
                                        + "X: y\r\n\r\n"
                                        + "HTTP/1.1 200 OK\r\n"
                                        + "Content-Length: 0\r\n\r\n"));
        RunningWeir weir = WEIR.start(ConfigText.of(node));
        Answer answer = WEIR.http2(weir).get(1, "/").answer(1);
        assertThat(answer.heads()).hasSize(2);
        assertThat(answer.heads().get(0)).containsEntry(":status", "103").containsKey("link");
        assertThat(answer.heads().get(0)).doesNotContainKeys("connection", "x");
        assertThat(answer.status()).isEqualTo(200);
    }

    @Test
    void responsesWithoutABodyEndWithTheirHead() {
        FakeNode node =
                WEIR.node(
                        "n",
                        Behaviour.answering(
                                request ->
                                        ("HTTP/1.1 "
                                                        + request.target().substring(1)
                                                        + " x\r\n"
                                                        + "ETag: \"a\"\r\n"
                                                        + "Content-Length: 5\r\n\r\n")
                                                .getBytes(StandardCharsets.US_ASCII)));
        RunningWeir weir = WEIR.start(ConfigText.of(node));
        H2Client client = WEIR.http2(weir);
        client.frame(HEADERS, 5, 1, block(H2Client.fields("HEAD", "/200")));
        assertThat(client.answer(1).field("content-length")).isEqualTo("5");
        assertThat(client.get(3, "/304").answer(3).status()).isEqualTo(304);
        assertThat(client.get(5, "/204").answer(5).status()).isEqualTo(204);
        for (int stream = 1; stream < 7; stream += 2) {
            assertThat(client.answer(stream).end()).isEqualTo("END_STREAM");
            assertThat(client.answer(stream).body()).isEmpty();
        }
    }

    @Test
    void whatBelongsToTheNodesConnectionDoesNotReachTheClient() {
        FakeNode node =
                WEIR.node(
                        "n",
                        Behaviour.saying(
                                "HTTP/1.1 200 OK\r\n"
                                        + "Connection: X-Hop\r\n"
                                        + "X-Hop: 1\r\n"
                                        + "Keep-Alive: timeout=9\r\n"
                                        + "Proxy-Connection: x\r\n"
                                        + "Upgrade: h2c\r\n"
                                        + "X-Upper: 1\r\n"
                                        + "Content-Length: 0\r\n\r\n"));
        RunningWeir weir = WEIR.start(ConfigText.of(node));
        assertThat(WEIR.http2(weir).get(1, "/").answer(1).heads().get(0))
                .containsOnlyKeys(":status", "x-upper", "content-length");
    }

    @Test
    void aBodyCutShortNeverLooksComplete() {
        for (String cut :
                new String[] {
                    "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
                    CHUNKED + "\r\n4\r\nhalf\r\n",
                    CHUNKED + "\r\n4\r\nhalf\r\nx\r\n"
                }) {
            FakeNode node =
                    WEIR.node("n", Behaviour.sayingOnce(cut.getBytes(StandardCharsets.US_ASCII)));
            RunningWeir weir = WEIR.start(ConfigText.of(node).pool("passive-monitoring: false"));
            H2Client client = WEIR.http2(weir);
            Answer answer = client.get(1, "/").answer(1);
            assertThat(answer.end()).isEqualTo("RST INTERNAL_ERROR");
            assertThat("half").startsWith(answer.text());
        }
    }

    @Test
    void aBodyThatEndsWithTheNodesConnectionIsComplete() {
        FakeNode node =
                WEIR.node(
                        "n",
                        Behaviour.sayingOnce(
                                "HTTP/1.1 200 OK\r\n\r\nwhole"
                                        .getBytes(StandardCharsets.US_ASCII)));
        RunningWeir weir = WEIR.start(ConfigText.of(node));
        Answer answer = WEIR.http2(weir).get(1, "/").answer(1);
        assertThat(answer.text()).isEqualTo("whole");
        assertThat(answer.end()).isEqualTo("END_STREAM");
    }

    @Test
    void anAnswerBeforeTheEndOfTheRequestEndsTheStream() {
        FakeNode node =
                WEIR.node(
                        "n",
                        connection -> {
                            if (connection.head() != null) {
                                connection.send("HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno");
                                connection.drain();
                            }
                        });
        RunningWeir weir = WEIR.start(ConfigText.of(node));
        H2Client client = WEIR.http2(weir);
        client.post(1, "/").data(1, false, new byte[100]);
        Answer answer = client.answer(1);
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.text()).isEqualTo("no");
        client.settle();
        // What was under way when the stream ended is not held against the client.
        client.data(1, false, new byte[100]);
        client.get(3, "/");
        assertThat(client.head(3).status()).isEqualTo(403);
    }

    @Test
    void noNodeMeansAnErrorPage() {
        FakeNode node = WEIR.closing(FakeNode.refusing("n"));
        RunningWeir weir = WEIR.start(ConfigText.of(node));
        Answer answer = WEIR.http2(weir).get(1, "/").answer(1);
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.body()).isNotEmpty();
        assertThat(answer.end()).isEqualTo("END_STREAM");
    }

    @Test
    void aStreamGivenUpEndsTheNodesWork() {
        FakeNode node = WEIR.node("silent", Behaviour.silent());
        RunningWeir weir = WEIR.start(ConfigText.of(node));
        H2Client client = WEIR.http2(weir);
        client.get(1, "/");
        Await.until("the request to arrive", () -> node.openConnections() == 1);
        client.reset(1, 8);
        Await.until("the node connection to end", () -> node.openConnections() == 0);
    }

    @Test
    void aStreamThatIsNotReadBlocksNoOtherAndHoldsLittle() {
        byte[] body = random(2_000_000);
        FakeNode node =
                WEIR.node(
                        "n",
                        Behaviour.answering(
                                request -> {
                                    byte[] some =
                                            request.target().equals("/big") ? body : number(7);
                                    byte[] head =
                                            ("HTTP/1.1 200 OK\r\nContent-Length: "
                                                            + some.length
                                                            + "\r\n\r\n")
                                                    .getBytes(StandardCharsets.US_ASCII);
                                    byte[] all =
                                            java.util.Arrays.copyOf(
                                                    head, head.length + some.length);
                                    System.arraycopy(some, 0, all, head.length, some.length);
                                    return all;
                                }));
        RunningWeir weir = WEIR.start(ConfigText.of(node));
        H2Client client = WEIR.http2(weir, 4, 1000).withoutRefills();
        client.get(1, "/big");
        assertThat(client.body(1, 1000).body()).hasSize(1000);
        for (int i = 3; i < 50; i += 2) {
            assertThat(client.get(i, "/small").answer(i).body()).isEqualTo(number(7));
        }
        assertThat(client.answers(1).body()).hasSize(1000);
        client.frame(WINDOW_UPDATE, 0, 0, number(3_000_000));
        client.frame(WINDOW_UPDATE, 0, 1, number(1_999_000));
        assertThat(client.answer(1).body()).isEqualTo(body);
    }

    @Test
    void aNodeThatDoesNotReadStopsTheStream() {
        FakeNode node = WEIR.node("frozen", Behaviour.silent());
        RunningWeir weir =
                WEIR.start(ConfigText.of(node).virtualServer("http2: { stream-window: 16KiB }"));
        H2Client client = WEIR.http2(weir);
        // The node never agrees to the WebSocket, so nothing of what follows is taken.
        client.webSocket(1, "/");
        client.data(1, false, new byte[16384]);
        client.data(1, false, new byte[1]);
        assertThat(client.outcome(1)).isEqualTo("RST FLOW_CONTROL_ERROR");
    }

    private static void webSocket(NodeConnection connection) throws IOException {
        StrictHttpReader.Head head = connection.head();
        if (head == null) {
            return;
        }
        if (!head.target().equals("/chat")) {
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno");
            return;
        }
        connection.send(
                "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        + "Sec-WebSocket-Accept: x\r\nSec-WebSocket-Protocol: chat\r\n\r\nfirst");
        for (byte[] some = connection.some(65536); some.length > 0; some = connection.some(65536)) {
            connection.send(some);
        }
        connection.send("last");
    }

    @Test
    void aWebSocketPassesThroughAStream() {
        FakeNode node = WEIR.node("ws", Http2Test::webSocket);
        RunningWeir weir = WEIR.start(ConfigText.of(node));
        H2Client client = WEIR.http2(weir);
        assertThat(client.setting(8)).isEqualTo(1);
        client.webSocket(1, "/chat").data(1, false, "early".getBytes(StandardCharsets.US_ASCII));
        Answer answer = client.head(1);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.heads().get(0))
                .containsEntry("sec-websocket-protocol", "chat")
                .doesNotContainKeys("sec-websocket-accept", "upgrade", "connection");
        assertThat(client.body(1, 10).text()).isEqualTo("firstearly");
        byte[] body = random(300_000);
        upload(client, 1, java.util.Arrays.copyOf(body, 60_000));
        assertThat(client.answer(1).end()).isEqualTo("END_STREAM");
        assertThat(client.answer(1).body()).hasSize(10 + 60_000 + 4);

        client.webSocket(3, "/else");
        assertThat(client.outcome(3)).as("the node did not agree").isEqualTo("RST CONNECT_ERROR");
    }

    @Test
    void aConnectionThatIsRetiredEndsItsStreamsFirst() {
        CompletableFuture<Void> mayAnswer = new CompletableFuture<>();
        FakeNode node = WEIR.node("slow", Behaviour.giving("ok").after(mayAnswer));
        RunningWeir weir = WEIR.start(ConfigText.of(node));
        H2Client busy = WEIR.http2(weir);
        H2Client idle = WEIR.http2(weir);
        busy.get(1, "/");
        Await.until("the request to arrive", () -> node.openConnections() == 1);
        CompletableFuture<Boolean> stopped =
                CompletableFuture.supplyAsync(() -> weir.plane().stop(Duration.ofMinutes(1)));
        assertThat(idle.end()).isEqualTo("GOAWAY NO_ERROR");
        mayAnswer.complete(null);
        assertThat(busy.answer(1).text()).isEqualTo("ok");
        assertThat(busy.end()).isEqualTo("GOAWAY NO_ERROR");
        assertThat(stopped.join()).isTrue();
    }

    @Test
    void aReloadUnderLoadIsNotNoticed() {
        FakeNode one = WEIR.node("one");
        FakeNode two = WEIR.node("two");
        RunningWeir weir = WEIR.start(ConfigText.of(one));
        H2Client client = WEIR.http2(weir);
        int stream = 1;
        for (int i = 0; i < 20; i++) {
            int first = stream;
            for (int k = 0; k < 10; k++, stream += 2) {
                client.get(stream, "/" + stream);
            }
            weir.apply(ConfigText.of(i % 2 == 0 ? two : one).toString());
            for (int k = first; k < stream; k += 2) {
                assertThat(client.outcome(k)).isEqualTo("200");
            }
        }
        assertThat(two.requests()).isPositive();
    }

    @Test
    void aPrefaceInPiecesIsStillOne() {
        FakeNode node = WEIR.node("n");
        RunningWeir weir = WEIR.start(ConfigText.of(node));
        try (RawClient client = RawClient.to(weir.port())) {
            byte[] all = (H2_PREFACE + "\0\0\0\4\0\0\0\0\0").getBytes(StandardCharsets.ISO_8859_1);
            for (byte b : all) {
                client.send(new byte[] {b});
            }
            assertThat(client.exactly(9)).as("SETTINGS").contains("\4");
        }
        try (RawClient client = RawClient.to(weir.port())) {
            client.send("P").send("OST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
            assertThat(client.response("POST").status()).isEqualTo(200);
        }
    }

    private static final String H2_PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    @Test
    void whereItIsSwitchedOffThePrefaceIsNoRequest() {
        FakeNode node = WEIR.node("n");
        RunningWeir weir =
                WEIR.start(ConfigText.of(node).virtualServer("http2: { enabled: false }"));
        try (RawClient client = RawClient.to(weir.port())) {
            client.send(H2_PREFACE);
            assertThat(client.response("PRI").status()).isEqualTo(505);
        }
        assertThat(node.requests()).isZero();
    }
}
