package io.weir.soap;

import static io.weir.soap.SoapRig.list;
import static io.weir.soap.SoapRig.lists;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.metrics.RuleFamilies;
import io.weir.testkit.Await;
import io.weir.testkit.FakeNode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** What the control API tells of requests that are over, and of those that run on nodes. */
class ObservedTrafficTest {

    private static final String REQUEST =
            "GET /cart?id=7 HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n";

    private static final byte[] ANSWER =
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII);

    @TempDir Path directory;
    private final FakeNode node = FakeNode.answering("n");

    /** Until then nodes keep long requests waiting. */
    private final CountDownLatch answer = new CountDownLatch(1);

    private SoapRig rig;

    @BeforeEach
    void start() throws Exception {
        rig =
                SoapRig.managed(
                        directory,
                        """
                        virtual-servers:
                          shop: {listen: "127.0.0.1:0", pool: web, explain: {sample: 1}}
                        pools:
                          web: {nodes: ["%s"]}
                        """
                                .formatted(node.address()));
    }

    @AfterEach
    void stop() {
        answer.countDown();
        rig.close();
        node.close();
    }

    private Socket connect() throws IOException {
        String listen =
                rig.control.status().plane().virtualServers().getFirst().listen().getFirst();
        int port = Integer.parseInt(listen.substring(listen.lastIndexOf(':') + 1));
        Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
        client.setSoTimeout(30_000);
        return client;
    }

    private void request() throws IOException {
        try (Socket client = connect()) {
            client.getOutputStream().write(REQUEST.getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void aRequestThatIsOverIsARecentConnection() throws Exception {
        request();

        Await.until(
                "the request is listed",
                () ->
                        rig.items("System.Connections.getAllConnections")
                                .contains("recent_connection"));
        assertThat(rig.items("System.Connections.getAllConnections"))
                .startsWith("[[127.0.0.1:")
                .contains(node.address() + ", recent_connection, shop, , web, ")
                .contains(", 200, shop/cart?id=")
                .doesNotContain("id=7");
    }

    @Test
    void whichConnectionsAreKeptIsSetByVirtualServer() {
        assertThat(rig.items("VirtualServer.getRecentConnsEnabled", list("shop")))
                .isEqualTo("[true]");
        assertThat(rig.items("VirtualServer.getRecentConnsSaveAll", list("shop")))
                .isEqualTo("[true]");

        rig.items("VirtualServer.setRecentConnsSaveAll", list("shop"), list("false"));
        assertThat(rig.items("VirtualServer.getRecentConnsSaveAll", list("shop")))
                .isEqualTo("[false]");
        assertThat(rig.items("VirtualServer.getRecentConnsEnabled", list("shop")))
                .isEqualTo("[true]");
        rig.items("VirtualServer.setRecentConnsEnabled", list("shop"), list("false"));
        assertThat(rig.items("VirtualServer.getRecentConnsEnabled", list("shop")))
                .isEqualTo("[false]");
        rig.items("VirtualServer.setRecentConnsEnabled", list("shop"), list("true"));
        assertThat(rig.items("VirtualServer.getRecentConnsEnabled", list("shop")))
                .isEqualTo("[true]");

        rig.items("GlobalSettings.setRecentConns", "<v>17</v>");
        assertThat(rig.items("GlobalSettings.getRecentConns")).isEqualTo("17");
        assertThat(rig.control.config().global().explain().maxExchanges()).isEqualTo(17);
    }

    @Test
    void whatRulesCountIsACounterOfTheUsers() {
        assertThat(rig.items("System.Stats.getUserCounters")).isEqualTo("[]");
        rig.metrics.addSource(
                sink -> {
                    sink.sample(RuleFamilies.COUNTER, 7, "orders");
                    sink.sample(RuleFamilies.COUNTER, 1L << 40, "bytes");
                });

        assertThat(rig.items("System.Stats.getUserCounterNumber")).isEqualTo("2");
        assertThat(rig.items("System.Stats.getUserCounters")).isEqualTo("[bytes, orders]");
        assertThat(rig.items("System.Stats.getUserCounterValue", list("orders"))).isEqualTo("[7]");
        assertThat(rig.items("System.Stats.getUserCounter64Value", list("bytes")))
                .isEqualTo("[1099511627776]");
        assertThat(Answers.fault(rig.call("System.Stats.getUserCounterValue", list("no"))))
                .startsWith("InvalidInput no");
    }

    /** The node, over all pools. */
    private String asked() {
        return "<n><i><Address>127.0.0.1</Address><Port>" + port() + "</Port></i></n>";
    }

    /** The node in its pool. */
    private String inPool() {
        return "<n><i><PoolName>web</PoolName><NodeAddress>127.0.0.1</NodeAddress><NodePort>"
                + port()
                + "</NodePort></i></n>";
    }

    private String port() {
        return node.address().substring(node.address().indexOf(':') + 1);
    }

    @Test
    void timesOfAnswersAndConnectionsAreToldOfNodes() throws Exception {
        assertThat(rig.items("System.Stats.getNodeResponseMean", asked())).isEqualTo("[0]");
        node.behave(
                connection -> {
                    while (connection.request() != null
                            && connection.linger(Duration.ofMillis(20))) {
                        connection.send(ANSWER);
                    }
                });
        request();
        request();

        Await.until(
                "the requests are counted",
                () -> rig.items("System.Stats.getPerPoolNodeTotalConn", inPool()).equals("[2]"));
        long least = number("System.Stats.getNodeResponseMin", asked());
        long mean = number("System.Stats.getPerPoolNodeResponseMean", inPool());
        long most = number("System.Stats.getNodeResponseMax", asked());
        // What is kept of a time is off by at most 3 %.
        assertThat(least).isGreaterThanOrEqualTo(19);
        assertThat(mean).isBetween(least, most);
        long opened = number("System.Stats.getNodeNewConn", asked());
        assertThat(opened).isBetween(1L, 2L);
        assertThat(number("System.Stats.getPerPoolNodePooledConn", inPool())).isEqualTo(2 - opened);
    }

    private long number(String operation, String asked) {
        return Long.parseLong(rig.items(operation, asked).replaceAll("[\\[\\]]", ""));
    }

    @Test
    void bytesAreCountedByNodeAndPool() throws Exception {
        request();
        String asked = asked();
        String inPool = inPool();

        Await.until(
                "the bytes are counted",
                () -> !rig.items("System.Stats.getNodeBytesToNode", asked).equals("[0]"));
        String to = rig.items("System.Stats.getNodeBytesToNode", asked);
        String from = rig.items("System.Stats.getNodeBytesFromNode", asked);
        assertThat(Long.parseLong(to.replaceAll("[\\[\\]]", ""))).isGreaterThan(40);
        assertThat(Long.parseLong(from.replaceAll("[\\[\\]]", ""))).isGreaterThan(40);
        assertThat(rig.items("System.Stats.getPerPoolNodeBytesToNode", inPool)).isEqualTo(to);
        assertThat(rig.items("System.Stats.getPerPoolNodeBytesFromNode", inPool)).isEqualTo(from);
        assertThat(rig.items("System.Stats.getPoolBytesOut", list("web"))).isEqualTo(to);
        assertThat(rig.items("System.Stats.getPoolBytesIn", list("web"))).isEqualTo(from);
    }

    /** Sends a request and waits until the node has it. */
    private Socket longRequest() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        node.behave(
                connection -> {
                    connection.head();
                    asked.countDown();
                    try {
                        answer.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    connection.send(ANSWER);
                });
        Socket client = connect();
        client.getOutputStream().write(REQUEST.getBytes(StandardCharsets.US_ASCII));
        asked.await();
        return client;
    }

    private void theRequestIsOnTheNodeUntilItEnds(Socket client) throws IOException {
        String asked = list(node.address());
        assertThat(rig.items("Pool.getNodesConnectionCounts", asked)).isEqualTo("[1]");
        assertThat(rig.items("Pool.getNodesLastUsed", asked)).isEqualTo("[0]");
        answer.countDown();
        assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .startsWith("HTTP/1.1 200 ");
        Await.until(
                "nothing to be on the node",
                () -> rig.items("Pool.getNodesConnectionCounts", asked).equals("[0]"));
    }

    @Test
    void requestsOfARenamedPoolAreOnItsNodes() throws Exception {
        try (Socket client = longRequest()) {
            rig.items("Pool.renamePool", list("web"), list("site"));
            theRequestIsOnTheNodeUntilItEnds(client);
        }
    }

    @Test
    void requestsOfANodeThatWasRemovedAndAddedAgainAreOnIt() throws Exception {
        try (Socket client = longRequest()) {
            rig.items("Pool.setNodes", list("web"), lists("127.0.0.1:1"));
            rig.items("Pool.setNodes", list("web"), lists(node.address()));
            theRequestIsOnTheNodeUntilItEnds(client);
        }
    }

    @Test
    void requestsOfAPoolThatHasTheNodeNoMoreAreOnItInTheOthers() throws Exception {
        rig.items("Pool.addPool", list("api"), lists(node.address()));
        try (Socket client = longRequest()) {
            rig.items("Pool.setNodes", list("web"), lists("127.0.0.1:1"));
            theRequestIsOnTheNodeUntilItEnds(client);
        }
    }

    @Test
    void aNodeThatNoPoolHasIsKnownWhileRequestsRunOnIt() throws Exception {
        String asked = list(node.address());
        try (Socket client = longRequest()) {
            rig.items("Pool.setNodes", list("web"), lists("127.0.0.1:1"));
            assertThat(rig.items("Pool.getNodesConnectionCounts", asked)).isEqualTo("[1]");
            answer.countDown();
            assertThat(client.getInputStream().readAllBytes()).isNotEmpty();
        }
        Await.until(
                "the node to be unknown",
                () ->
                        rig.call("Pool.getNodesConnectionCounts", asked)
                                .contains("could not be found in any pool"));
    }
}
