package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.NodeAddress;
import io.weir.config.NodeLease;
import io.weir.config.Overlay;
import io.weir.testkit.Await;
import io.weir.testkit.Behaviour;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.H2Client;
import io.weir.testkit.NodeConnection;
import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedRequest;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;

/** Requests beyond what the nodes may have at once wait in a queue with bounds. */
class QueueTest {

    private static final String GET = "GET /a HTTP/1.1\r\nHost: weir.test\r\n\r\n";

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private final Semaphore mayAnswer = new Semaphore(0);
    private FakeNode node;

    @BeforeEach
    void start() {
        node = WEIR.node("one-at-a-time", this::serve);
    }

    private void serve(NodeConnection connection) throws IOException {
        for (ReceivedRequest request = connection.request();
                request != null;
                request = connection.request()) {
            try {
                mayAnswer.acquire();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            connection.send(Behaviour.answer(node, request));
        }
    }

    private static RawClient asking(RunningWeir weir) {
        return WEIR.closing(RawClient.to(weir.port())).send(GET);
    }

    private static int queued(RunningWeir weir) {
        return weir.plane().status().pools().get(0).queued();
    }

    private static H2Client askingOften(RunningWeir weir) {
        H2Client client = WEIR.closing(H2Client.to(weir.port()));
        for (int i = 0; i < 100; i++) {
            client.get(2 * i + 1, "/a");
        }
        return client.settle();
    }

    private static long exchanges(RunningWeir weir) {
        return weir.plane().status().virtualServers().get(0).exchanges();
    }

    @Test
    void clientsOfHttp2HaveFewRequestsOnTheirWayWhenTheHeapBearsNoMore() {
        RunningWeir weir =
                WEIR.start(
                        ConfigText.of(node)
                                .global("event-loops: 1", "overload: {max-loop-lag: 0s}")
                                .pool(
                                        "max-transactions-per-node: 1",
                                        "max-queue-size: 100000",
                                        "queue-timeout: 1h"));
        // An eighth of the heap, at 16 KiB each.
        long most = Runtime.getRuntime().maxMemory() / 8 / (16 * 1024);
        List<H2Client> clients = new ArrayList<>();
        while (clients.size() * 100L <= most) {
            clients.add(askingOften(weir));
        }
        long before = exchanges(weir);
        assertThat(before).isGreaterThanOrEqualTo(most);
        H2Client last = askingOften(weir);
        assertThat(exchanges(weir) - before).as("exchanges of the last client").isEqualTo(2);

        clients.forEach(H2Client::close);
        Await.until("all of the last client", () -> exchanges(weir) == 100);
        mayAnswer.release((int) most + 100);
        assertThat(last.answer(199).status()).isEqualTo(200);
    }

    @Test
    void aLeasedNodeGetsNothingFromTheQueueOfAPoolThatWasRenamed() {
        ConfigText config = ConfigText.of(node).pool("max-transactions-per-node: 1");
        RunningWeir weir = WEIR.start(config);
        RawClient served = asking(weir);
        node.awaitRequests(1);
        RawClient waiting = asking(weir);
        Await.until("a request to wait", () -> queued(weir) == 1);

        weir.apply(
                config.toString()
                        .replace("pool: web", "pool: site")
                        .replace("pools:\n  web:", "pools:\n  site:"));
        NodeAddress leased = new NodeAddress("127.0.0.1", node.port());
        weir.plane()
                .apply(
                        Overlay.EMPTY.with(
                                new NodeLease(leased, "ops", "", Instant.EPOCH, Instant.MAX)));
        mayAnswer.release(2);

        assertThat(served.response("GET").status()).isEqualTo(200);
        assertThat(waiting.response("GET").status()).isEqualTo(503);
        assertThat(node.requests()).isEqualTo(1);
        Await.until("nothing on the node", () -> weir.plane().use(leased, null).inFlight() == 0);
    }

    @Test
    void requestsWaitForTheirTurn() {
        RunningWeir weir = WEIR.start(ConfigText.of(node).pool("max-transactions-per-node: 1"));
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            clients.add(asking(weir));
        }
        Await.until("nineteen requests to wait", () -> queued(weir) == 19);
        node.awaitRequests(1);
        assertThat(node.requests()).isEqualTo(1);

        mayAnswer.release(20);
        for (RawClient client : clients) {
            assertThat(client.response("GET").status()).isEqualTo(200);
        }
        assertThat(queued(weir)).isZero();
    }

    @Test
    void requestThatWaitsTooLongGets503() {
        RunningWeir weir =
                WEIR.start(
                        ConfigText.of(node)
                                .pool("max-transactions-per-node: 1", "queue-timeout: 300ms"));
        RawClient first = asking(weir);
        node.awaitRequests(1);

        assertThat(asking(weir).response("GET").status()).isEqualTo(503);

        mayAnswer.release();
        assertThat(first.response("GET").status()).isEqualTo(200);
    }

    @Test
    void requestThatFindsTheQueueFullGets503AtOnce() {
        RunningWeir weir =
                WEIR.start(
                        ConfigText.of(node)
                                .pool(
                                        "max-transactions-per-node: 1",
                                        "max-queue-size: 2",
                                        "queue-timeout: 1h"));
        RawClient first = asking(weir);
        node.awaitRequests(1);
        RawClient second = asking(weir);
        RawClient third = asking(weir);
        Await.until("two requests to wait", () -> queued(weir) == 2);

        assertThat(asking(weir).response("GET").status()).isEqualTo(503);

        mayAnswer.release(3);
        for (RawClient client : List.of(first, second, third)) {
            assertThat(client.response("GET").status()).isEqualTo(200);
        }
    }

    @Test
    void clientThatLeavesGivesUpItsPlace() {
        RunningWeir weir = WEIR.start(ConfigText.of(node).pool("max-transactions-per-node: 1"));
        RawClient first = asking(weir);
        node.awaitRequests(1);
        RawClient leaving = asking(weir);
        Await.until("a request to wait", () -> queued(weir) == 1);

        leaving.reset();
        Await.until("nobody to wait", () -> queued(weir) == 0);

        mayAnswer.release(2);
        assertThat(first.response("GET").status()).isEqualTo(200);
        assertThat(asking(weir).response("GET").status()).isEqualTo(200);
        assertThat(node.requests()).isEqualTo(2);
    }
}
