package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.Await;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.RawClient;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A virtual server serves no more client connections at once than it may. */
class ConnectionLimitTest {

    private static final String GET = "GET /a HTTP/1.1\r\nHost: weir.test\r\n\r\n";
    private static final int LIMIT = 5;

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    @Test
    void connectionsBeyondTheLimitAreServedOnlyWhenOthersEnd() {
        FakeNode node = WEIR.node("n");
        RunningWeir weir =
                WEIR.start(
                        ConfigText.of(node).virtualServer("max-concurrent-connections: " + LIMIT));
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < LIMIT; i++) {
            RawClient client = WEIR.closing(RawClient.to(weir.port()));
            assertThat(client.exchange(GET).status()).isEqualTo(200);
            clients.add(client);
        }

        List<RawClient> outside = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            outside.add(WEIR.closing(RawClient.to(weir.port())).send(GET));
        }
        Await.steady("requests", Duration.ofMillis(300), Await.DEADLINE, node::requests);
        assertThat(node.requests()).as("requests of those inside").isEqualTo(LIMIT);
        for (RawClient client : clients) {
            assertThat(client.exchange(GET).status()).as("those inside").isEqualTo(200);
        }

        clients.forEach(RawClient::close);
        outside.forEach(RawClient::close);
        Await.until("a place to become free", () -> served(weir));
    }

    private static boolean served(RunningWeir weir) {
        try (RawClient client = RawClient.to(weir.port()).patience(Duration.ofMillis(300))) {
            return client.exchange(GET).status() == 200;
        } catch (UncheckedIOException | AssertionError notServed) {
            return false;
        }
    }
}
