package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.Await;
import io.weir.testkit.Behaviour;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.NodeConnection;
import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedResponse;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.time.Duration;

/** Nodes that take their time are given up when their time is over, and clients are told. */
class SlowNodesTest {

    private static final String GET = "GET /a HTTP/1.1\r\nHost: weir.test\r\n\r\n";

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private static void assertGivenUp(FakeNode node) {
        Await.until(
                "the node connection to be closed",
                () -> node.connectionLog().stream().noneMatch(NodeConnection::open));
    }

    @Test
    void nodeThatDoesNotAnswerGets504() {
        FakeNode node = WEIR.node("silent", Behaviour.silent());
        RunningWeir weir = WEIR.start(ConfigText.of(node).pool("max-reply-time: 300ms"));
        try (RawClient client = RawClient.to(weir.port())) {
            assertThat(client.exchange(GET).status()).isEqualTo(504);
        }
        assertGivenUp(node);
    }

    @Test
    void headThatNeverEndsGets504() {
        FakeNode node =
                WEIR.node(
                        "dribbler",
                        Behaviour.dribbling(
                                "HTTP/1.1 200 OK\r\nX: " + "x".repeat(5000),
                                Duration.ofMillis(10)));
        RunningWeir weir = WEIR.start(ConfigText.of(node).pool("max-reply-time: 500ms"));
        try (RawClient client = RawClient.to(weir.port())) {
            assertThat(client.exchange(GET).status()).isEqualTo(504);
        }
        assertGivenUp(node);
    }

    @Test
    void interimAnswersDoNotGainTime() {
        FakeNode node =
                WEIR.node(
                        "promising",
                        Behaviour.dribbling(
                                "HTTP/1.1 102 Processing\r\n\r\n".repeat(25),
                                Duration.ofMillis(5)));
        RunningWeir weir = WEIR.start(ConfigText.of(node).pool("max-reply-time: 500ms"));
        try (RawClient client = RawClient.to(weir.port())) {
            assertThat(client.exchange(GET).status()).isEqualTo(504);
        }
        assertGivenUp(node);
    }

    @Test
    void bodyThatStopsIsCutOffAndNeverLooksComplete() {
        FakeNode node =
                WEIR.node(
                        "stopping",
                        connection -> {
                            if (connection.request() != null) {
                                connection.send(
                                        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello");
                                connection.drain();
                            }
                        });
        RunningWeir weir = WEIR.start(ConfigText.of(node).virtualServer("timeout: 500ms"));
        try (RawClient client = RawClient.to(weir.port())) {
            ReceivedResponse response = client.exchange(GET);
            assertThat(response.complete()).isFalse();
            assertThat(response.text()).isEqualTo("hello");
        }
        assertGivenUp(node);
    }

    @Test
    void uploadThatANodeDoesNotReadIsGivenUp() {
        FakeNode node = WEIR.node("frozen", Behaviour.frozen());
        RunningWeir weir = WEIR.start(ConfigText.of(node).virtualServer("timeout: 1s"));
        try (RawClient client = RawClient.to(weir.port())) {
            client.send(
                    "POST /a HTTP/1.1\r\nHost: weir.test\r\nContent-Length: 1000000000\r\n\r\n");
            Thread upload =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        byte[] block = new byte[1 << 16];
                                        for (int i = 0; i < 10_000 && client.trySend(block); i++) {
                                            Thread.onSpinWait();
                                        }
                                    });
            assertThat(client.response("POST").status()).isEqualTo(504);
            Await.until("the upload to be cut off", () -> !upload.isAlive());
        }
        Await.until(
                "Weir to have no connection to the node",
                () -> weir.node(node.address()).connections() == 0);
    }
}
