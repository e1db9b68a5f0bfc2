package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.Await;
import io.weir.testkit.Behaviour;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.NodeConnection;
import io.weir.testkit.RawClient;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.ShiftedTicker;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Node connections are few, shared and soon free again. */
class NodeConnectionPoolingTest {

    private static final String GET = "GET /a HTTP/1.1\r\nHost: weir.test\r\n\r\n";

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    @Test
    void tenThousandClientConnectionsNeedAtMostAHundredNodeConnections()
            throws InterruptedException {
        FakeNode node = WEIR.node("n");
        RunningWeir weir = WEIR.start(ConfigText.of(node));
        AtomicInteger left = new AtomicInteger(10_000);
        AtomicInteger served = new AtomicInteger();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            clients.add(
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        while (left.getAndDecrement() > 0) {
                                            served.addAndGet(ask(weir.port()));
                                        }
                                    }));
        }
        for (Thread client : clients) {
            client.join();
        }

        assertThat(served.get()).isEqualTo(10_000);
        assertThat(node.requests()).isEqualTo(10_000);
        assertThat(node.connections()).isLessThanOrEqualTo(100);
    }

    private static int ask(int port) {
        try (RawClient client = RawClient.to(port)) {
            client.send("GET /a HTTP/1.0\r\nHost: weir.test\r\n\r\n");
            return client.response("GET").status() == 200 && client.closedByPeer() ? 1 : 0;
        }
    }

    @Test
    void connectionsThatAreClosedWithResetMayHaveBeenClosedByTheirNodeBefore() {
        FakeNode node =
                WEIR.node(
                        "n",
                        connection -> {
                            if (connection.request() != null) {
                                connection.send("HTTP/1.1 200 OK\r\n\r\nup to the end");
                                connection.close();
                            }
                        });
        RunningWeir weir =
                WEIR.start(
                        ConfigText.of(node)
                                .pool("close-with-reset: true", "max-connections-per-node: 1"));
        for (int i = 0; i < 3; i++) {
            try (RawClient client = RawClient.to(weir.port())) {
                assertThat(client.exchange(GET).text()).isEqualTo("up to the end");
            }
        }
        Await.until("no connection to count", () -> weir.node(node.address()).connections() == 0);
        assertThat(weir.plane().status().virtualServers().get(0).exchanges()).isZero();
    }

    @Test
    void slowReadersDoNotHoldNodeConnections() {
        String body = "x".repeat(60 * 1024);
        FakeNode node =
                WEIR.node(
                        "n",
                        Behaviour.saying(
                                "HTTP/1.1 200 OK\r\nContent-Length: 61440\r\n\r\n" + body));
        RunningWeir weir =
                WEIR.start(ConfigText.of(node).virtualServer("max-server-buffer: 64KiB"));

        List<RawClient> readers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            RawClient reader = WEIR.closing(RawClient.withReceiveBuffer(weir.port(), 1 << 11));
            reader.send(GET);
            readers.add(reader);
            node.awaitRequests(i + 1);
        }
        Await.until(
                "the answers to have left the node",
                () ->
                        node.connectionLog().stream().mapToLong(NodeConnection::sent).sum()
                                >= 200L * body.length());

        assertThat(node.mostOpenConnections()).isLessThanOrEqualTo(50);
        for (RawClient reader : readers) {
            assertThat(reader.response("GET").text()).hasSize(body.length());
        }
    }

    @Test
    void idleNodeConnectionIsReusedByAnotherClient() {
        FakeNode node = WEIR.node("n");
        RunningWeir weir = WEIR.start(ConfigText.of(node).global("event-loops: 1"));
        for (int i = 0; i < 20; i++) {
            try (RawClient client = RawClient.to(weir.port())) {
                assertThat(client.exchange(GET).field("X-Connection")).isEqualTo("1");
            }
        }
    }

    @Test
    void idleNodeConnectionIsClosedAfterItsTime() {
        FakeNode node = WEIR.node("n");
        RunningWeir weir = WEIR.start(ConfigText.of(node).pool("idle-timeout: 300ms"));
        try (RawClient client = RawClient.to(weir.port())) {
            assertThat(client.exchange(GET).status()).isEqualTo(200);
        }
        Await.until("the idle connection to be closed", () -> node.openConnections() == 0);
    }

    @Test
    void withoutKeepaliveEveryRequestHasItsOwnNodeConnection() {
        FakeNode node = WEIR.node("n");
        RunningWeir weir = WEIR.start(ConfigText.of(node).pool("keepalive: false"));
        try (RawClient client = RawClient.to(weir.port())) {
            for (int i = 0; i < 10; i++) {
                assertThat(client.exchange(GET).status()).isEqualTo(200);
            }
        }
        assertThat(node.connections()).isEqualTo(10);
        Await.until("no node connection to be left", () -> node.openConnections() == 0);
    }

    @Test
    void requestThatMustNotBeRepeatedGetsAFreshConnection() {
        FakeNode node = WEIR.node("n");
        RunningWeir weir = WEIR.start(ConfigText.of(node).global("event-loops: 1"));
        String post = "POST /a HTTP/1.1\r\nHost: weir.test\r\nContent-Length: 1\r\n\r\nx";
        try (RawClient client = RawClient.to(weir.port())) {
            assertThat(client.exchange(GET).field("X-Number")).isEqualTo("1");
            assertThat(client.exchange(post).field("X-Number")).isEqualTo("1");
            assertThat(client.exchange(post).field("X-Number")).isEqualTo("1");
        }
    }

    @Test
    void nodeThatAlwaysClosesWithoutAWordIsNotNoticed() {
        FakeNode node = WEIR.node("n", Behaviour.closingAfterEach());
        RunningWeir weir = WEIR.start(ConfigText.of(node));
        try (RawClient client = RawClient.to(weir.port())) {
            for (int i = 0; i < 300; i++) {
                assertThat(client.exchange(GET).status()).isEqualTo(200);
            }
        }
    }

    @Test
    void connectionsPerNodeAreLimitedAndTheRestWaits() {
        FakeNode node = WEIR.node("n", Behaviour.answering().after(Duration.ofMillis(50)));
        RunningWeir weir =
                WEIR.start(
                        ConfigText.of(node)
                                .global("event-loops: 1")
                                .pool("max-connections-per-node: 3"));
        for (RawClient client : sixtyRequests(weir)) {
            assertThat(client.response("GET").status()).isEqualTo(200);
        }
        assertThat(node.mostOpenConnections()).isBetween(1, 3);
    }

    @Test
    void limitOfConnectionsHoldsAcrossEventLoops() {
        FakeNode node = WEIR.node("n", Behaviour.answering().after(Duration.ofMillis(50)));
        RunningWeir weir =
                WEIR.start(
                        ConfigText.of(node)
                                .global("event-loops: 2")
                                .pool("max-connections-per-node: 3"));
        List<RawClient> clients = sixtyRequests(weir);
        AtomicInteger most = new AtomicInteger();
        Await.until(
                "sixty requests",
                () -> {
                    int now = weir.node(node.address()).connections();
                    most.accumulateAndGet(now, Math::max);
                    return node.requests() == 60;
                });
        for (RawClient client : clients) {
            assertThat(client.response("GET").status()).isEqualTo(200);
        }
        // Weir's own count: the node may hear of a close later than of the next connection.
        assertThat(most.get()).isBetween(1, 3);
    }

    private static List<RawClient> sixtyRequests(RunningWeir weir) {
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            RawClient client = WEIR.closing(RawClient.to(weir.port()));
            client.send(GET);
            clients.add(client);
        }
        return clients;
    }

    @Test
    void withoutAnIdleTimeoutConnectionsAreKept() {
        FakeNode node = WEIR.node("n");
        ShiftedTicker clock = new ShiftedTicker();
        RunningWeir weir =
                WEIR.start(
                        ConfigText.of(node).global("event-loops: 1").pool("idle-timeout: 0"),
                        clock);
        for (int i = 0; i < 3; i++) {
            try (RawClient client = RawClient.to(weir.port())) {
                assertThat(client.exchange(GET).status()).isEqualTo(200);
            }
            clock.advance(Duration.ofDays(1));
        }
        assertThat(node.connections()).isEqualTo(1);
    }
}
