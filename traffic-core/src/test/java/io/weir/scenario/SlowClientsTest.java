package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.Await;
import io.weir.testkit.Behaviour;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.H2Client;
import io.weir.testkit.NodeConnection;
import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedResponse;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.ShiftedTicker;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that take their time are cut off by the limits and cost nobody else. A limit that would
 * do so in the place of the one that a test is about is off.
 */
class SlowClientsTest {

    private static final byte[] ONE = {'a'};

    /** Bytes of an answer that the kernel takes as a whole. */
    private static final int PAGE = 60_000;

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private static RunningWeir start(FakeNode node, String... virtualServer) {
        return WEIR.start(ConfigText.of(node).virtualServer(virtualServer));
    }

    /** Sends a byte now and then until the other side has closed. */
    private static void dribble(RawClient client) {
        Await.until(
                "Weir to cut off a client that dribbles",
                () -> {
                    boolean open = client.trySend(ONE) && client.nothingMore();
                    LockSupport.parkNanos(20_000_000);
                    return !open;
                });
    }

    @Test
    void headThatNeverEndsGets408() {
        FakeNode node = WEIR.node("n");
        RunningWeir weir = start(node, "connect-timeout: 500ms");
        try (RawClient client = RawClient.to(weir.port())) {
            client.send("GET /a HTTP/1.1\r\nHost: weir.test\r\nX: ");
            dribble(client);
            ReceivedResponse response = client.response("GET");
            assertThat(response.status()).isEqualTo(408);
            assertThat(client.closedByPeer()).isTrue();
        }
        assertThat(node.connections()).isZero();
    }

    @Test
    void headsThatStandStillGiveWayToThoseThatCome() {
        RunningWeir weir =
                WEIR.start(
                        ConfigText.of(WEIR.node("n"))
                                .global("event-loops: 1")
                                .virtualServer(
                                        "connect-timeout: 1h",
                                        "keepalive-timeout: 1h",
                                        "limits: {max-header-length: 1MiB}"));
        String part = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
        RawClient still = WEIR.closing(RawClient.to(weir.port())).send(part);
        H2Client frame = WEIR.closing(H2Client.to(weir.port()));
        frame.send(Arrays.copyOf(H2Client.bytes(H2Client.HEADERS, 0, 1, new byte[50]), 30));
        RawClient whole = WEIR.closing(RawClient.to(weir.port()));
        assertThat(whole.exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n").status()).isEqualTo(200);

        // An eighth of the heap; each of these takes twice its length, at most.
        byte[] large = (part + "x".repeat(600_000)).getBytes(StandardCharsets.US_ASCII);
        for (long sent = 0; sent <= Runtime.getRuntime().maxMemory() / 8; sent += 1 << 20) {
            var _ = WEIR.closing(RawClient.to(weir.port())).send(large);
        }
        assertThat(still.response("GET").status()).isEqualTo(408);
        assertThat(frame.end()).contains("ENHANCE_YOUR_CALM");
        assertThat(whole.exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n").status()).isEqualTo(200);
    }

    @Test
    void timeInWhichTheEventLoopStoodStillIsNotHeldAgainstAClient() {
        FakeNode node = WEIR.node("n");
        ShiftedTicker clock = new ShiftedTicker();
        RunningWeir weir = WEIR.start(ConfigText.of(node).global("event-loops: 1"), clock);
        try (RawClient client = RawClient.to(weir.port());
                RawClient idle = RawClient.to(weir.port())) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab");
            String get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
            assertThat(idle.exchange(get).status()).isEqualTo(200);

            clock.advance(Duration.ofSeconds(60));
            assertThat(idle.closedByPeer()).as("the loop has seen what time it is").isTrue();

            client.send("cd");
            assertThat(client.response("POST").status()).isEqualTo(200);
        }
    }

    @Test
    void connectionOnWhichNothingIsSaidIsClosed() {
        RunningWeir weir = start(WEIR.node("n"), "connect-timeout: 300ms");
        try (RawClient client = RawClient.to(weir.port())) {
            byte[] said = client.rest();
            assertThat(new String(said, StandardCharsets.ISO_8859_1))
                    .matches("(?s)|HTTP/1.1 408 .*");
        }
    }

    @Test
    void keptConnectionIsClosedWithoutAWord() {
        RunningWeir weir = start(WEIR.node("n"), "keepalive-timeout: 300ms");
        try (RawClient client = RawClient.to(weir.port())) {
            assertThat(client.exchange("GET /a HTTP/1.1\r\nHost: weir.test\r\n\r\n").status())
                    .isEqualTo(200);
            assertThat(client.closedByPeer()).isTrue();
        }
    }

    @Test
    void secondHeadThatNeverEndsIsCutOff() {
        FakeNode node = WEIR.node("n");
        RunningWeir weir = start(node, "connect-timeout: 500ms", "keepalive-timeout: 500ms");
        try (RawClient client = RawClient.to(weir.port())) {
            assertThat(client.exchange("GET /a HTTP/1.1\r\nHost: weir.test\r\n\r\n").status())
                    .isEqualTo(200);
            client.send("GET /b HTTP/1.1\r\nHost: weir.test\r\nX: ");
            dribble(client);
        }
        assertThat(node.requests()).isEqualTo(1);
    }

    @Test
    void bodyThatStopsIsCutOffAndNeverLooksComplete() {
        FakeNode node = WEIR.node("n");
        RunningWeir weir = start(node, "timeout: 500ms", "limits: {min-body-rate: 0}");
        try (RawClient client = RawClient.to(weir.port())) {
            client.send("POST /a HTTP/1.1\r\nHost: weir.test\r\nContent-Length: 100\r\n\r\nabc");
            assertCutOff(client);
        }
        assertNothingUnfinished(node);
    }

    @Test
    void bodyThatStopsIsCutOffWhereHeadsMayTakeForEver() {
        FakeNode node = WEIR.node("n");
        RunningWeir weir =
                start(
                        node,
                        "connect-timeout: 0",
                        "keepalive-timeout: 0",
                        "timeout: 500ms",
                        "limits: {min-body-rate: 0}");
        try (RawClient client = RawClient.to(weir.port())) {
            client.send("POST /a HTTP/1.1\r\nHost: weir.test\r\nContent-Length: 100\r\n\r\nabc");
            assertCutOff(client);
        }
        assertNothingUnfinished(node);
    }

    @Test
    void bodySlowerThanTheRateIsCutOff() {
        FakeNode node = WEIR.node("n");
        RunningWeir weir = start(node, "limits: { min-body-rate: 10000, body-grace: 500ms }");
        try (RawClient client = RawClient.to(weir.port())) {
            client.send("POST /a HTTP/1.1\r\nHost: weir.test\r\nContent-Length: 100000\r\n\r\n");
            dribble(client);
            assertCutOff(client);
        }
        assertNothingUnfinished(node);
    }

    @Test
    void chunkedBodySlowerThanTheRateIsCutOff() {
        FakeNode node = WEIR.node("n");
        RunningWeir weir = start(node, "limits: { min-body-rate: 10000, body-grace: 500ms }");
        try (RawClient client = RawClient.to(weir.port())) {
            client.send(
                    "POST /a HTTP/1.1\r\nHost: weir.test\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + "ffff\r\n");
            dribble(client);
            assertCutOff(client);
        }
        assertNothingUnfinished(node);
    }

    @Test
    void clientThatReadsSlowerThanTheRateIsCutOff() {
        byte[] big = new byte[64 << 20];
        FakeNode node =
                WEIR.node(
                        "big",
                        connection -> {
                            if (connection.request() != null) {
                                connection.send(
                                        "HTTP/1.1 200 OK\r\nContent-Length: "
                                                + big.length
                                                + "\r\n\r\n");
                                connection.send(big);
                                connection.drain();
                            }
                        });
        RunningWeir weir =
                start(node, "timeout: 0", "limits: { min-body-rate: 10MB, body-grace: 500ms }");
        try (RawClient client = RawClient.withReceiveBuffer(weir.port(), 1 << 12)) {
            client.send("GET /a HTTP/1.1\r\nHost: weir.test\r\n\r\n");
            client.head("GET");
            Await.until(
                    "Weir to give up the client that does not read",
                    () -> node.connectionLog().stream().noneMatch(NodeConnection::open));
            byte[] got = client.rest();
            assertThat(got.length).as("a truncated body").isLessThan(big.length);
        }
    }

    /** The kernel takes all of these answers, so that to Weir they are written as a whole. */
    private static ConfigText withPages(String... virtualServer) {
        FakeNode node = WEIR.node("pages", Behaviour.giving("x".repeat(PAGE)));
        return ConfigText.of(node).virtualServer(virtualServer);
    }

    private static void assertCutOffWithoutReading(RunningWeir weir, RawClient client) {
        Await.until("the connection to be forgotten", () -> weir.clientConnections() == 0);
        assertThat(client.rest().length).as("the kernel forgets it too").isLessThan(PAGE);
    }

    @Test
    void keptConnectionIsNotHeldForAClientThatDoesNotTakeItsAnswer() {
        RunningWeir weir =
                WEIR.start(withPages("limits: { min-body-rate: 100000, body-grace: 200ms }"));
        try (RawClient client = RawClient.withReceiveBuffer(weir.port(), 1 << 12)) {
            client.send("GET /a HTTP/1.1\r\nHost: weir.test\r\n\r\n");
            assertThat(client.head("GET").status()).isEqualTo(200);
            assertCutOffWithoutReading(weir, client);
        }
    }

    @Test
    void closedConnectionIsNotLeftToTheKernelForAClientThatDoesNotTakeItsAnswer() {
        RunningWeir weir =
                WEIR.start(withPages("limits: { min-body-rate: 100000, body-grace: 200ms }"));
        try (RawClient client = RawClient.withReceiveBuffer(weir.port(), 1 << 12)) {
            client.send("GET /a HTTP/1.1\r\nHost: weir.test\r\nConnection: close\r\n\r\n");
            assertThat(client.head("GET").status()).isEqualTo(200);
            assertCutOffWithoutReading(weir, client);
        }
    }

    @Test
    void clientThatTakesItsAnswerInItsOwnTimeGetsAllOfIt() {
        ShiftedTicker clock = new ShiftedTicker();
        RunningWeir weir =
                WEIR.start(
                        withPages(
                                "limits: { min-body-rate: 1000, body-grace: 5s }",
                                "keepalive: false"),
                        clock);
        try (RawClient client = RawClient.withReceiveBuffer(weir.port(), 1 << 12)) {
            client.send("GET /a HTTP/1.1\r\nHost: weir.test\r\n\r\n");
            client.head("GET");
            int got = 0;
            for (int i = 0; i < 10; i++) {
                got += client.some(1 << 12).length;
                clock.advance(Duration.ofSeconds(1));
                LockSupport.parkNanos(100_000_000);
            }
            assertThat(got).isLessThan(PAGE);
            assertThat(got + client.rest().length).isEqualTo(PAGE);
        }
    }

    @Test
    void exchangeThatLastsLongerThanAllowedIsCutOff() {
        FakeNode node =
                WEIR.node(
                        "dribbler",
                        Behaviour.dribbling(
                                "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
                                        + "x".repeat(100_000),
                                Duration.ofMillis(5)));
        RunningWeir weir = start(node, "max-transaction-duration: 1s");
        try (RawClient client = RawClient.to(weir.port())) {
            client.send("GET /a HTTP/1.1\r\nHost: weir.test\r\n\r\n");
            ReceivedResponse response = client.response("GET");
            assertThat(response.complete() && response.status() == 200).isFalse();
        }
        Await.until(
                "the node connection to be closed",
                () -> node.connectionLog().stream().noneMatch(NodeConnection::open));
    }

    @Test
    void hundredsOfSlowHeadsDoNotKeepOthersWaiting() {
        FakeNode node = WEIR.node("n");
        ShiftedTicker clock = new ShiftedTicker();
        RunningWeir weir =
                WEIR.start(
                        ConfigText.of(node)
                                .global("event-loops: 1")
                                .virtualServer("connect-timeout: 1h"),
                        clock);
        List<RawClient> slow = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            RawClient client = WEIR.closing(RawClient.to(weir.port()));
            client.send("GET /slow HTTP/1.1\r\nHost: weir.test\r\nX: a");
            slow.add(client);
        }
        try (RawClient good = RawClient.to(weir.port())) {
            for (int i = 0; i < 50; i++) {
                assertThat(good.exchange("GET /a HTTP/1.1\r\nHost: weir.test\r\n\r\n").status())
                        .isEqualTo(200);
            }
        }
        clock.advance(Duration.ofHours(1));
        for (RawClient client : slow) {
            assertThat(client.response("GET").status()).isEqualTo(408);
            assertThat(client.closedByPeer()).isTrue();
        }
        assertThat(node.requests()).isEqualTo(50);
    }

    private static void assertCutOff(RawClient client) {
        String said = new String(client.rest(), StandardCharsets.ISO_8859_1);
        assertThat(said).matches("(?s)|HTTP/1.1 408 .*");
    }

    private static void assertNothingUnfinished(FakeNode node) {
        Await.until(
                "the node connection of the unfinished request to be closed",
                () -> node.connectionLog().stream().noneMatch(c -> c.open() && c.unfinished() > 0));
        assertThat(node.requests()).isZero();
        assertThat(node.violations()).isEmpty();
    }
}
