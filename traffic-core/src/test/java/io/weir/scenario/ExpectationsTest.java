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
import io.weir.testkit.StrictHttpReader;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;

/** {@code Expect: 100-continue} (RFC 9110 section 10.1.1), as seen from both sides. */
class ExpectationsTest {

    private static final String HEAD =
            "POST /a HTTP/1.1\r\nHost: weir.test\r\nExpect: 100-continue\r\n"
                    + "Content-Length: 5\r\n\r\n";

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private static void continuing(NodeConnection connection) throws IOException {
        for (StrictHttpReader.Head head = connection.head();
                head != null;
                head = connection.head()) {
            if (head.fields().has("Expect")) {
                connection.send("HTTP/1.1 100 Continue\r\n\r\n");
            }
            connection.send(Behaviour.answer(connection.node(), connection.body(head)));
        }
    }

    @Test
    void clientThatWaitsIsToldToGoOn() {
        FakeNode node = WEIR.node("n", ExpectationsTest::continuing);
        RunningWeir weir = WEIR.start(ConfigText.of(node));
        try (RawClient client = RawClient.to(weir.port())) {
            client.send(HEAD);
            assertThat(client.anyResponse("POST").status()).isEqualTo(100);
            client.send("abcde");
            ReceivedResponse response = client.anyResponse("POST");
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.text()).isEqualTo("abcde");
            assertThat(client.exchange("GET /b HTTP/1.1\r\nHost: weir.test\r\n\r\n").text())
                    .isEqualTo("hello");
        }
    }

    @Test
    void chunkedBodyMayBeHeldBackToo() {
        FakeNode node = WEIR.node("n", ExpectationsTest::continuing);
        RunningWeir weir = WEIR.start(ConfigText.of(node));
        try (RawClient client = RawClient.to(weir.port())) {
            client.send(
                    "POST /a HTTP/1.1\r\nHost: weir.test\r\nExpect: 100-Continue\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\n");
            assertThat(client.anyResponse("POST").status()).isEqualTo(100);
            client.send("5\r\nabcde\r\n0\r\n\r\n");
            assertThat(client.anyResponse("POST").text()).isEqualTo("abcde");
        }
    }

    @Test
    void refusalWithoutTheBodyReachesTheClientAndNobodyElse() {
        FakeNode node =
                WEIR.node(
                        "n",
                        connection -> {
                            for (StrictHttpReader.Head head = connection.head();
                                    head != null;
                                    head = connection.head()) {
                                if (head.method().equals("POST")) {
                                    connection.send(
                                            "HTTP/1.1 413 Content Too Large\r\n"
                                                    + "Content-Length: 3\r\n\r\nbig");
                                } else {
                                    connection.send(
                                            Behaviour.answer(
                                                    connection.node(), connection.body(head)));
                                }
                            }
                        });
        RunningWeir weir = WEIR.start(ConfigText.of(node).global("event-loops: 1"));
        try (RawClient client = RawClient.to(weir.port())) {
            client.send(HEAD);
            ReceivedResponse response = client.anyResponse("POST");
            assertThat(response.status()).isEqualTo(413);
            assertThat(response.text()).isEqualTo("big");

            try (RawClient other = RawClient.to(weir.port())) {
                ReceivedResponse next =
                        other.exchange("GET /b HTTP/1.1\r\nHost: weir.test\r\n\r\n");
                assertThat(next.text()).isEqualTo("hello");
                assertThat(next.field("X-Connection")).isNotEqualTo("1");
            }
        }
        // A body that never came leaves the node connection in the middle of a request.
        Await.until(
                "the node connection to be closed",
                () -> node.connectionLog().stream().noneMatch(c -> c.open() && c.unfinished() > 0));
    }

    @Test
    void clientThatDoesNotWaitIsServed() {
        FakeNode node = WEIR.node("n", ExpectationsTest::continuing);
        RunningWeir weir = WEIR.start(ConfigText.of(node));
        try (RawClient client = RawClient.to(weir.port())) {
            for (int i = 0; i < 20; i++) {
                client.send(HEAD + "abcde");
                assertThat(client.response("POST").text()).isEqualTo("abcde");
            }
        }
    }

    @Test
    void nodeThatKnowsNothingOfExpectationsGetsTheBodyInTheEnd() {
        FakeNode node = WEIR.node("n");
        RunningWeir weir = WEIR.start(ConfigText.of(node));
        try (RawClient client = RawClient.to(weir.port())) {
            client.send(HEAD);
            // RFC 9110: a client must not wait for ever; this one has waited enough.
            Await.until("the head to reach the node", () -> node.connections() == 1);
            client.send("abcde");
            assertThat(client.response("POST").text()).isEqualTo("abcde");
        }
    }
}
