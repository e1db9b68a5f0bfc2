package io.weir.scenario;

import static io.weir.testkit.H2Client.DATA;
import static io.weir.testkit.H2Client.END_STREAM;
import static io.weir.testkit.H2Client.HEADERS;
import static io.weir.testkit.H2Client.RST_STREAM;
import static io.weir.testkit.H2Client.number;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.Await;
import io.weir.testkit.Behaviour;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.H2Client;
import io.weir.testkit.H2Service;
import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedResponse;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** WebSockets to nodes that are asked over HTTP/2 (RFC 8441). */
class WebSocketToHttp2Test {

    private static final long SEED = 8441;
    private static final int CONNECT_PROTOCOL = 8;
    private static final String GET = "GET /a HTTP/1.1\r\nHost: weir.test\r\n\r\n";
    private static final String UPGRADE =
            "GET /chat HTTP/1.1\r\nHost: weir.test\r\nConnection: Upgrade\r\n"
                    + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private static RunningWeir weir(FakeNode node, String... more) {
        return WEIR.start(
                ConfigText.of(node).global("event-loops: 1").pool("http2: h2c").pool(more));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Agrees, and sends back what comes; {@code heads} and {@code resets} tell what came. */
    private static Behaviour echo(List<Map<String, String>> heads, AtomicInteger resets) {
        return H2Service.running(
                (service, request, frame) -> {
                    if (frame.type() == HEADERS) {
                        heads.add(request.fields());
                        begin(service, request);
                    } else if (frame.type() == RST_STREAM) {
                        resets.incrementAndGet();
                    } else if (frame.payload().length > 0) {
                        service.data(request.stream(), frame.payload());
                    }
                    if (frame.type() == DATA && request.ended()) {
                        service.frame(DATA, END_STREAM, request.stream(), bytes("last"));
                    }
                },
                CONNECT_PROTOCOL,
                1);
    }

    private static void begin(H2Service service, H2Service.Request request) throws IOException {
        int id = request.stream();
        String path = String.valueOf(request.fields().get(":path"));
        switch (path) {
            case "/chat" ->
                    service.head(id, false, ":status", "200", "sec-websocket-protocol", "chat")
                            .data(id, bytes("first"));
            case "/broken" ->
                    service.head(id, false, ":status", "200").frame(RST_STREAM, 0, id, number(8));
            case "/closed" -> service.head(id, true, ":status", "200");
            case "/forbidden" ->
                    service.head(id, false, ":status", "403", "content-length", "2")
                            .frame(DATA, END_STREAM, id, bytes("no"));
            default -> service.head(id, true, ":status", "204");
        }
    }

    @Test
    void bytesPassBothWaysForClientsOfBothVersions() {
        List<Map<String, String>> heads = new CopyOnWriteArrayList<>();
        FakeNode node = WEIR.node("ws", echo(heads, new AtomicInteger()));
        RunningWeir weir = weir(node);
        byte[] some = new byte[60_000];
        new Random(SEED).nextBytes(some);
        try (RawClient client = RawClient.to(weir.port())) {
            ReceivedResponse response = client.exchange(UPGRADE);
            assertThat(response.status()).isEqualTo(101);
            assertThat(response.field("Upgrade")).isEqualTo("websocket");
            assertThat(response.fields().lists("Connection", "upgrade")).isTrue();
            // The answer that RFC 6455 section 1.3 works out for this key.
            assertThat(response.field("Sec-WebSocket-Accept"))
                    .isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
            assertThat(response.field("Sec-WebSocket-Protocol")).isEqualTo("chat");
            assertThat(client.exactly(5)).isEqualTo("first");
            for (int i = 0; i < 6; i++) {
                client.send(some);
                assertThat(client.exactly(some.length).getBytes(StandardCharsets.ISO_8859_1))
                        .isEqualTo(some);
            }
            client.halfClose();
            assertThat(client.rest()).asString().isEqualTo("last");
        }
        H2Client client = WEIR.http2(weir);
        client.webSocket(1, "/chat").data(1, true, bytes("early"));
        assertThat(client.answer(1).status()).isEqualTo(200);
        assertThat(client.answer(1).heads().getFirst())
                .containsEntry("sec-websocket-protocol", "chat")
                .doesNotContainKeys("sec-websocket-accept", "upgrade", "connection");
        assertThat(client.answer(1).text()).isEqualTo("firstearlylast");

        assertThat(heads).hasSize(2);
        assertThat(heads)
                .allSatisfy(
                        head ->
                                assertThat(head)
                                        .containsEntry(":method", "CONNECT")
                                        .containsEntry(":protocol", "websocket")
                                        .containsEntry(":scheme", "http")
                                        .containsEntry(":path", "/chat")
                                        .containsEntry(":authority", "weir.test")
                                        .containsEntry("sec-websocket-version", "13")
                                        .containsKey("x-forwarded-for")
                                        .doesNotContainKeys(
                                                "sec-websocket-key", "upgrade", "connection"));
        assertThat(node.connections()).as("one connection carries all").isEqualTo(1);
    }

    @Test
    void theEndOfEitherSideReachesTheOther() {
        AtomicInteger resets = new AtomicInteger();
        FakeNode node = WEIR.node("ws", echo(new CopyOnWriteArrayList<>(), resets));
        RunningWeir weir = weir(node);
        H2Client client = WEIR.http2(weir);
        client.webSocket(1, "/broken");
        assertThat(client.answer(1).end()).isIn("RST INTERNAL_ERROR", "RST CANCEL");
        client.webSocket(3, "/closed");
        assertThat(client.head(3).status()).isEqualTo(200);
        client.data(3, true);
        assertThat(client.answer(3).end()).isEqualTo("END_STREAM");
        client.webSocket(5, "/chat");
        assertThat(client.body(5, 5).text()).isEqualTo("first");
        client.reset(5, 8);
        Await.until("the reset to arrive", () -> resets.get() == 1);
        try (RawClient leaving = RawClient.to(weir.port())) {
            assertThat(leaving.exchange(UPGRADE).status()).isEqualTo(101);
            leaving.reset();
        }
        Await.until("the end to arrive", () -> resets.get() == 2);
        assertThat(node.openConnections()).as("the connection stays").isEqualTo(1);
    }

    @Test
    void aNodeThatRefusesAnswersInItsOwnWords() {
        List<Map<String, String>> heads = new CopyOnWriteArrayList<>();
        FakeNode node = WEIR.node("ws", echo(heads, new AtomicInteger()));
        RunningWeir weir = weir(node);
        try (RawClient client = RawClient.to(weir.port())) {
            ReceivedResponse response = client.exchange(UPGRADE.replace("/chat", "/forbidden"));
            assertThat(response.status()).isEqualTo(403);
            assertThat(response.text()).isEqualTo("no");
            assertThat(client.exchange(GET).status()).as("still HTTP").isEqualTo(204);
            String keyless =
                    UPGRADE.replace("/chat", "/a").replaceAll("Sec-WebSocket-Key: [^\r]*\r\n", "");
            assertThat(client.exchange(keyless).status()).isEqualTo(204);
        }
        assertThat(heads.getLast())
                .as("no WebSocket without a key")
                .containsEntry(":method", "GET")
                .doesNotContainKey(":protocol");
        H2Client client = WEIR.http2(weir);
        client.webSocket(1, "/forbidden");
        assertThat(client.answer(1).status()).isEqualTo(403);
        assertThat(client.answer(1).text()).isEqualTo("no");
    }

    @Test
    void aNodeThatDoesNotOfferItIsNotAskedAndNotBlamed() {
        FakeNode node = WEIR.node("h2", H2Service.echoing());
        RunningWeir weir = weir(node, "passive-monitoring: true", "node-connection-attempts: 1");
        for (int i = 0; i < 3; i++) {
            try (RawClient client = RawClient.to(weir.port())) {
                assertThat(client.exchange(UPGRADE).status()).isEqualTo(502);
            }
        }
        H2Client client = WEIR.http2(weir);
        client.webSocket(1, "/chat");
        assertThat(client.answer(1).status()).isEqualTo(502);
        assertThat(client.get(3, "/").answer(3).text()).as("the node is well").isEqualTo("hello");
        assertThat(node.connections()).isEqualTo(1);
    }

    @Test
    void aNodeThatNeverTellsItsSettingsIsTooSlowOrGone() {
        FakeNode silent = WEIR.node("silent", connection -> connection.drain());
        RunningWeir weir = weir(silent, "max-reply-time: 100ms");
        try (RawClient client = RawClient.to(weir.port())) {
            assertThat(client.exchange(UPGRADE).status()).isEqualTo(504);
        }
        FakeNode leaving = WEIR.node("leaving", connection -> connection.exactly(24));
        RunningWeir other = weir(leaving);
        try (RawClient client = RawClient.to(other.port())) {
            assertThat(client.exchange(UPGRADE).status()).isEqualTo(502);
        }
    }
}
