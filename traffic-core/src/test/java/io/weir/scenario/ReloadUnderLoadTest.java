package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.NodeAddress;
import io.weir.config.NodeConfig;
import io.weir.config.Overlay;
import io.weir.config.OverlayEntry;
import io.weir.testkit.Await;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.Load;
import io.weir.testkit.RawClient;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A new configuration comes into force under load, and no client notices. */
class ReloadUnderLoadTest {

    private static final int CLIENTS = 8;
    private static final Duration PACE = Duration.ofMillis(2);
    private static final List<String> ALGORITHMS =
            List.of("round-robin", "least-connections", "random", "fastest-response-time");

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    @Test
    void fiftyReloadsUnderLoadFailNothing() {
        FakeNode one = WEIR.node("one");
        FakeNode two = WEIR.node("two");
        FakeNode three = WEIR.node("three");
        RunningWeir weir = WEIR.start(ConfigText.of(one, two));
        int port = weir.port();
        Load load = WEIR.closing(Load.start(port, CLIENTS, PACE)).awaitFurther(50);

        for (int i = 0; i < 50; i++) {
            ConfigText next =
                    switch (i % 3) {
                        case 0 -> ConfigText.of(one, two, three);
                        case 1 -> ConfigText.of(three, one);
                        default -> ConfigText.of(two);
                    };
            weir.apply(
                    next.pool(
                                    "algorithm: " + ALGORITHMS.get(i % ALGORITHMS.size()),
                                    "max-reply-time: " + (20 + i) + "s")
                            .virtualServer("timeout: " + (100 + i) + "s")
                            .toString());
            load.awaitFurther(20);
        }
        load.stop();

        assertThat(load.failures()).isEmpty();
        assertThat(load.connections()).as("no client connection was closed").isEqualTo(CLIENTS);
        assertThat(weir.port()).isEqualTo(port);
        assertThat(three.requests()).isPositive();
    }

    @Test
    void removedNodeGetsNothingMoreAndItsConnectionsEnd() {
        FakeNode stays = WEIR.node("stays");
        FakeNode leaves = WEIR.node("leaves");
        RunningWeir weir = WEIR.start(ConfigText.of(stays, leaves));
        Load load = WEIR.closing(Load.start(weir.port(), CLIENTS, PACE)).awaitFurther(100);
        assertThat(leaves.requests()).isPositive();

        weir.apply(ConfigText.of(stays).toString());
        Await.until(
                "the connections to the removed node to end", () -> leaves.openConnections() == 0);
        int before = leaves.requests();
        load.awaitFurther(200).stop();

        assertThat(leaves.requests()).isEqualTo(before);
        assertThat(load.failures()).isEmpty();
    }

    @Test
    void drainedNodeGetsNothingNewUntilItIsUndrained() {
        FakeNode stays = WEIR.node("stays");
        FakeNode drains = WEIR.node("drains");
        RunningWeir weir = WEIR.start(ConfigText.of(stays, drains));
        Load load = WEIR.closing(Load.start(weir.port(), CLIENTS, PACE)).awaitFurther(100);

        weir.plane()
                .apply(
                        Overlay.EMPTY.with(
                                new OverlayEntry(
                                        "web",
                                        new NodeAddress("127.0.0.1", drains.port()),
                                        NodeConfig.State.DRAINING,
                                        null,
                                        "tester",
                                        "new disk",
                                        Instant.EPOCH,
                                        null)));
        Await.until(
                "the exchanges on the draining node to end",
                () -> weir.node(drains.address()).inFlight() == 0);
        int before = drains.requests();
        load.awaitFurther(200);
        assertThat(drains.requests()).isEqualTo(before);

        weir.plane().apply(Overlay.EMPTY);
        Await.until("the node to be used again", () -> drains.requests() > before);
        assertThat(load.stop().failures()).isEmpty();
        assertThat(load.connections()).isEqualTo(CLIENTS);
    }

    @Test
    void exchangeUnderWayEndsAsItBegan() {
        FakeNode old =
                WEIR.node(
                        "old", io.weir.testkit.Behaviour.answering().after(Duration.ofMillis(500)));
        FakeNode next = WEIR.node("next");
        RunningWeir weir = WEIR.start(ConfigText.of(old).pool("node-delete: drain"));
        try (RawClient client = RawClient.to(weir.port())) {
            client.send("GET /a HTTP/1.1\r\nHost: weir.test\r\n\r\n");
            Await.until("the exchange to begin", () -> old.connections() == 1);

            weir.apply(ConfigText.of(next).pool("node-delete: drain").toString());

            assertThat(client.response("GET").field("X-Node")).isEqualTo("old");
            assertThat(
                            client.exchange("GET /b HTTP/1.1\r\nHost: weir.test\r\n\r\n")
                                    .field("X-Node"))
                    .isEqualTo("next");
        }
    }

    @Test
    void addressThatIsTakenLeavesWhatRunsRunning() throws IOException {
        FakeNode node = WEIR.node("n");
        RunningWeir weir = WEIR.start(ConfigText.of(node));
        try (ServerSocket taken = new ServerSocket(0)) {
            String unusable =
                    ConfigText.of(node).listen("127.0.0.1:" + taken.getLocalPort()).toString();
            assertThat(weir.tryApply(unusable).applied()).isFalse();
        }
        try (RawClient client = RawClient.to(weir.port())) {
            assertThat(client.exchange("GET /a HTTP/1.1\r\nHost: weir.test\r\n\r\n").status())
                    .isEqualTo(200);
        }
    }
}
