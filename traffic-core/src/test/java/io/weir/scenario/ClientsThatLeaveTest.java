package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.Await;
import io.weir.testkit.Behaviour;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.ManualTicker;
import io.weir.testkit.RawClient;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.TestCa;
import io.weir.testkit.TlsClient;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
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

    /**
     * A socket that is closed with bytes unread, or that gets more of them, is reset, and what its
     * peer has not taken is lost. The clock stands still, so that nobody listens for too short.
     *
     * @param atOnce whether more comes with the request, and so much that some is left in the
     *     kernel; else it comes when the answer has been sent
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void clientThatSendsMoreThanMayBeAskedOverTheConnectionGetsAllOfItsAnswer(boolean atOnce) {
        byte[] answer = new byte[15_000];
        FakeNode node =
                WEIR.node(
                        "n",
                        connection -> {
                            connection.request();
                            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 15000\r\n\r\n");
                            connection.send(answer);
                        });
        RunningWeir weir =
                WEIR.start(
                        ConfigText.of(node).virtualServer("keepalive: false"), new ManualTicker());
        try (RawClient client = RawClient.withReceiveBuffer(weir.port(), 1 << 12)) {
            client.send(atOnce ? GET.repeat(10_000) : GET);
            Await.until(
                    "the exchange to be over",
                    () -> node.requests() == 1 && weir.node(node.address()).inFlight() == 0);
            if (!atOnce) {
                client.send(GET);
            }
            assertThat(client.response("GET").body()).isEqualTo(answer);
            assertThat(client.closedByPeer()).isTrue();
        }
        assertThat(node.requests()).isEqualTo(1);
    }

    /** The clock stands still, so nothing can happen because some time has passed. */
    @Test
    void aClientThatClosesIsGoneThatMoment(@TempDir Path directory) throws IOException {
        ManualTicker clock = new ManualTicker();
        TestCa ca = new TestCa("ca");
        ca.issue("a.example").write(directory, "a");
        FakeNode node = WEIR.node("n");
        RunningWeir plain = WEIR.start(ConfigText.of(node), clock);
        RunningWeir secure =
                WEIR.start(
                        ConfigText.of(node)
                                .virtualServer(
                                        "tls: {certificate: %1$s/a.pem, key: %1$s/a.key}"
                                                .formatted(directory)),
                        clock);
        try {
            for (String said : new String[] {"P", "PRI", "PO", "GET /a HTTP/1.1\r\n", GET}) {
                try (RawClient client = RawClient.to(plain.port())) {
                    client.send(said);
                    if (said.equals(GET)) {
                        assertThat(client.response("GET").status()).isEqualTo(200);
                    }
                    Await.until("a connection", () -> plain.clientConnections() == 1);
                }
                Await.until("no connection after " + said, () -> plain.clientConnections() == 0);
            }
            for (String version : new String[] {"TLSv1.2", "TLSv1.3"}) {
                try (TlsClient client =
                        TlsClient.to(secure.port(), ca.trusting(), "a.example", version)) {
                    assertThat(client.exchange(GET).status()).isEqualTo(200);
                }
                Await.until("no connection of " + version, () -> secure.clientConnections() == 0);
            }
        } finally {
            clock.advance(Duration.ofMinutes(1));
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
        Await.until("no request to be left", () -> weir.node(node.address()).inFlight() == 0);
        Await.until(
                "no exchange to be left",
                () -> weir.plane().status().virtualServers().getFirst().exchanges() == 0);
        assertThat(node.violations()).isEmpty();
        Await.until(
                "no unfinished request to be left at the node",
                () -> node.connectionLog().stream().noneMatch(c -> c.open() && c.unfinished() > 0));
        try (RawClient client = RawClient.to(weir.port())) {
            assertThat(client.exchange(GET).body()).hasSize(40_000);
        }
    }
}
