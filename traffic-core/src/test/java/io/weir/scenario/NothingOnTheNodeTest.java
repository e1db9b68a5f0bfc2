package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.NodeAddress;
import io.weir.config.NodeConfig.State;
import io.weir.config.Overlay;
import io.weir.config.OverlayEntry;
import io.weir.control.Safety;
import io.weir.control.SafetyJudge;
import io.weir.runtime.NodeUse;
import io.weir.testkit.Await;
import io.weir.testkit.Behaviour;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.H2Client;
import io.weir.testkit.H2Service;
import io.weir.testkit.NodeConnection;
import io.weir.testkit.RawClient;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;

/**
 * A draining node is not safe to take while anything is on it, and is as soon as that has ended.
 */
class NothingOnTheNodeTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String GET = "GET / HTTP/1.1\r\nHost: weir.test\r\n\r\n";
    private static final String UPGRADE =
            "GET / HTTP/1.1\r\nHost: weir.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    private static final String SWITCHING =
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

    /** Takes the place of the node; nothing is sent there. */
    private static final String SPARE = "192.0.2.1:9";

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private final CountDownLatch end = new CountDownLatch(1);

    /** Ends what is on the node. */
    @FunctionalInterface
    private interface End {
        void come() throws IOException;
    }

    private static ConfigText config(int port) {
        return ConfigText.ofNodes(
                "127.0.0.1:" + port, "{address: '" + SPARE + "', state: disabled}");
    }

    private static OverlayEntry entry(NodeAddress node, State state) {
        return new OverlayEntry(null, node, state, null, "ops", "", Instant.EPOCH, null);
    }

    private static void assertSafeOnlyAfter(
            RunningWeir weir, int port, ToIntFunction<NodeUse.InPool> kind, End end)
            throws IOException {
        NodeAddress node = new NodeAddress("127.0.0.1", port);
        Await.until(
                "it is on the node",
                PATIENCE,
                () -> kind.applyAsInt(weir.plane().use(node, null).pools().getFirst()) == 1);
        Overlay drained =
                Overlay.EMPTY
                        .with(entry(new NodeAddress("192.0.2.1", 9), State.ACTIVE))
                        .with(entry(node, State.DRAINING));
        weir.plane().apply(drained);
        assertThat(verdict(weir, node, drained)).isNotEqualTo(Safety.Verdict.YES);

        end.come();
        Await.until(
                "the node is safe to take",
                PATIENCE,
                () -> verdict(weir, node, drained) == Safety.Verdict.YES);
    }

    private static Safety.Verdict verdict(RunningWeir weir, NodeAddress node, Overlay overlay) {
        return SafetyJudge.judge(weir.plane().use(node, null), overlay, "ops", Instant.now())
                .verdict();
    }

    /** Answers when the end has come. */
    private void answerAtTheEnd(NodeConnection connection) throws IOException {
        if (connection.head() != null) {
            try {
                assertThat(end.await(60, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        }
    }

    @Test
    void aRequest() throws IOException {
        FakeNode node = WEIR.node("node", this::answerAtTheEnd);
        RunningWeir weir = WEIR.start(config(node.port()));
        try (RawClient client = RawClient.to(weir.port()).send(GET)) {
            assertSafeOnlyAfter(weir, node.port(), NodeUse.InPool::requests, end::countDown);
            assertThat(client.response("GET").status()).isEqualTo(200);
        }
    }

    @Test
    void aStreamOfHttp2() throws IOException {
        FakeNode node = WEIR.node("node", H2Service.echoing());
        RunningWeir weir = WEIR.start(config(node.port()).pool("http2: h2c"));
        try (H2Client client = H2Client.to(weir.port())) {
            client.post(1, "/service/method", "te", "trailers");
            assertSafeOnlyAfter(
                    weir,
                    node.port(),
                    NodeUse.InPool::h2Streams,
                    () -> client.data(1, true, (byte) 'x'));
            assertThat(client.answer(1).status()).isEqualTo(200);
        }
    }

    @Test
    void aWebSocket() throws IOException {
        FakeNode node =
                WEIR.node(
                        "node",
                        connection -> {
                            if (connection.head() != null) {
                                connection.send(SWITCHING);
                                connection.drain();
                            }
                        });
        RunningWeir weir = WEIR.start(config(node.port()));
        try (RawClient client = RawClient.to(weir.port())) {
            assertThat(client.exchange(UPGRADE).status()).isEqualTo(101);
            assertSafeOnlyAfter(weir, node.port(), NodeUse.InPool::tunnels, client::close);
        }
    }

    @Test
    void aTcpConnection() throws IOException {
        FakeNode node = WEIR.node("node", Behaviour.silent());
        RunningWeir weir = WEIR.start(config(node.port()).virtualServer("protocol: client-first"));
        try (RawClient client = RawClient.to(weir.port()).send("hello")) {
            assertSafeOnlyAfter(weir, node.port(), NodeUse.InPool::tcpStreams, client::close);
        }
    }

    @Test
    void aSessionOfDatagrams() throws IOException {
        byte[] word = "word".getBytes(StandardCharsets.US_ASCII);
        try (DatagramSocket node = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                DatagramSocket client = new DatagramSocket()) {
            node.setSoTimeout((int) PATIENCE.toMillis());
            RunningWeir weir =
                    WEIR.start(
                            config(node.getLocalPort())
                                    .virtualServer("protocol: udp", "udp: {timeout: 1h}"));
            client.send(
                    new DatagramPacket(
                            word, word.length, InetAddress.getLoopbackAddress(), weir.port()));
            DatagramPacket asked = new DatagramPacket(new byte[16], 16);
            node.receive(asked);
            // The one answer that is expected ends the session.
            assertSafeOnlyAfter(
                    weir, node.getLocalPort(), NodeUse.InPool::udpSessions, () -> node.send(asked));
        }
    }
}
