package io.weir.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.runtime.DataPlane;
import io.weir.testkit.Await;
import io.weir.testkit.ConfigText;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.ShiftedTicker;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What a UDP service does with datagrams, sessions and nodes. */
class UdpTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private static UdpNode node(char mark) {
        return WEIR.closing(UdpNode.marking(mark));
    }

    private static ConfigText config(String protocol, UdpNode... nodes) {
        return ConfigText.ofNodes(Arrays.stream(nodes).map(UdpNode::address).toArray(String[]::new))
                .virtualServer("protocol: " + protocol);
    }

    /** A client whose socket takes answers only from the address that it asked. */
    private static DatagramSocket client(String host, int port) throws IOException {
        DatagramSocket socket = WEIR.closing(new DatagramSocket());
        socket.connect(new InetSocketAddress(host, port));
        socket.setSoTimeout((int) Await.DEADLINE.toMillis());
        return socket;
    }

    private static DatagramSocket client(RunningWeir weir) throws IOException {
        return client("127.0.0.1", weir.port());
    }

    private static void send(DatagramSocket client, String text) throws IOException {
        send(client, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void send(DatagramSocket client, byte[] bytes) throws IOException {
        client.send(new DatagramPacket(bytes, bytes.length));
    }

    private static byte[] receive(DatagramSocket client) throws IOException {
        byte[] buffer = new byte[65535];
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        client.receive(packet);
        return Arrays.copyOf(buffer, packet.getLength());
    }

    private static String answer(DatagramSocket client) throws IOException {
        return new String(receive(client), StandardCharsets.ISO_8859_1);
    }

    /** A DNS question, or with {@code 0x80} as flags an answer. */
    private static byte[] dns(int id, int flags) {
        return ByteBuffer.allocate(17)
                .putShort((short) id)
                .put((byte) flags)
                .put(new byte[14])
                .array();
    }

    // ---- datagrams

    @Test
    void aDatagramIsAnsweredWhateverItsLength() throws Exception {
        for (String transport : List.of("auto", "nio")) {
            RunningWeir weir =
                    WEIR.start(config("udp", node('a')).global("transport: " + transport));
            DatagramSocket client = client(weir);
            for (int length : new int[] {1, 100, 1472, 9000, 60000}) {
                byte[] datagram = new byte[length];
                Arrays.fill(datagram, (byte) 'x');
                send(client, datagram);
                assertThat(receive(client)).hasSize(length + 1).endsWith('a');
            }
        }
    }

    @Test
    void anEmptyDatagramDoesNoHarm() throws Exception {
        UdpNode node = node('a');
        RunningWeir weir = WEIR.start(config("udp", node));
        DatagramSocket client = client(weir);
        send(client, "");
        send(client, "x");
        assertThat(answer(client)).isEqualTo("xa");
        assertThat(node.received()).isEqualTo(1);
        Await.until("the session to end", () -> weir.clientConnections() == 0);
    }

    @Test
    void theAnswerLeavesFromTheAddressThatWasAsked() throws Exception {
        RunningWeir weir = WEIR.start(config("udp", node('a')).listen("'*:0'"));
        for (String asked : List.of("127.0.0.1", "127.0.0.2", "127.0.7.7", "127.0.0.2")) {
            // The socket is connected: an answer from elsewhere would not be taken.
            DatagramSocket client = client(asked, weir.port());
            send(client, asked);
            assertThat(answer(client)).isEqualTo(asked + "a");
            send(client, "again " + asked);
            assertThat(answer(client)).isEqualTo("again " + asked + "a");
        }
    }

    @Test
    void anAddressThatIsFoundLaterHasRoomForAsManySessionsAsOthers() throws Exception {
        UdpNode silent = WEIR.closing(UdpNode.start(question -> List.of()));
        RunningWeir weir =
                WEIR.start(
                        config("udp", silent)
                                .listen("'*:0'")
                                .global("event-loops: 2")
                                .virtualServer("udp: {max-sessions: 20, timeout: 60s}"));
        Await.until(
                "sessions of both event loops",
                () -> {
                    try {
                        send(client("127.0.9.9", weir.port()), "x");
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                    return weir.clientConnections() > 10;
                });
    }

    @Test
    void tenThousandQuestionsOfAHundredPortsAreAnswered() throws Exception {
        UdpNode node = WEIR.closing(UdpNode.start(q -> List.of(answered(q))));
        RunningWeir weir = WEIR.start(config("dns", node));
        List<Future<Integer>> counts = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 100; i++) {
                Callable<Integer> asking = () -> questions(weir, 100);
                counts.add(threads.submit(asking));
            }
            int answers = 0;
            for (Future<Integer> count : counts) {
                answers += count.get();
            }
            assertThat(answers).isGreaterThanOrEqualTo(9990);
        }
        Await.until("the sessions to end", () -> weir.clientConnections() == 0);
        Await.until("the node to be left", () -> weir.node(node.address()).connections() == 0);
        assertThat(weir.node(node.address()).inFlight()).isZero();
    }

    private static int questions(RunningWeir weir, int count) throws IOException {
        int answers = 0;
        try (DatagramSocket client = new DatagramSocket()) {
            client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), weir.port()));
            client.setSoTimeout(30_000);
            for (int id = 0; id < count; id++) {
                send(client, dns(id, 1));
                try {
                    byte[] answer = receive(client);
                    answers += ByteBuffer.wrap(answer).getShort() == id ? 1 : 0;
                } catch (SocketTimeoutException lost) {
                    // Counts as not answered.
                }
            }
        }
        return answers;
    }

    private static byte[] answered(byte[] question) {
        byte[] answer = question.clone();
        answer[2] |= (byte) 0x80;
        return answer;
    }

    // ---- sessions

    @Test
    void twoQuestionsAtOnceAreBothAnswered() throws Exception {
        UdpNode node = WEIR.closing(UdpNode.start(q -> List.of()));
        List<byte[]> asked = new ArrayList<>();
        node.behave(
                q -> {
                    asked.add(answered(q));
                    return asked.size() < 2 ? List.of() : List.of(asked.get(1), asked.get(0));
                });
        RunningWeir weir = WEIR.start(config("dns", node));
        DatagramSocket client = client(weir);
        send(client, dns(1, 1));
        send(client, dns(2, 1));
        assertThat(List.of((int) receive(client)[1], (int) receive(client)[1]))
                .containsExactly(2, 1);
        Await.until("the session to end", () -> weir.clientConnections() == 0);
    }

    @Test
    void anAnswerToNoQuestionIsNotPassedOn() throws Exception {
        UdpNode node =
                WEIR.closing(
                        UdpNode.start(
                                q -> {
                                    byte[] forged = answered(q);
                                    forged[1]++;
                                    return List.of(forged, new byte[3], answered(q));
                                }));
        RunningWeir weir = WEIR.start(config("dns", node));
        DatagramSocket client = client(weir);
        send(client, dns(7, 1));
        assertThat(receive(client)).isEqualTo(answered(dns(7, 1)));
        client.setSoTimeout(200);
        assertThat(nothingComes(client)).isTrue();
    }

    @Test
    void whatIsNoQuestionDoesNotReachANameServer() throws Exception {
        UdpNode node = WEIR.closing(UdpNode.start(q -> List.of(answered(q))));
        RunningWeir weir = WEIR.start(config("dns", node));
        DatagramSocket client = client(weir);
        send(client, "short");
        send(client, "");
        send(client, dns(5, 0x80));
        send(client, dns(6, 1));
        assertThat(receive(client)).isEqualTo(answered(dns(6, 1)));
        assertThat(node.received()).isEqualTo(1);
        assertThat(node.datagrams().getFirst()).isEqualTo(dns(6, 1));
    }

    private static boolean nothingComes(DatagramSocket client) throws IOException {
        try {
            receive(client);
            return false;
        } catch (SocketTimeoutException nothing) {
            return true;
        }
    }

    @Test
    void aSessionKeepsItsNodeAndIsForgottenWhenNothingMoves() throws Exception {
        UdpNode a = node('a');
        UdpNode b = node('b');
        ShiftedTicker clock = new ShiftedTicker();
        RunningWeir weir =
                WEIR.start(
                        config("udp", a, b)
                                .virtualServer("udp: {timeout: 1h, responses-expected: -1}"),
                        clock);
        DatagramSocket client = client(weir);
        Set<String> answers = new HashSet<>();
        for (int i = 0; i < 10; i++) {
            send(client, "x");
            answers.add(answer(client));
            clock.advance(Duration.ofMinutes(40));
        }
        assertThat(answers).hasSize(1);
        assertThat(weir.clientConnections()).isEqualTo(1);
        clock.advance(Duration.ofMinutes(30));
        Await.until("the session to be forgotten", () -> weir.clientConnections() == 0);
    }

    @Test
    void answeredSessionsAreSharedOut() throws Exception {
        RunningWeir weir = WEIR.start(config("udp", node('a'), node('b')));
        DatagramSocket client = client(weir);
        Set<String> answers = new HashSet<>();
        for (int i = 0; i < 10; i++) {
            send(client, "x");
            answers.add(answer(client));
        }
        assertThat(answers).containsExactlyInAnyOrder("xa", "xb");
    }

    @Test
    void theSourceAddressKeepsItsNodeWithConsistentHash() throws Exception {
        UdpNode[] nodes = {node('a'), node('b'), node('c')};
        RunningWeir weir = WEIR.start(config("udp", nodes).pool("algorithm: consistent-hash"));
        Set<String> answers = new HashSet<>();
        for (int i = 0; i < 10; i++) {
            DatagramSocket client = client(weir);
            send(client, "x");
            answers.add(answer(client));
            // A node that is busy beyond its share is passed over, and that is not the question.
            Await.until("the session to end", () -> inFlight(weir, nodes) == 0);
        }
        assertThat(answers).hasSize(1);
    }

    private static int inFlight(RunningWeir weir, UdpNode... nodes) {
        return Arrays.stream(nodes).mapToInt(node -> weir.node(node.address()).inFlight()).sum();
    }

    @Test
    void theSourceAddressKeepsItsNodeWithPersistence() throws Exception {
        RunningWeir weir =
                WEIR.start(
                        config("udp", node('a'), node('b')).pool("persistence: by-address")
                                + "persistence-classes: {by-address: {type: ip}}\n");
        Set<String> answers = new HashSet<>();
        for (int i = 0; i < 10; i++) {
            DatagramSocket client = client(weir);
            send(client, "x");
            answers.add(answer(client));
        }
        assertThat(answers).hasSize(1);
    }

    @Test
    void aFullTableDropsNewClientsAndCountsThem() throws Exception {
        UdpNode node = WEIR.closing(UdpNode.start(q -> List.of()));
        RunningWeir weir =
                WEIR.start(
                        config("udp", node)
                                .global("event-loops: 1")
                                .virtualServer("udp: {max-sessions: 3, timeout: 60s}"));
        for (int i = 0; i < 10; i++) {
            send(client(weir), "x" + i);
        }
        Await.until(
                "the drops to be counted",
                () -> weir.plane().status().virtualServers().getFirst().errors() == 7);
        assertThat(weir.clientConnections()).isEqualTo(3);
        Await.until("those to arrive", () -> node.received() == 3);
    }

    @Test
    void anIdleSessionMakesRoomForANewClient() throws Exception {
        RunningWeir weir =
                WEIR.start(
                        config("udp", node('a'))
                                .global("event-loops: 1")
                                .virtualServer(
                                        "udp: {max-sessions: 3, timeout: 60s,"
                                                + " responses-expected: -1}"));
        for (int i = 0; i < 10; i++) {
            DatagramSocket client = client(weir);
            send(client, "x");
            assertThat(answer(client)).isEqualTo("xa");
        }
        assertThat(weir.clientConnections()).isEqualTo(3);
    }

    // ---- nodes

    @Test
    void aPortWhereNobodyListensIsNotNoticedByClients() throws Exception {
        UdpNode dead = WEIR.closing(UdpNode.refusing());
        UdpNode alive = node('a');
        RunningWeir weir = WEIR.start(config("udp", dead, alive).pool("retry-budget: 100"));
        for (int i = 0; i < 20; i++) {
            DatagramSocket client = client(weir);
            send(client, "x");
            assertThat(answer(client)).isEqualTo("xa");
        }
        assertThat(weir.node(dead.address()).health()).isEqualTo("down");
    }

    @Test
    void aNodeThatDoesNotAnswerInTimeCountsAsFailed() throws Exception {
        UdpNode silent = WEIR.closing(UdpNode.start(q -> List.of()));
        RunningWeir weir =
                WEIR.start(
                        config("udp", silent)
                                .virtualServer("udp: {response-timeout: 100ms}")
                                .pool("node-connection-attempts: 2"));
        send(client(weir), "x");
        send(client(weir), "y");
        Await.until(
                "the node to be condemned",
                () -> weir.node(silent.address()).health().equals("down"));
    }

    @Test
    void onlyTheNodeMayAnswerUnlessOthersAreAllowedTo() throws Exception {
        try (DatagramSocket real = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                DatagramSocket other = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            for (String from : List.of("dest-only", "dest-ip-only", "all")) {
                RunningWeir weir =
                        WEIR.start(
                                ConfigText.ofNodes("127.0.0.1:" + real.getLocalPort())
                                        .virtualServer(
                                                "protocol: udp",
                                                "udp: {accept-from: " + from + "}"));
                DatagramSocket client = client(weir);
                send(client, "who answers?");
                byte[] buffer = new byte[100];
                DatagramPacket question = new DatagramPacket(buffer, buffer.length);
                real.receive(question);
                byte[] forged = {'o'};
                other.send(new DatagramPacket(forged, 1, question.getSocketAddress()));
                byte[] genuine = {'r'};
                if (from.equals("dest-only")) {
                    real.send(new DatagramPacket(genuine, 1, question.getSocketAddress()));
                }
                assertThat(answer(client)).isEqualTo(from.equals("dest-only") ? "r" : "o");
            }
        }
    }

    @Test
    void whoeverIsInTheMaskMayAnswerAndNobodyElse() throws Exception {
        InetAddress helping = InetAddress.ofLiteral("127.0.0.2");
        try (DatagramSocket asked = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                DatagramSocket helper = new DatagramSocket(0, helping)) {
            RunningWeir weir =
                    WEIR.start(
                            ConfigText.ofNodes("127.0.0.1:" + asked.getLocalPort())
                                    .virtualServer(
                                            "protocol: udp",
                                            "udp: {accept-from: ip-mask,"
                                                    + " accept-from-mask: [127.0.0.2/31]}"));
            DatagramSocket client = client(weir);
            send(client, "who answers?");
            DatagramPacket question = new DatagramPacket(new byte[100], 100);
            asked.receive(question);
            byte[] outside = {'o'};
            asked.send(new DatagramPacket(outside, 1, question.getSocketAddress()));
            byte[] inside = {'i'};
            helper.send(new DatagramPacket(inside, 1, question.getSocketAddress()));
            assertThat(answer(client)).isEqualTo("i");
        }
    }

    @Test
    void datagramsThatAreTakenTogetherStayApart() throws Exception {
        UdpNode node =
                WEIR.closing(
                        UdpNode.start(
                                q ->
                                        List.of(
                                                (q.length + " " + q[q.length - 1])
                                                        .getBytes(StandardCharsets.US_ASCII))));
        RunningWeir weir =
                WEIR.start(
                        config("udp", node)
                                .global("event-loops: 1")
                                .virtualServer("udp: {responses-expected: -1}"));
        int[] lengths = {1, 9000, 2, 4096, 4097, 30000, 3, 1472, 5, 20000, 6, 7, 8, 100};
        List<DatagramSocket> clients = new ArrayList<>();
        for (int c = 0; c < 2; c++) {
            clients.add(client(weir));
        }
        // While the event loop is at the first ones, the others queue up.
        for (int i = 0; i < lengths.length; i++) {
            byte[] datagram = new byte[lengths[i]];
            Arrays.fill(datagram, (byte) i);
            send(clients.get(i % 2), datagram);
        }
        for (int c = 0; c < 2; c++) {
            Set<String> answers = new HashSet<>();
            Set<String> expected = new HashSet<>();
            for (int i = c; i < lengths.length; i += 2) {
                answers.add(answer(clients.get(c)));
                expected.add(lengths[i] + " " + i);
            }
            assertThat(answers).isEqualTo(expected);
        }
    }

    // ---- beside TCP, and changes

    @Test
    void udpAndTcpMayHaveTheSamePort() throws Exception {
        UdpNode node = node('a');
        var tcp = WEIR.node("n", Dialogues.answeringLines());
        RunningWeir weir = onOnePort(node, tcp.address());
        int port = weir.port();
        try (var client = io.weir.testkit.RawClient.to(port)) {
            assertThat(client.send("x\r\n").exactly(8)).isEqualTo("OK n x\r\n");
        }
        DatagramSocket client = client("127.0.0.1", weir.port());
        send(client, "x");
        assertThat(answer(client)).isEqualTo("xa");
    }

    /** Tries other ports while the one of the UDP service is taken, for TCP, by a stranger. */
    private static RunningWeir onOnePort(UdpNode node, String tcpNode) throws Exception {
        for (int attempt = 1; ; attempt++) {
            RunningWeir weir = WEIR.start(config("udp", node));
            DataPlane.ApplyResult result =
                    weir.tryApply(
                            """
                            global: {admin: off}
                            virtual-servers:
                              web: {protocol: udp, listen: "127.0.0.1:0", pool: [UDP]}
                              tcp: {protocol: client-first, listen: "127.0.0.1:PORT", pool: [TCP]}
                            """
                                    .replace("UDP", node.address())
                                    .replace("TCP", tcpNode)
                                    .replace("PORT", String.valueOf(weir.port())));
            if (result.applied()) {
                return weir;
            }
            assertThat(attempt).as("%s", result).isLessThan(20);
            assertThat(result.toString()).contains("in use");
        }
    }

    @Test
    void aListenerThatGoesIsGone() throws Exception {
        UdpNode node = node('a');
        RunningWeir weir = WEIR.start(config("udp", node));
        DatagramSocket client = client(weir);
        send(client, "x");
        assertThat(answer(client)).isEqualTo("xa");
        weir.apply("global: {admin: off}\n");
        client.setSoTimeout(300);
        send(client, "y");
        boolean silent;
        try {
            silent = nothingComes(client);
        } catch (java.net.PortUnreachableException refused) {
            silent = true;
        }
        assertThat(silent).isTrue();
        assertThat(node.received()).isEqualTo(1);
    }

    // ---- protection

    @Test
    void aProtectionClassCountsSessionsAndKnowsWhomToLeaveOut() throws Exception {
        UdpNode node = node('a');
        RunningWeir weir =
                WEIR.start(
                        config("udp", node)
                                        .virtualServer(
                                                "protection: guard",
                                                "udp: {responses-expected: -1, timeout: 1h}")
                                + "\nprotection-classes: {guard: {max-1-connections: 2,"
                                + " banned: [127.0.0.8]}}\n");
        DatagramSocket first = client(weir);
        DatagramSocket second = client(weir);
        DatagramSocket third = client(weir);
        for (DatagramSocket client : List.of(first, second, first)) {
            send(client, "x");
            assertThat(answer(client)).isEqualTo("xa");
        }
        DatagramSocket banned =
                WEIR.closing(
                        new DatagramSocket(0, InetAddress.getByAddress(new byte[] {127, 0, 0, 8})));
        banned.connect(InetAddress.getLoopbackAddress(), weir.port());
        send(third, "y");
        send(banned, "z");
        Await.until("two refusals", () -> Objects.equals(guard(weir).refused().get("banned"), 1L));
        Await.until(
                "two refusals",
                () -> Objects.equals(guard(weir).refused().get("connections-1"), 1L));
        assertThat(guard(weir).connections()).isEqualTo(2);
        assertThat(weir.clientConnections()).isEqualTo(2);

        weir.apply(config("udp", node).toString());
        send(third, "y");
        assertThat(answer(third)).isEqualTo("ya");
    }

    private static DataPlane.ProtectionStatus guard(RunningWeir weir) {
        return weir.plane().status().classes().protection().getFirst();
    }
}
