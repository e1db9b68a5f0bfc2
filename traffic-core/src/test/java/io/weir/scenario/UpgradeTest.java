package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.Await;
import io.weir.testkit.Behaviour;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.NodeConnection;
import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedResponse;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.StrictHttpReader;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** An upgrade that the node confirms becomes a tunnel; one that it does not stays HTTP. */
class UpgradeTest {

    private static final long SEED = 55;
    private static final String UPGRADE =
            "GET /chat HTTP/1.1\r\nHost: weir.test\r\nConnection: keep-alive, Upgrade\r\n"
                    + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    private static final String SWITCHING =
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private static void echo(NodeConnection connection) throws IOException {
        for (StrictHttpReader.Head head = connection.head();
                head != null;
                head = connection.head()) {
            if (!head.fields().lists("Upgrade", "websocket")) {
                connection.send(Behaviour.answer(connection.node(), connection.body(head)));
                continue;
            }
            connection.send(SWITCHING + "first");
            for (byte[] some = connection.some(65536);
                    some.length > 0;
                    some = connection.some(65536)) {
                connection.send(some);
            }
            connection.send("last");
            return;
        }
    }

    @Test
    void bytesPassBothWaysUnchanged() {
        FakeNode node = WEIR.node("ws", UpgradeTest::echo);
        RunningWeir weir = WEIR.start(ConfigText.of(node));
        byte[] random = new byte[300_000];
        new Random(SEED).nextBytes(random);
        try (RawClient client = RawClient.to(weir.port())) {
            ReceivedResponse response = client.exchange(UPGRADE);
            assertThat(response.status()).isEqualTo(101);
            assertThat(response.field("Upgrade")).isEqualTo("websocket");
            assertThat(response.fields().lists("Connection", "upgrade")).isTrue();
            assertThat(response.field("Sec-WebSocket-Accept")).isNotEmpty();
            assertThat(client.exactly(5)).isEqualTo("first");

            client.send("GET / HTTP/1.1\r\n\r\n");
            assertThat(client.exactly(18)).isEqualTo("GET / HTTP/1.1\r\n\r\n");
            Thread sender = Thread.ofVirtual().start(() -> client.send(random));
            assertThat(client.exactly(random.length).getBytes(StandardCharsets.ISO_8859_1))
                    .isEqualTo(random);
            Await.until("the sender to end", () -> !sender.isAlive());
        }
    }

    @Test
    void bytesSentTogetherWithTheHeadsAreNotLost() {
        FakeNode node = WEIR.node("ws", UpgradeTest::echo);
        RunningWeir weir = WEIR.start(ConfigText.of(node));
        try (RawClient client = RawClient.to(weir.port())) {
            client.send(UPGRADE + "early");
            assertThat(client.response("GET").status()).isEqualTo(101);
            assertThat(client.exactly(10)).isEqualTo("firstearly");
        }
    }

    @Test
    void endOfEitherSideReachesTheOther() {
        FakeNode node = WEIR.node("ws", UpgradeTest::echo);
        RunningWeir weir = WEIR.start(ConfigText.of(node));
        try (RawClient client = RawClient.to(weir.port())) {
            assertThat(client.exchange(UPGRADE).status()).isEqualTo(101);
            client.send("x").halfClose();
            String rest = new String(client.rest(), StandardCharsets.ISO_8859_1);
            assertThat(rest).isIn("firstxlast", "firstx");
        }
        Await.until("the node connection to end", () -> node.openConnections() == 0);

        RawClient leaving = RawClient.to(weir.port());
        assertThat(leaving.exchange(UPGRADE).status()).isEqualTo(101);
        leaving.reset();
        Await.until("the node connection to end", () -> node.openConnections() == 0);
    }

    @Test
    void refusedUpgradeStaysHttp() {
        FakeNode node = WEIR.node("n");
        RunningWeir weir = WEIR.start(ConfigText.of(node));
        try (RawClient client = RawClient.to(weir.port())) {
            assertThat(client.exchange(UPGRADE).text()).isEqualTo("hello");
            assertThat(client.exchange("GET /b HTTP/1.1\r\nHost: weir.test\r\n\r\n").text())
                    .isEqualTo("hello");
        }
        assertThat(node.received().get(0).fields().lists("Upgrade", "websocket")).isTrue();
        assertThat(node.received().get(0).fields().lists("Connection", "upgrade")).isTrue();
    }

    @Test
    void bytesBehindARefusedUpgradeAreARequestOfTheirOwn() {
        FakeNode node = WEIR.node("n");
        RunningWeir weir = WEIR.start(ConfigText.of(node));
        try (RawClient client = RawClient.to(weir.port())) {
            client.send(UPGRADE + "\0\1not http\r\n\r\n");
            assertThat(client.response("GET").status()).isEqualTo(200);
            assertThat(client.response("GET").status()).isEqualTo(400);
            assertThat(client.closedByPeer()).isTrue();
        }
        assertThat(node.requests()).isEqualTo(1);
        assertThat(node.violations()).isEmpty();
    }

    @Test
    void upgradeIsNotOfferedWhereItIsSwitchedOff() {
        FakeNode node = WEIR.node("ws", UpgradeTest::echo);
        RunningWeir weir = WEIR.start(ConfigText.of(node).virtualServer("upgrade: false"));
        try (RawClient client = RawClient.to(weir.port())) {
            assertThat(client.exchange(UPGRADE).text()).isEqualTo("hello");
        }
        assertThat(node.received().get(0).fields().has("Upgrade")).isFalse();
    }

    @Test
    void tunnelOutlivesTheTimesOfHttp() {
        FakeNode node = WEIR.node("ws", UpgradeTest::echo);
        RunningWeir weir =
                WEIR.start(
                        ConfigText.of(node)
                                .virtualServer("keepalive-timeout: 200ms", "connect-timeout: 200ms")
                                .pool("idle-timeout: 200ms", "max-reply-time: 200ms"));
        try (RawClient client = RawClient.to(weir.port())) {
            assertThat(client.exchange(UPGRADE).status()).isEqualTo(101);
            assertThat(client.exactly(5)).isEqualTo("first");
            // Another client's idle connection marks the time.
            try (RawClient clock = RawClient.to(weir.port())) {
                for (int i = 0; i < 3; i++) {
                    try (RawClient tick = RawClient.to(weir.port())) {
                        assertThat(
                                        tick.exchange("GET /b HTTP/1.1\r\nHost: weir.test\r\n\r\n")
                                                .status())
                                .isEqualTo(200);
                        assertThat(tick.closedByPeer()).isTrue();
                    }
                }
                assertThat(clock.rest()).isNotNull();
            }
            client.send("still there");
            assertThat(client.exactly(11)).isEqualTo("still there");
        }
    }
}
