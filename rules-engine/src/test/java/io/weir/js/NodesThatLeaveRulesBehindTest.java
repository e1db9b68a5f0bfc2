package io.weir.js;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.Await;
import io.weir.testkit.Behaviour;
import io.weir.testkit.FakeNode;
import io.weir.testkit.NodeConnection;
import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedResponse;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A node goes on, or goes away, while a rule is still at work on its answer. */
class NodesThatLeaveRulesBehindTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String UPGRADE =
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    private static final String SWITCHING =
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

    /** What the node does when it has got a request. */
    private interface Answer {
        void to(NodeConnection connection) throws IOException;
    }

    @TempDir Path directory;

    private final CountDownLatch ruleMayGoOn = new CountDownLatch(1);
    private FakeNode node;
    private FakeNode asked;
    private RuledWeir ruled;

    @BeforeEach
    void nodes() {
        node = WEIR.node("node");
        asked =
                WEIR.node(
                        "asked",
                        connection -> {
                            while (connection.request() != null) {
                                awaitQuietly(ruleMayGoOn);
                                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                            }
                        });
        ruled = new RuledWeir(directory, node).global("rules: {egress: [127.0.0.0/8]}");
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void answering(Answer answer) {
        node.behave(
                connection -> {
                    if (connection.request() != null) {
                        answer.to(connection);
                    }
                });
    }

    /** Starts with a rule that waits for the other node, and a client whose answer it holds up. */
    private RawClient heldUp(String request) {
        ruled.response("http.request.get('http://" + asked.address() + "/');").start(WEIR);
        RawClient client = WEIR.closing(ruled.client()).send(request);
        asked.awaitRequests(1);
        return client;
    }

    private void awaitNodeGone() {
        Await.until(
                "Weir to know that the node has gone",
                () -> ruled.running().node(node.address()).connections() == 0);
    }

    /** Has the event loop read another head, into what the first one would have given up. */
    private void anotherAnswer() {
        node.behave(
                Behaviour.answering(
                        request ->
                                "HTTP/1.1 404 Not Found\r\nX-Other: 1\r\nContent-Length: 0\r\n\r\n"
                                        .getBytes(StandardCharsets.US_ASCII)));
        WEIR.closing(ruled.client()).send("GET /other HTTP/1.1\r\nHost: a\r\n\r\n");
        asked.awaitRequests(2);
    }

    @Test
    void aRuleThatWaitsForABodyUpToTheEndOfTheConnectionHasTheHeadOfIt() {
        answering(
                connection -> {
                    connection.send("HTTP/1.1 203 Fine\r\nX-Node: a\r\n\r\nbody");
                    connection.close();
                });
        ruled.response("http.setResponseHeader('X-Seen', http.getResponseBody());").start(WEIR);
        ReceivedResponse response = ruled.get("/");
        assertThat(response.status()).isEqualTo(203);
        assertThat(response.field("X-Node")).isEqualTo("a");
        assertThat(response.field("X-Seen")).isEqualTo("body");
        assertThat(response.text()).isEqualTo("body");
    }

    @Test
    void aRuleKeepsTheHeadOfANodeThatHasClosedTheConnection() {
        answering(
                connection -> {
                    connection.send(
                            "HTTP/1.1 302 Found\r\nLocation: /x\r\nConnection: close\r\n"
                                    + "Content-Length: 0\r\n\r\n");
                    connection.close();
                });
        RawClient client = heldUp(GET);
        awaitNodeGone();
        anotherAnswer();
        ruleMayGoOn.countDown();
        ReceivedResponse response = client.response("GET");
        assertThat(response.status()).isEqualTo(302);
        assertThat(response.field("Location")).isEqualTo("/x");
        assertThat(response.field("X-Other")).isEmpty();
    }

    @Test
    void anAnswerThatHasComeAsAWholeOutlivesTheResetOfItsConnection() {
        CountDownLatch mayReset = new CountDownLatch(1);
        answering(
                connection -> {
                    connection.send("HTTP/1.1 200 OK\r\nX-Node: a\r\nContent-Length: 0\r\n\r\n");
                    awaitQuietly(mayReset);
                    connection.reset();
                });
        RawClient client = heldUp(GET);
        mayReset.countDown();
        awaitNodeGone();
        ruleMayGoOn.countDown();
        ReceivedResponse response = client.response("GET");
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.field("X-Node")).isEqualTo("a");
        assertThat(ruled.running().node(node.address()).failures()).isZero();
    }

    @Test
    void whatANodeSendsBehindItsUpgradeWaitsForTheRules() {
        CountDownLatch sent = new CountDownLatch(1);
        answering(
                connection -> {
                    connection.send(SWITCHING + "first");
                    awaitQuietly(sent);
                    connection.send("second");
                    connection.drain();
                });
        RawClient client = heldUp(UPGRADE);
        sent.countDown();
        ruleMayGoOn.countDown();
        assertThat(client.head("GET").status()).isEqualTo(101);
        assertThat(client.exactly(11)).isEqualTo("firstsecond");
    }

    @Test
    void aRuleThatWantsEveryBodyDoesNotHoldUpATunnel() {
        answering(
                connection -> {
                    connection.send(SWITCHING + "hello");
                    connection.drain();
                });
        ruled.response("http.getResponseBody();").start(WEIR);
        RawClient client = WEIR.closing(ruled.client()).send(UPGRADE);
        assertThat(client.head("GET").status()).isEqualTo(101);
        assertThat(client.exactly(5)).isEqualTo("hello");
    }
}
