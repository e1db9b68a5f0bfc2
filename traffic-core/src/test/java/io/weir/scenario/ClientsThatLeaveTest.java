package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.Await;
import io.weir.testkit.Behaviour;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.RawClient;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.time.Duration;
import java.util.Random;

/** Clients that close or reset at any point leave nothing behind. */
class ClientsThatLeaveTest {

    private static final long SEED = 271_828;
    private static final String GET = "GET /a HTTP/1.1\r\nHost: weir.test\r\n\r\n";
    private static final String POST =
            "POST /b HTTP/1.1\r\nHost: weir.test\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "5\r\nhello\r\n0\r\n\r\n";

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    @Test
    void clientThatClosesItsHalfBehindTheRequestGetsTheAnswer() {
        FakeNode node = WEIR.node("n", Behaviour.answering().after(Duration.ofMillis(200)));
        RunningWeir weir = WEIR.start(ConfigText.of(node));
        for (String request : new String[] {GET, POST}) {
            try (RawClient client = RawClient.to(weir.port())) {
                client.send(request).halfClose();
                assertThat(client.response("GET").text()).isEqualTo("hello");
                assertThat(client.closedByPeer()).isTrue();
            }
        }
    }

    @Test
    void clientsThatResetAnywhereLeaveNothingBehind() {
        System.out.println("ClientsThatLeaveTest: seed " + SEED);
        Random random = new Random(SEED);
        FakeNode node =
                WEIR.node(
                        "n",
                        Behaviour.saying(
                                "HTTP/1.1 200 OK\r\nContent-Length: 40000\r\n\r\n"
                                        + "x".repeat(40_000)));
        RunningWeir weir = WEIR.start(ConfigText.of(node));
        for (int i = 0; i < 600; i++) {
            String request = random.nextBoolean() ? GET : POST;
            int cut = random.nextInt(request.length() + 1);
            RawClient client = RawClient.to(weir.port());
            client.send(request.substring(0, cut));
            if (cut == request.length() && random.nextBoolean()) {
                client.some(1 + random.nextInt(1000));
            }
            if (random.nextBoolean()) {
                client.reset();
            } else {
                client.close();
            }
        }

        Await.until("no client connection to be left", () -> weir.clientConnections() == 0);
        assertThat(weir.node(node.address()).inFlight()).isZero();
        assertThat(weir.plane().status().virtualServers().get(0).exchanges()).isZero();
        assertThat(node.violations()).isEmpty();
        Await.until(
                "no unfinished request to be left at the node",
                () -> node.connectionLog().stream().noneMatch(c -> c.open() && c.unfinished() > 0));
        try (RawClient client = RawClient.to(weir.port())) {
            assertThat(client.exchange(GET).body()).hasSize(40_000);
        }
    }
}
