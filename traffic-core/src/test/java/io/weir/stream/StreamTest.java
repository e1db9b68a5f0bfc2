package io.weir.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.testkit.Await;
import io.weir.testkit.Behaviour;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.NodeConnection;
import io.weir.testkit.RawClient;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.ShiftedTicker;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;

/** What a TCP service does with the bytes and the ends of both sides. */
class StreamTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private static ConfigText config(String protocol, FakeNode... nodes) {
        return ConfigText.of(nodes).virtualServer("protocol: " + protocol);
    }

    private static RawClient client(RunningWeir weir) {
        return WEIR.closing(RawClient.to(weir.port()));
    }

    // ---- who speaks first

    @Test
    void aServerThatSpeaksFirstIsHeardByAClientThatSaysNothing() {
        FakeNode node = WEIR.node("n", Dialogues.greeting("220 mail.test"));
        RawClient client = client(WEIR.start(config("smtp", node)));
        assertThat(client.exactly(15)).isEqualTo("220 mail.test\r\n");
        client.send("QUIT\r\n");
        assertThat(client.exactly(11)).isEqualTo("OK n QUIT\r\n");
        assertThat(client.closedByPeer()).isTrue();
    }

    @Test
    void aNodeIsNotConnectedToBeforeTheClientHasSpokenWhereTheClientSpeaksFirst() {
        FakeNode node = WEIR.node("n", Dialogues.answeringLines());
        RunningWeir weir = WEIR.start(config("client-first", node).global("transport: nio"));
        RawClient client = client(weir);
        Await.until("the client to be there", () -> weir.clientConnections() == 1);
        Await.steady(
                "connections of the node",
                Duration.ofMillis(150),
                Await.DEADLINE,
                node::connections);
        assertThat(node.connections()).isZero();
        client.send("HELO\r\n");
        assertThat(client.exactly(11)).isEqualTo("OK n HELO\r\n");
    }

    @Test
    void fiftyCommandsGoThroughEveryKind() {
        for (String protocol : List.of("pop3", "imap", "smtp", "mysql", "stream", "telnet")) {
            FakeNode node = WEIR.node(protocol, Dialogues.greeting("+OK ready"));
            commands(client(WEIR.start(config(protocol, node))), "+OK ready\r\n", protocol);
        }
        for (String protocol : List.of("client-first", "ldap", "rdp", "postgres", "stream")) {
            FakeNode node = WEIR.node(protocol, Dialogues.answeringLines());
            commands(client(WEIR.start(config(protocol, node))), "", protocol);
        }
    }

    private static void commands(RawClient client, String greeting, String node) {
        assertThat(client.exactly(greeting.length())).isEqualTo(greeting);
        for (int i = 0; i < 50; i++) {
            String answer = "OK " + node + " command \0\u00ff " + i + "\r\n";
            client.send("command \0\u00ff " + i + "\r\n");
            assertThat(client.exactly(answer.length())).isEqualTo(answer);
        }
    }

    // ---- bytes

    @Test
    void manyBytesArriveUnchangedBothWays() {
        FakeNode node = WEIR.node("n", Dialogues.echoing());
        for (String transport : List.of("auto", "nio")) {
            RunningWeir weir = WEIR.start(config("stream", node).global("transport: " + transport));
            byte[] sent = new byte[8 << 20];
            new Random(7).nextBytes(sent);
            RawClient client = client(weir);
            Thread sender = Thread.ofVirtual().start(() -> client.send(sent).halfClose());
            assertThat(client.rest()).isEqualTo(sent);
            Await.until("the sender to end", () -> !sender.isAlive());
            Await.until("the connection to end", () -> weir.clientConnections() == 0);
        }
    }

    @Test
    void aTakerThatReadsNothingStopsTheSenderAndGetsEverythingLater() throws Exception {
        byte[] all = new byte[64 << 20];
        new Random(3).nextBytes(all);
        FakeNode node = WEIR.node("n", connection -> connection.send(all));
        RunningWeir weir = WEIR.start(config("stream", node));
        RawClient client = WEIR.closing(RawClient.withReceiveBuffer(weir.port(), 32 * 1024));
        Await.until("the node to be connected to", () -> node.openConnections() == 1);
        // The node blocks in one write: what it got rid of shows at the client's side only.
        long before = directMemory();
        Await.steady("buffers", Duration.ofMillis(300), Await.DEADLINE, StreamTest::directMemory);
        assertThat(directMemory() - before).as("bytes held").isLessThan(2 << 20);
        assertThat(node.connectionLog().getFirst().sent()).as("taken from the node").isZero();
        assertThat(client.rest()).isEqualTo(all);
    }

    private static long directMemory() {
        return io.netty.buffer.PooledByteBufAllocator.DEFAULT.pinnedDirectMemory();
    }

    @Test
    void aNodeThatReadsNothingStopsTheClient() {
        FakeNode node = WEIR.node("n", Behaviour.frozen());
        RunningWeir weir = WEIR.start(config("stream", node));
        RawClient client = client(weir);
        long before = directMemory();
        byte[] piece = new byte[1 << 20];
        int[] sent = {0};
        Thread.ofVirtual()
                .start(
                        () -> {
                            while (client.trySend(piece)) {
                                sent[0]++;
                            }
                        });
        Await.until("the node to be connected to", () -> node.openConnections() == 1);
        long stoppedAt =
                Await.steady("MiB taken", Duration.ofMillis(400), Await.DEADLINE, () -> sent[0]);
        // What the kernels on the way hold, and no more.
        assertThat(stoppedAt).isLessThan(40);
        assertThat(directMemory() - before).as("bytes held").isLessThan(4 << 20);
    }

    // ---- ends

    @Test
    void theEndOfTheClientsDirectionReachesTheNodeWithinTwoTenthsOfASecond() {
        AtomicLong ended = new AtomicLong();
        FakeNode node =
                WEIR.node(
                        "n",
                        connection -> {
                            connection.drain();
                            ended.set(System.nanoTime());
                            connection.send("got it all");
                        });
        RunningWeir weir = WEIR.start(config("client-first", node));
        Await.quick(
                "the end of the client's direction",
                Duration.ofMillis(200),
                () -> {
                    int others = node.connections();
                    RawClient client = client(weir).send("a request of unknown length");
                    Await.until("a connection", () -> node.connections() > others);
                    node.settle();
                    long before = System.nanoTime();
                    client.halfClose();
                    assertThat(client.exactly(10)).isEqualTo("got it all");
                    assertThat(client.closedByPeer()).isTrue();
                    return Duration.ofNanos(ended.get() - before);
                });
    }

    @Test
    void theEndOfTheNodesDirectionReachesTheClientWithinTwoTenthsOfASecond() {
        AtomicLong ended = new AtomicLong();
        FakeNode node =
                WEIR.node(
                        "n",
                        connection -> {
                            connection.send("220 bye");
                            ended.set(System.nanoTime());
                            connection.halfClose();
                            connection.drain();
                        });
        RunningWeir weir = WEIR.start(config("server-first", node));
        Await.quick(
                "the end of the node's direction",
                Duration.ofMillis(200),
                () -> {
                    RawClient client = client(weir);
                    assertThat(client.exactly(7)).isEqualTo("220 bye");
                    assertThat(client.closedByPeer()).isTrue();
                    Duration taken = Duration.ofNanos(System.nanoTime() - ended.get());
                    client.send("still listening?");
                    NodeConnection connection = node.connectionLog().getLast();
                    Await.until("the node to get it", () -> connection.received() == 16);
                    client.halfClose();
                    Await.until("the connection to end", () -> weir.clientConnections() == 0);
                    return taken;
                });
    }

    @Test
    void aResetOfTheNodeIsAResetOfTheClientsConnection() throws Exception {
        FakeNode node = WEIR.node("n", Behaviour.resettingAfter(4));
        RunningWeir weir = WEIR.start(config("client-first", node));
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), weir.port())) {
            client.getOutputStream().write("four".getBytes(StandardCharsets.US_ASCII));
            assertReset(client);
        }
    }

    @Test
    void aResetOfTheClientIsAResetOfTheNodesConnection() throws Exception {
        try (ServerSocket node = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            RunningWeir weir =
                    WEIR.start(
                            ConfigText.ofNodes("127.0.0.1:" + node.getLocalPort())
                                    .virtualServer("protocol: client-first"));
            RawClient client = client(weir).send("hello");
            try (Socket connection = node.accept()) {
                assertThat(connection.getInputStream().readNBytes(5)).asString().isEqualTo("hello");
                client.reset();
                assertReset(connection);
            }
        }
    }

    // ---- nodes

    @Test
    void aNodeThatRefusesIsNotNoticedByClients() {
        FakeNode dead = FakeNode.refusing("dead");
        WEIR.closing(dead);
        FakeNode alive = WEIR.node("alive", Dialogues.greeting("220 alive"));
        RunningWeir weir = WEIR.start(config("server-first", dead, alive));
        for (int i = 0; i < 20; i++) {
            try (RawClient client = RawClient.to(weir.port())) {
                assertThat(client.exactly(11)).isEqualTo("220 alive\r\n");
            }
        }
        assertThat(weir.node(dead.address()).health()).isEqualTo("down");
    }

    @Test
    void aNodeThatHangsUpBeforeItsGreetingIsNotNoticedByClients() {
        FakeNode broken = WEIR.node("broken", Behaviour.closingAtOnce());
        FakeNode alive = WEIR.node("alive", Dialogues.greeting("220 alive"));
        RunningWeir weir =
                WEIR.start(config("server-first", broken, alive).pool("retry-budget: 100"));
        for (int i = 0; i < 20; i++) {
            try (RawClient client = RawClient.to(weir.port())) {
                assertThat(client.exactly(11)).isEqualTo("220 alive\r\n");
            }
        }
        assertThat(weir.node(broken.address()).health()).isEqualTo("down");
    }

    @Test
    void aNodeThatDoesNotGreetInTimeIsLeftForAnother() {
        FakeNode silent = WEIR.node("silent", Behaviour.silent());
        FakeNode alive = WEIR.node("alive", Dialogues.greeting("220 alive"));
        RunningWeir weir =
                WEIR.start(config("server-first", silent, alive).pool("max-reply-time: 1s"));
        for (int i = 0; i < 2; i++) {
            assertThat(client(weir).exactly(11)).isEqualTo("220 alive\r\n");
        }
        assertThat(silent.connections()).isPositive();
    }

    @Test
    void aNodeThatMayTakeAnyTimeToGreetIsStillLeftWhenNothingMoves() {
        FakeNode silent = WEIR.node("silent", Behaviour.silent());
        RunningWeir weir =
                WEIR.start(
                        config("server-first", silent)
                                .virtualServer("timeout: 1s")
                                .pool("max-reply-time: 0s"));
        assertThat(client(weir).closedByPeer()).isTrue();
        assertThat(weir.node(silent.address()).health()).isNotEqualTo("down");
    }

    @Test
    void whatABandwidthClassLetsThroughBitByBitMoves() {
        byte[] all = new byte[150_000];
        new Random(5).nextBytes(all);
        FakeNode node = WEIR.node("n", connection -> connection.send(all));
        RunningWeir weir =
                WEIR.start(
                        config("stream", node)
                                        .virtualServer(
                                                "timeout: 1s",
                                                "bandwidth: link",
                                                "max-server-buffer: 64KiB")
                                + "\nbandwidth-classes: {link: {maximum: 160}}\n");
        assertThat(client(weir).rest()).isEqualTo(all);
    }

    @Test
    void aResetBehindTheEndTakesNothingAwayFromASlowClient() {
        byte[] all = new byte[2 << 20];
        new Random(6).nextBytes(all);
        FakeNode node = WEIR.node("n", connection -> connection.send(all));
        RunningWeir weir =
                WEIR.start(config("stream", node).virtualServer("tcp: {close-with-reset: true}"));
        for (int i = 0; i < 5; i++) {
            RawClient client = WEIR.closing(RawClient.withReceiveBuffer(weir.port(), 8 * 1024));
            client.halfClose();
            Await.until("the client to be there", () -> weir.clientConnections() == 1);
            // Slowly enough for the kernel to have taken the end while some is on its way.
            ByteArrayOutputStream got = new ByteArrayOutputStream();
            while (weir.clientConnections() > 0 && got.size() < all.length) {
                got.writeBytes(client.some(512));
            }
            got.writeBytes(client.rest());
            assertThat(got.toByteArray()).isEqualTo(all);
            Await.until("the client to be gone", () -> weir.clientConnections() == 0);
        }
    }

    @Test
    void nonsenseOfAClientDoesNotCondemnTheNodeThatHangsUpOnIt() {
        FakeNode node =
                WEIR.node(
                        "n",
                        connection -> {
                            if (!Dialogues.line(connection).equals("sense\r\n")) {
                                connection.reset();
                            } else {
                                connection.send("fine");
                            }
                        });
        RunningWeir weir = WEIR.start(config("client-first", node));
        for (int i = 0; i < 10; i++) {
            assertThat(client(weir).send("nonsense\r\n").closedByPeer()).isTrue();
        }
        assertThat(client(weir).send("sense\r\n").exactly(4)).isEqualTo("fine");
    }

    @Test
    void connectionsAreSharedOutAndADrainedNodeKeepsThoseItHas() {
        FakeNode a = WEIR.node("a", Dialogues.greeting("a"));
        FakeNode b = WEIR.node("b", Dialogues.greeting("b"));
        ConfigText config = config("server-first", a, b);
        RunningWeir weir = WEIR.start(config);
        Set<String> greeted = new TreeSet<>();
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            RawClient client = client(weir);
            clients.add(client);
            greeted.add(client.exactly(3));
        }
        assertThat(greeted).containsExactly("a\r\n", "b\r\n");
        weir.apply(
                config.toString()
                        .replace(
                                a.address() + ",",
                                "{address: '" + a.address() + "', state: draining},"));
        for (int i = 0; i < 4; i++) {
            assertThat(client(weir).exactly(3)).isEqualTo("b\r\n");
        }
        for (RawClient client : clients) {
            client.send("NOOP\r\n");
            assertThat(client.exactly(11)).endsWith("NOOP\r\n");
        }
        assertThat(weir.node(a.address()).inFlight()).isEqualTo(2);
    }

    @Test
    void theSessionsOfAnAddressStayOnOneNodeWhileItDrains() {
        FakeNode a = WEIR.node("a", Dialogues.greeting("a"));
        FakeNode b = WEIR.node("b", Dialogues.greeting("b"));
        String config =
                config("server-first", a, b).pool("persistence: by-address")
                        + "persistence-classes: {by-address: {type: ip}}\n";
        RunningWeir weir = WEIR.start(config);
        String first = client(weir).exactly(3);
        for (int i = 0; i < 6; i++) {
            assertThat(client(weir).exactly(3)).isEqualTo(first);
        }
        FakeNode mine = first.startsWith("a") ? a : b;
        weir.apply(
                config.replace(
                        mine.address(), "{address: '" + mine.address() + "', state: draining}"));
        assertThat(client(weir).exactly(3)).as("a session on a draining node").isEqualTo(first);
        weir.apply(
                config.replace(
                        mine.address(), "{address: '" + mine.address() + "', state: disabled}"));
        assertThat(client(weir).exactly(3)).as("a new node").isNotEqualTo(first);
    }

    @Test
    void connectionsBeyondTheLimitOfTheNodesWaitForTheirTurn() {
        FakeNode node = WEIR.node("n", Dialogues.greeting("hello"));
        RunningWeir weir =
                WEIR.start(config("server-first", node).pool("max-transactions-per-node: 1"));
        RawClient first = client(weir);
        assertThat(first.exactly(7)).isEqualTo("hello\r\n");
        RawClient second = client(weir);
        Await.steady(
                "connections of the node",
                Duration.ofMillis(150),
                Await.DEADLINE,
                node::connections);
        assertThat(node.connections()).isEqualTo(1);
        first.close();
        assertThat(second.exactly(7)).isEqualTo("hello\r\n");
    }

    // ---- time

    @Test
    void aClientThatDoesNotBeginIsSentAway() {
        FakeNode node = WEIR.node("n", Dialogues.answeringLines());
        RunningWeir weir =
                WEIR.start(
                        config("client-first", node)
                                .virtualServer("connect-timeout: 200ms")
                                .global("transport: nio"));
        assertThat(client(weir).closedByPeer()).isTrue();
        assertThat(node.connections()).isZero();
    }

    @Test
    void aConnectionInWhichNothingMovesIsEndedAndOneInWhichSomethingDoesIsNot() {
        FakeNode node = WEIR.node("n", Dialogues.greeting("hello"));
        ShiftedTicker clock = new ShiftedTicker();
        RunningWeir weir =
                WEIR.start(config("server-first", node).virtualServer("timeout: 1h"), clock);
        RawClient idle = client(weir);
        RawClient busy = client(weir);
        assertThat(idle.exactly(7)).isEqualTo("hello\r\n");
        assertThat(busy.exactly(7)).isEqualTo("hello\r\n");
        clock.advance(Duration.ofMinutes(40));
        assertThat(busy.send("NOOP\r\n").exactly(11)).isEqualTo("OK n NOOP\r\n");
        assertThat(weir.clientConnections()).isEqualTo(2);
        clock.advance(Duration.ofMinutes(40));
        assertThat(idle.closedByPeer()).isTrue();
        assertThat(busy.send("NOOP\r\n").exactly(11)).isEqualTo("OK n NOOP\r\n");
    }

    @Test
    void aConnectionThatLastsTooLongIsReset() throws Exception {
        FakeNode node = WEIR.node("n", Dialogues.greeting("hello"));
        RunningWeir weir =
                WEIR.start(
                        config("server-first", node)
                                .virtualServer("max-transaction-duration: 300ms"));
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), weir.port())) {
            assertThat(client.getInputStream().readNBytes(7)).asString().isEqualTo("hello\r\n");
            assertReset(client);
        }
    }

    private static void assertReset(Socket client) throws IOException {
        client.setSoTimeout((int) Await.DEADLINE.toMillis());
        assertThatThrownBy(() -> client.getInputStream().read())
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
    }

    // ---- changes

    @Test
    void aReloadKeepsConnectionsAndNewOnesGoByTheNewConfiguration() {
        FakeNode old = WEIR.node("old", Dialogues.greeting("old"));
        FakeNode other = WEIR.node("other", Dialogues.greeting("new"));
        RunningWeir weir = WEIR.start(config("server-first", old).pool("node-delete: drain"));
        RawClient client = client(weir);
        assertThat(client.exactly(5)).isEqualTo("old\r\n");
        weir.apply(config("smtp", other).pool("node-delete: drain").toString());
        assertThat(client(weir).exactly(5)).isEqualTo("new\r\n");
        assertThat(client.send("NOOP\r\n").exactly(13)).isEqualTo("OK old NOOP\r\n");
    }

    @Test
    void aListenerChangesFromOneProtocolToAnother() {
        FakeNode node = WEIR.node("n");
        RunningWeir weir = WEIR.start(ConfigText.of(node));
        String get = "GET / HTTP/1.1\r\nHost: weir.test\r\n\r\n";
        assertThat(client(weir).exchange(get).status()).isEqualTo(200);
        node.behave(Dialogues.greeting("hello"));
        weir.apply(config("server-first", node).toString());
        assertThat(client(weir).exactly(7)).isEqualTo("hello\r\n");
        node.behave(Behaviour.answering());
        weir.apply(ConfigText.of(node).toString());
        assertThat(client(weir).exchange(get).status()).isEqualTo(200);
    }

    @Test
    void aStopWaitsForConnectionsAndCutsThemAtItsDeadline() {
        FakeNode node = WEIR.node("n", Dialogues.greeting("hello"));
        ShiftedTicker clock = new ShiftedTicker();
        RunningWeir weir = WEIR.start(config("server-first", node), clock);
        RawClient quick = client(weir);
        RawClient slow = client(weir);
        assertThat(quick.exactly(7)).isEqualTo("hello\r\n");
        assertThat(slow.exactly(7)).isEqualTo("hello\r\n");
        Thread stopping = Thread.ofVirtual().start(() -> weir.plane().stop(Duration.ofHours(1)));
        assertThat(quick.send("QUIT\r\n").exactly(11)).isEqualTo("OK n QUIT\r\n");
        assertThat(quick.closedByPeer()).isTrue();
        assertThat(stopping.isAlive()).as("the stop waits for the other").isTrue();
        Await.until(
                "the stop to end",
                () -> {
                    clock.advance(Duration.ofMinutes(1));
                    return !stopping.isAlive();
                });
        assertThat(slow.closedByPeer()).isTrue();
    }

    // ---- accounts

    @Test
    void aConnectionIsOneLineInTheLogAndInTheCounts() throws Exception {
        FakeNode node = WEIR.node("n", Dialogues.greeting("hello"));
        RunningWeir weir = WEIR.start(config("imap", node).virtualServer("log: json"));
        RawClient client = client(weir);
        assertThat(client.exactly(7)).isEqualTo("hello\r\n");
        assertThat(client.send("QUIT\r\n").exactly(11)).isEqualTo("OK n QUIT\r\n");
        client.close();
        Await.until("the connection to end", () -> weir.clientConnections() == 0);
        Path log = weir.logs().resolve("web.log");
        Await.until("the line", () -> Files.exists(log) && log.toFile().length() > 0);
        String line = Files.readString(log, StandardCharsets.UTF_8);
        assertThat(line)
                .contains("\"protocol\":\"imap\"")
                .contains("\"received_bytes\":6")
                .contains("\"sent_bytes\":18")
                .contains("\"node\":\"" + node.address() + "\"")
                .contains("\"duration_us\":")
                .doesNotContain("\"status\"")
                .doesNotContain("\"fault\"");
        assertThat(weir.plane().status().virtualServers().getFirst().requests()).isEqualTo(1);
        assertThat(weir.plane().status().virtualServers().getFirst().exchanges()).isZero();
        assertThat(weir.node(node.address()).inFlight()).isZero();
        Await.until("the node to be left", () -> weir.node(node.address()).connections() == 0);
    }

    @Test
    void theNodeIsToldTheClientByAPrOxyHeaderAndWeirIsToldByOne() {
        FakeNode node =
                WEIR.node(
                        "n",
                        connection -> {
                            connection.send("told " + Dialogues.line(connection));
                            connection.drain();
                        });
        RunningWeir weir =
                WEIR.start(
                        config("server-first", node)
                                .global("trusted-proxies: [127.0.0.1]")
                                .virtualServer("proxy-protocol: true")
                                .pool("proxy-protocol: v1"));
        String header = "PROXY TCP4 192.0.2.7 192.0.2.8 4711 25\r\n";
        RawClient client = client(weir).send(header);
        assertThat(client.exactly(5 + header.length())).isEqualTo("told " + header);
    }
}
