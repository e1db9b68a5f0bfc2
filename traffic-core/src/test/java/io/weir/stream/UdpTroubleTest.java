package io.weir.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.Await;
import io.weir.testkit.ConfigText;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;

/** A UDP service where nodes cannot be sent to, where much comes at once, or from many. */
class UdpTroubleTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    /** The broadcast address of the loopback network: the kernel refuses to connect to it. */
    private static final String FORBIDDEN = "127.255.255.255:9";

    private static ConfigText config(String... nodes) {
        return ConfigText.ofNodes(nodes)
                .virtualServer("protocol: udp")
                .pool("retry-budget: 100", "node-connection-attempts: 100");
    }

    private static DatagramSocket client(String host, RunningWeir weir) throws IOException {
        DatagramSocket socket = WEIR.closing(new DatagramSocket());
        socket.setReceiveBufferSize(1 << 20);
        socket.connect(new InetSocketAddress(host, weir.port()));
        socket.setSoTimeout((int) Await.DEADLINE.toMillis());
        return socket;
    }

    private static void send(DatagramSocket client, byte[] datagram) throws IOException {
        client.send(new DatagramPacket(datagram, datagram.length));
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static int received(DatagramSocket client) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[65535], 65535);
        client.receive(packet);
        return packet.getLength();
    }

    @Test
    void aNodeThatTheKernelRefusesIsNotNoticedByClients() throws Exception {
        UdpNode alive = WEIR.closing(UdpNode.marking('a'));
        for (String transport : List.of("auto", "nio")) {
            RunningWeir weir =
                    WEIR.start(
                            config(FORBIDDEN, alive.address()).global("transport: " + transport));
            for (int i = 0; i < 10; i++) {
                DatagramSocket client = client("127.0.0.1", weir);
                send(client, text("x"));
                assertThat(received(client)).isEqualTo(2);
            }
            Await.until("the sessions to end", () -> weir.clientConnections() == 0);
            left(weir, alive.address());
            left(weir, FORBIDDEN);
        }
    }

    @Test
    void whereEveryNodeIsRefusedByTheKernelNothingIsKept() throws Exception {
        RunningWeir weir = WEIR.start(config(FORBIDDEN));
        for (int i = 0; i < 10; i++) {
            send(client("127.0.0.1", weir), text("x"));
        }
        Await.until(
                "the failures to be counted",
                () -> weir.plane().status().virtualServers().getFirst().errors() == 10);
        Await.until("no client to be left", () -> weir.clientConnections() == 0);
        left(weir, FORBIDDEN);
    }

    private static void left(RunningWeir weir, String node) {
        Await.until(
                node + " to be left",
                () -> weir.node(node).connections() == 0 && weir.node(node).inFlight() == 0);
    }

    @Test
    void aDatagramThatFitsIntoNoneOfTheNodesIsNotTheirFault() throws Exception {
        UdpNode node = WEIR.closing(UdpNode.marking('a'));
        RunningWeir weir =
                WEIR.start(
                        ConfigText.ofNodes(node.address())
                                .listen("'[::1]:0'")
                                .virtualServer("protocol: udp", "udp: {timeout: 1s}")
                                .pool("node-connection-attempts: 1"));
        DatagramSocket client = client("::1", weir);
        // IPv6 carries twenty bytes more than IPv4 can.
        for (int i = 0; i < 3; i++) {
            send(client, new byte[65527]);
        }
        send(client, text("x"));
        assertThat(received(client)).isEqualTo(2);
        assertThat(weir.node(node.address()).health()).isNotEqualTo("down");
        Await.until("the session to end", () -> weir.clientConnections() == 0);
        assertThat(node.received()).isEqualTo(1);
    }

    @Test
    void muchAtOnceReachesTheNodeAsItCame() throws Exception {
        UdpNode node = WEIR.closing(UdpNode.start(q -> List.of()));
        RunningWeir weir =
                WEIR.start(
                        config(node.address())
                                .global("event-loops: 1")
                                .virtualServer("udp: {responses-expected: -1}"));
        DatagramSocket client = client("127.0.0.1", weir);
        for (int round = 1; round <= 20; round++) {
            for (int i = 0; i < 12; i++) {
                send(client, new byte[9000]);
            }
            int expected = round * 12;
            Await.until("all to arrive", () -> node.received() == expected);
        }
    }

    @Test
    void muchAtOnceReachesTheClientAsItCame() throws Exception {
        UdpNode node = WEIR.closing(UdpNode.start(q -> Collections.nCopies(12, new byte[9000])));
        RunningWeir weir =
                WEIR.start(
                        config(node.address())
                                .global("event-loops: 1")
                                .virtualServer("udp: {responses-expected: -1}"));
        DatagramSocket client = client("127.0.0.1", weir);
        for (int round = 0; round < 20; round++) {
            send(client, text("more"));
            for (int i = 0; i < 12; i++) {
                assertThat(received(client)).isEqualTo(9000);
            }
        }
    }

    @Test
    void theMostSessionsAreThoseOfAllAddressesTogether() throws Exception {
        UdpNode node = WEIR.closing(UdpNode.start(q -> List.of()));
        RunningWeir weir =
                WEIR.start(
                        config(node.address())
                                .global("event-loops: 1")
                                .listen("'*:0'")
                                .virtualServer("udp: {max-sessions: 3, timeout: 60s}"));
        for (int i = 0; i < 12; i++) {
            send(client("127.0.0." + (1 + i % 4), weir), text("x"));
        }
        Await.until(
                "the drops to be counted",
                () -> weir.plane().status().virtualServers().getFirst().errors() == 9);
        assertThat(weir.clientConnections()).isEqualTo(3);
        Await.until("those to arrive", () -> node.received() == 3);
    }

    @Test
    void anIdleSessionOfAnotherAddressMakesRoomForANewClient() throws Exception {
        UdpNode node = WEIR.closing(UdpNode.marking('a'));
        RunningWeir weir =
                WEIR.start(
                        config(node.address())
                                .global("event-loops: 1")
                                .listen("'*:0'")
                                .virtualServer(
                                        "udp: {max-sessions: 3, timeout: 60s,"
                                                + " responses-expected: -1}"));
        for (int i = 0; i < 12; i++) {
            DatagramSocket client = client("127.0.0." + (1 + i / 3), weir);
            send(client, text("x"));
            assertThat(received(client)).isEqualTo(2);
        }
        assertThat(weir.clientConnections()).isEqualTo(3);
    }
}
