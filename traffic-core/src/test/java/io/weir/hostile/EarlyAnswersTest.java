package io.weir.hostile;

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
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Nodes that answer before they have read the request, or ignore bodies: whatever they make of the
 * rest of the bytes, no other client ever gets it.
 */
class EarlyAnswersTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    /** A node that takes every head for a whole request and says which token it carried. */
    private static void ignoringBodies(NodeConnection connection) throws IOException {
        StringBuilder seen = new StringBuilder();
        for (byte[] some = connection.some(65536); some.length > 0; some = connection.some(65536)) {
            seen.append(new String(some, StandardCharsets.ISO_8859_1));
            for (int end = seen.indexOf("\r\n\r\n"); end >= 0; end = seen.indexOf("\r\n\r\n")) {
                String head = seen.substring(0, end + 2);
                seen.delete(0, end + 4);
                int token = head.toLowerCase(Locale.ROOT).indexOf("\r\nx-token:");
                String value =
                        token < 0
                                ? "none"
                                : head.substring(token + 10, head.indexOf("\r\n", token + 2))
                                        .strip();
                connection.send(
                        "HTTP/1.1 200 OK\r\nContent-Length: "
                                + value.length()
                                + "\r\n\r\n"
                                + value);
            }
        }
    }

    @Test
    void bodyThatTheNodeTakesForARequestNeverAnswersAnotherClient() {
        FakeNode node = WEIR.node("naive", EarlyAnswersTest::ignoringBodies);
        RunningWeir weir =
                WEIR.start(
                        ConfigText.of(node)
                                .global("event-loops: 1")
                                .pool("passive-monitoring: false"));
        String smuggled = "GET /smuggled HTTP/1.1\r\nHost: weir.test\r\nX-Token: evil\r\n\r\n";
        for (int i = 0; i < 600; i++) {
            String method = i % 3 == 0 ? "GET" : i % 3 == 1 ? "POST" : "PUT";
            try (RawClient attacker = RawClient.to(weir.port())) {
                ReceivedResponse response =
                        attacker.exchange(
                                method
                                        + " /a HTTP/1.1\r\nHost: weir.test\r\nX-Token: attacker"
                                        + i
                                        + "\r\nContent-Length: "
                                        + smuggled.length()
                                        + "\r\n\r\n"
                                        + smuggled);
                assertThat(response.text()).isIn("attacker" + i, error(response));
            }
            try (RawClient victim = RawClient.to(weir.port())) {
                ReceivedResponse response =
                        victim.exchange(
                                "GET /b HTTP/1.1\r\nHost: weir.test\r\nX-Token: victim"
                                        + i
                                        + "\r\n\r\n");
                assertThat(response.text()).as("pair " + i).isEqualTo("victim" + i);
            }
        }
    }

    private static String error(ReceivedResponse response) {
        return response.status() == 502 ? response.text() : "an error of Weir's own";
    }

    @Test
    void answerBeforeTheEndOfTheBodyReachesItsClientOnly() {
        FakeNode node =
                WEIR.node(
                        "early",
                        connection -> {
                            for (StrictHttpReader.Head head = connection.head();
                                    head != null;
                                    head = connection.head()) {
                                if (head.method().equals("POST")) {
                                    connection.send(
                                            "HTTP/1.1 403 Forbidden\r\n"
                                                    + "Content-Length: 2\r\n\r\n"
                                                    + "no");
                                    connection.body(head);
                                } else {
                                    connection.send(
                                            Behaviour.answer(
                                                    connection.node(), connection.body(head)));
                                }
                            }
                        });
        RunningWeir weir = WEIR.start(ConfigText.of(node).global("event-loops: 1"));
        for (int i = 0; i < 50; i++) {
            try (RawClient client = RawClient.to(weir.port())) {
                client.send(
                        "POST /a HTTP/1.1\r\nHost: weir.test\r\nContent-Length: 1000\r\n\r\nstart");
                ReceivedResponse response = client.response("POST");
                assertThat(response.status()).isEqualTo(403);
                assertThat(response.text()).isEqualTo("no");

                try (RawClient other = RawClient.to(weir.port())) {
                    ReceivedResponse next =
                            other.exchange("GET /b HTTP/1.1\r\nHost: weir.test\r\n\r\n");
                    assertThat(next.text()).isEqualTo("hello");
                }
            }
        }
        Await.until(
                "unfinished requests to be cut off",
                () -> node.connectionLog().stream().noneMatch(c -> c.open() && c.unfinished() > 0));
        assertThat(node.violations()).isEmpty();
    }

    @Test
    void clientThatLeavesInTheMiddleLeavesNothingToTheNext() {
        FakeNode node = WEIR.node("n");
        RunningWeir weir = WEIR.start(ConfigText.of(node).global("event-loops: 1"));
        try (RawClient client = RawClient.to(weir.port())) {
            client.send("POST /a HTTP/1.1\r\nHost: weir.test\r\nContent-Length: 10\r\n\r\nhalf");
            Await.until("the head to reach the node", () -> node.connections() == 1);
            client.reset();
        }
        Await.until("the node connection to be closed", () -> node.openConnections() == 0);
        try (RawClient other = RawClient.to(weir.port())) {
            assertThat(other.exchange("GET /b HTTP/1.1\r\nHost: weir.test\r\n\r\n").text())
                    .isEqualTo("hello");
        }
        assertThat(node.requests()).isEqualTo(1);
    }
}
