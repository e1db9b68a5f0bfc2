package io.weir.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.NodeAddress;
import io.weir.explain.ConnectionList;
import io.weir.explain.ConnectionQuery;
import io.weir.explain.ConnectionState;
import io.weir.explain.ConnectionView;
import io.weir.testkit.Await;
import io.weir.testkit.Behaviour;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.RawClient;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

class OpenConnectionsTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String GET = "GET /where?secret=word HTTP/1.1\r\nHost: a.example\r\n\r\n";

    private static ConnectionList of(RunningWeir weir, @Nullable ConnectionState state, int max) {
        return weir.plane().connections(new ConnectionQuery(null, null, null, state, max));
    }

    private static ConnectionView only(RunningWeir weir, ConnectionState state) {
        Await.until(
                "one connection in state " + state.letter(),
                PATIENCE,
                () -> of(weir, state, 10).total() == 1);
        return of(weir, state, 10).connections().getFirst();
    }

    @Test
    void everyStateIsToldWithWhatIsKnownThen() {
        FakeNode node = WEIR.node("node", Behaviour.silent());
        FakeNode quick = WEIR.node("quick");
        RunningWeir weir = WEIR.start(ConfigText.of(node));
        try (RawClient waiting = RawClient.to(weir.port());
                RawClient sending = RawClient.to(weir.port())) {
            waiting.send(GET);
            ConnectionView x = only(weir, ConnectionState.READING_FROM_NODE);
            assertThat(x.kind()).isEqualTo("http");
            assertThat(x.node()).isEqualTo(node.address());
            assertThat(x.pool()).isEqualTo("web");
            assertThat(x.url()).isEqualTo("a.example/where?secret=");
            assertThat(x.client()).isEqualTo("127.0.0.1:" + waiting.localPort());
            assertThat(x.bytesIn()).isEqualTo(GET.length());
            assertThat(x.requests()).isEqualTo(1);
            sending.send("POST / HT");
            ConnectionView y = only(weir, ConnectionState.READING_FROM_CLIENT);
            assertThat(y.client()).endsWith(":" + sending.localPort());
            assertThat(y.url()).isNull();
            assertThat(
                            weir.plane()
                                    .connections(
                                            new ConnectionQuery(
                                                    "web",
                                                    new NodeAddress("127.0.0.1", node.port()),
                                                    InetAddress.getLoopbackAddress(),
                                                    null,
                                                    10))
                                    .connections())
                    .extracting(ConnectionView::id)
                    .containsExactly(x.id());
            assertThat(
                            weir.plane()
                                    .connections(new ConnectionQuery("shop", null, null, null, 10))
                                    .total())
                    .isZero();
        }
        weir.apply(ConfigText.of(quick).toString());
        RunningWeir other = WEIR.start(ConfigText.of(quick));
        try (RawClient idle = RawClient.to(other.port())) {
            assertThat(idle.exchange(GET).status()).isEqualTo(200);
            ConnectionView x = only(other, ConnectionState.KEEPING_ALIVE);
            assertThat(x.bytesOut()).isPositive();
            assertThat(x.node()).isNull();
        }
        Await.until("the connection has gone", PATIENCE, () -> of(other, null, 10).total() == 0);
    }

    @Test
    void noMoreAreWrittenDownThanAskedForButAllAreCounted() {
        RunningWeir weir = WEIR.start(ConfigText.of(WEIR.node("node")));
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 30; i++) {
                clients.add(RawClient.to(weir.port()).send("G"));
            }
            Await.until("all are there", PATIENCE, () -> of(weir, null, 7).total() == 30);
            assertThat(of(weir, null, 7).connections()).hasSize(7);
            assertThat(of(weir, null, 0).connections()).isEmpty();
            assertThat(of(weir, null, 100).connections())
                    .extracting(ConnectionView::id)
                    .hasSize(30)
                    .doesNotHaveDuplicates();
        } finally {
            clients.forEach(RawClient::close);
        }
    }

    @Test
    void tcpConnectionsAndUdpSessionsAreThereToo() throws Exception {
        FakeNode node = WEIR.node("node", Behaviour.silent());
        RunningWeir tcp = WEIR.start(ConfigText.of(node).virtualServer("protocol: client-first"));
        try (RawClient client = RawClient.to(tcp.port())) {
            client.send("hello");
            ConnectionView x = only(tcp, ConnectionState.READING_FROM_NODE);
            assertThat(x.kind()).isEqualTo("tcp");
            assertThat(x.bytesIn()).isEqualTo(5);
            assertThat(x.node()).isEqualTo(node.address());
        }
        try (DatagramSocket server = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                DatagramSocket client = new DatagramSocket()) {
            RunningWeir udp =
                    WEIR.start(
                            ConfigText.ofNodes("127.0.0.1:" + server.getLocalPort())
                                    .virtualServer("protocol: udp"));
            byte[] ask = "ask".getBytes(StandardCharsets.US_ASCII);
            client.send(
                    new DatagramPacket(
                            ask, ask.length, InetAddress.getLoopbackAddress(), udp.port()));
            ConnectionView x = only(udp, ConnectionState.READING_FROM_NODE);
            assertThat(x.kind()).isEqualTo("udp");
            assertThat(x.client()).endsWith(":" + client.getLocalPort());
            assertThat(x.bytesIn()).isEqualTo(3);
        }
    }
}
