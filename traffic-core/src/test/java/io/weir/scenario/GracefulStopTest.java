package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.testkit.Await;
import io.weir.testkit.Behaviour;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedRequest;
import io.weir.testkit.ReceivedResponse;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** A Weir that stops takes nothing new and lets what is under way end. */
class GracefulStopTest {

    private static final String GET = "GET /a HTTP/1.1\r\nHost: weir.test\r\n\r\n";

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    @Test
    void exchangeUnderWayEndsAndNothingNewBegins() {
        CountDownLatch mayAnswer = new CountDownLatch(1);
        FakeNode node =
                WEIR.node(
                        "slow",
                        connection -> {
                            for (ReceivedRequest request = connection.request();
                                    request != null;
                                    request = connection.request()) {
                                if (request.target().equals("/slow")) {
                                    await(mayAnswer);
                                }
                                connection.send(Behaviour.answer(connection.node(), request));
                            }
                        });
        RunningWeir weir = WEIR.start(ConfigText.of(node));
        int port = weir.port();
        RawClient idle = WEIR.closing(RawClient.to(port));
        assertThat(idle.exchange(GET).status()).isEqualTo(200);
        RawClient busy = WEIR.closing(RawClient.to(port));
        busy.send(GET.replace("/a", "/slow"));
        node.awaitRequests(2);

        CompletableFuture<Boolean> stopped =
                CompletableFuture.supplyAsync(() -> weir.plane().stop(Duration.ofMinutes(1)));
        assertThat(idle.closedByPeer()).as("an idle connection is closed").isTrue();
        mayAnswer.countDown();
        ReceivedResponse response = busy.response("GET");
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.complete()).isTrue();
        assertThat(busy.closedByPeer()).as("closed behind the last answer").isTrue();

        assertThat(stopped.join()).as("everything ended by itself").isTrue();
        assertThatThrownBy(() -> RawClient.to(port)).hasMessageContaining("connecting");
        Await.until("node connections to be closed", () -> node.openConnections() == 0);
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void exchangeThatNeverEndsIsCutOffAtTheDeadline() {
        FakeNode node = WEIR.node("silent", Behaviour.silent());
        RunningWeir weir = WEIR.start(ConfigText.of(node));
        RawClient client = WEIR.closing(RawClient.to(weir.port()));
        client.send(GET);
        Await.until("the exchange to begin", () -> node.connections() == 1);

        assertThat(weir.plane().stop(Duration.ofMillis(300))).isFalse();

        assertThat(client.closedByPeer()).isTrue();
        Await.until("node connections to be closed", () -> node.openConnections() == 0);
    }
}
