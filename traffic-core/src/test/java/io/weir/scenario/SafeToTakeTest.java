package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.NodeAddress;
import io.weir.config.NodeConfig.State;
import io.weir.config.Overlay;
import io.weir.config.OverlayEntry;
import io.weir.runtime.NodeUse;
import io.weir.testkit.Await;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.RawClient;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** What a running Weir knows to be on a node is what the node has. */
class SafeToTakeTest {

    private static final String UPGRADE =
            "GET / HTTP/1.1\r\nHost: weir.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    private static final String SWITCHING =
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private static NodeUse.InPool use(RunningWeir weir, FakeNode node) {
        NodeUse use = weir.plane().use(address(node), null);
        assertThat(use.departed()).isEmpty();
        return use.pools().getFirst();
    }

    private static NodeAddress address(FakeNode node) {
        return new NodeAddress("127.0.0.1", node.port());
    }

    @Test
    void requestsAndTunnelsAreToldApart() {
        CountDownLatch answer = new CountDownLatch(1);
        FakeNode node =
                WEIR.node(
                        "one",
                        connection -> {
                            var head = connection.head();
                            if (head != null && head.fields().lists("Upgrade", "websocket")) {
                                connection.send(SWITCHING);
                                connection.some(1);
                            } else if (head != null) {
                                try {
                                    answer.await();
                                } catch (InterruptedException e) {
                                    Thread.currentThread().interrupt();
                                }
                                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                            }
                        });
        RunningWeir weir = WEIR.start(ConfigText.of(node));
        try (RawClient tunnel = RawClient.to(weir.port());
                RawClient asker = RawClient.to(weir.port())) {
            assertThat(tunnel.exchange(UPGRADE).status()).isEqualTo(101);
            asker.send("GET / HTTP/1.1\r\nHost: w\r\n\r\n");
            Await.until(
                    "one of each",
                    () -> use(weir, node).tunnels() == 1 && use(weir, node).requests() == 1);
            assertThat(use(weir, node).inFlight()).isEqualTo(2);
            Await.until(
                    "the node to see as many connections",
                    () -> use(weir, node).connections() == node.openConnections());

            answer.countDown();
            assertThat(asker.response("GET").status()).isEqualTo(200);
            Await.until("the request to end", () -> use(weir, node).requests() == 0);
            assertThat(use(weir, node).tunnels()).isEqualTo(1);

            weir.plane()
                    .apply(
                            Overlay.EMPTY.with(
                                    new OverlayEntry(
                                            null,
                                            address(node),
                                            State.DISABLED,
                                            null,
                                            "ops",
                                            "",
                                            Instant.EPOCH,
                                            null)));
            assertThat(use(weir, node).tunnels()).as("what is there may end").isEqualTo(1);
            weir.plane().cut("web", address(node));
            assertThat(tunnel.closedByPeer()).isTrue();
            Await.until("nothing to be left", () -> use(weir, node).inFlight() == 0);
        }
    }

    @Test
    void whatRunsOnADeletedNodeIsKnown() {
        CountDownLatch answer = new CountDownLatch(1);
        FakeNode node =
                WEIR.node(
                        "gone",
                        connection -> {
                            connection.head();
                            try {
                                answer.await();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                        });
        RunningWeir weir = WEIR.start(ConfigText.of(node));
        try (RawClient asker = RawClient.to(weir.port())) {
            asker.send("GET / HTTP/1.1\r\nHost: w\r\n\r\n");
            Await.until("the request", () -> use(weir, node).inFlight() == 1);
            weir.apply(ConfigText.of(WEIR.node("another")).toString());
            NodeUse use = weir.plane().use(address(node), null);
            assertThat(use.pools()).isEmpty();
            assertThat(use.departed()).isEqualTo(Map.of("web", 1));
            answer.countDown();
            assertThat(new String(asker.response("GET").body(), StandardCharsets.UTF_8))
                    .isEqualTo("ok");
            Await.until(
                    "it to end", () -> weir.plane().use(address(node), null).departed().isEmpty());
        }
    }
}
