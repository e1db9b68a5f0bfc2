package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.runtime.DataPlane.RateStatus;
import io.weir.testkit.Await;
import io.weir.testkit.Behaviour;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedResponse;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.util.ArrayList;
import java.util.List;

/** A virtual server with a rate class, and no rule. */
class RateTest {

    private static final String GET = "GET /%d HTTP/1.1\r\nHost: weir.test\r\n\r\n";

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private static String config(FakeNode node, String server, String keys) {
        return ConfigText.of(node).virtualServer("rate: pace", server)
                + "\nrate-classes: {pace: {"
                + keys
                + "}}\n";
    }

    private static RateStatus pace(RunningWeir weir) {
        return weir.plane().status().classes().rates().getFirst();
    }

    @Test
    void requestsBeyondTheRateWaitInOrderAndThoseBeyondTheQueueAreRefused() {
        FakeNode node = WEIR.node("n");
        RunningWeir weir =
                WEIR.start(
                        config(
                                node,
                                "keepalive: true",
                                "max-rate-per-minute: 60, max-queue: 3, queue-timeout: 1h"));
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int queued = i;
            clients.add(WEIR.closing(RawClient.to(weir.port())).send(String.format(GET, i)));
            // In order, so that the answers can be told apart.
            Await.until("request " + i, () -> pace(weir).entered() == queued + 1);
        }
        long begun = System.nanoTime();
        RawClient late = WEIR.closing(RawClient.to(weir.port()));
        ReceivedResponse refusal = late.exchange(String.format(GET, 9));
        if (pace(weir).refused() == 1) {
            assertThat(refusal.status()).isEqualTo(503);
            assertThat(refusal.field("Retry-After")).isEqualTo("1");
        } else {
            // A machine that slow has served the queue meanwhile.
            assertThat(System.nanoTime() - begun).isGreaterThan(500_000_000L);
        }
        RateStatus now = pace(weir);
        assertThat(now.entered() - now.left()).isEqualTo(now.queued());
        for (RawClient client : clients) {
            assertThat(client.response("GET").status()).isEqualTo(200);
        }
        assertThat(node.received().stream().map(r -> r.target()).limit(4).toList())
                .containsExactly("/0", "/1", "/2", "/3");
        assertThat(pace(weir).queued()).isZero();
    }

    @Test
    void whoLeavesGivesItsPlaceUp() {
        FakeNode node = WEIR.node("n");
        RunningWeir weir =
                WEIR.start(
                        config(
                                node,
                                "keepalive: true",
                                "max-rate-per-minute: 1, max-queue: 3, queue-timeout: 1h"));
        try (RawClient first = RawClient.to(weir.port())) {
            assertThat(first.exchange(String.format(GET, 0)).status()).isEqualTo(200);
        }
        RawClient waiting = RawClient.to(weir.port()).send(String.format(GET, 1));
        Await.until("a place in the queue", () -> pace(weir).queued() == 1);
        waiting.reset();
        Await.until("the place to be free", () -> pace(weir).queued() == 0);
        assertThat(node.requests()).isEqualTo(1);
    }

    @Test
    void withTheClientAddressAsContextNobodyWaitsForOthers() {
        FakeNode node = WEIR.node("n");
        RunningWeir weir =
                WEIR.start(
                        config(
                                node,
                                "rate-context: client-address",
                                "max-rate-per-minute: 1, max-queue: 100, queue-timeout: 1s"));
        try (RawClient greedy = RawClient.to(weir.port(), "127.0.0.2");
                RawClient other = RawClient.to(weir.port(), "127.0.0.3")) {
            assertThat(greedy.exchange(String.format(GET, 0)).status()).isEqualTo(200);
            assertThat(greedy.exchange(String.format(GET, 1)).status()).isEqualTo(429);
            assertThat(other.exchange(String.format(GET, 2)).status()).isEqualTo(200);
        }
        assertThat(pace(weir).contexts()).isEqualTo(2);
    }

    @Test
    void connectionsOfTcpServicesWaitToo() {
        FakeNode node = WEIR.node("n", Behaviour.saying("x"));
        RunningWeir weir =
                WEIR.start(
                        config(node, "protocol: stream", "max-rate-per-minute: 1, max-queue: 0"));
        try (RawClient first = RawClient.to(weir.port());
                RawClient second = RawClient.to(weir.port())) {
            Await.until("a refusal", () -> pace(weir).refused() == 1);
            assertThat(pace(weir).left()).isEqualTo(1);
            Await.until("one connection", () -> node.connections() == 1);
            assertThat(first.nothingMore() || second.nothingMore()).isTrue();
        }
    }
}
