package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.runtime.DataPlane.BandwidthStatus;
import io.weir.testkit.Await;
import io.weir.testkit.Behaviour;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedResponse;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Bandwidth classes over real sockets: nothing goes faster, and nothing is lost. */
class BandwidthTest {

    private static final int SIZE = 150_000;
    private static final String CLASSES = "\nbandwidth-classes: {link: {maximum: 4000}}\n";

    /** Bytes in a second at 4000 kilobits, and what may come at once. */
    private static final double RATE = 500_000;

    private static final int BURST = 25_000;

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private static FakeNode withLargeAnswers() {
        String body = "0123456789".repeat(SIZE / 10);
        return WEIR.node(
                "n",
                Behaviour.saying("HTTP/1.1 200 OK\r\nContent-Length: " + SIZE + "\r\n\r\n" + body));
    }

    private static void isNotFaster(long begun, int bytes) {
        double seconds = (System.nanoTime() - begun) / 1e9;
        assertThat(seconds).as("seconds for " + bytes).isGreaterThan((bytes - BURST) / RATE);
    }

    @Test
    void downloadsShareTheClassAndComeWhole() {
        RunningWeir weir =
                WEIR.start(
                        ConfigText.of(withLargeAnswers()).virtualServer("bandwidth: link")
                                + CLASSES);
        long begun = System.nanoTime();
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String connection = i % 2 == 0 ? "" : "Connection: close\r\n";
            clients.add(
                    WEIR.closing(RawClient.to(weir.port()))
                            .send("GET / HTTP/1.1\r\nHost: a\r\n" + connection + "\r\n"));
        }
        for (RawClient client : clients) {
            ReceivedResponse response = client.response("GET");
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.text()).hasSize(SIZE).endsWith("456789");
        }
        isNotFaster(begun, 4 * SIZE);
        assertThat(clients.get(1).closedByPeer()).isTrue();
        BandwidthStatus link = weir.plane().status().classes().bandwidth().getFirst();
        assertThat(link.bytes()).isGreaterThan(4L * SIZE);
        clients.forEach(RawClient::close);
        Await.until(
                "no connection to be left",
                () -> weir.plane().status().classes().bandwidth().getFirst().connections() == 0);
    }

    @Test
    void uploadsAreHeldBackOnTheirWayToNodes() {
        FakeNode node = WEIR.node("n");
        RunningWeir weir = WEIR.start(ConfigText.of(node).pool("bandwidth: link") + CLASSES);
        RawClient client = WEIR.closing(RawClient.to(weir.port()));
        long begun = System.nanoTime();
        ReceivedResponse response =
                client.exchange(
                        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: "
                                + SIZE
                                + "\r\n\r\n"
                                + "x".repeat(SIZE));
        assertThat(response.text()).hasSize(SIZE);
        isNotFaster(begun, SIZE);
    }

    @Test
    void tcpServicesAreHeldBackAndEndWhole() {
        FakeNode node =
                WEIR.node(
                        "n",
                        connection -> {
                            connection.send("y".repeat(SIZE).getBytes(StandardCharsets.US_ASCII));
                            connection.close();
                        });
        RunningWeir weir =
                WEIR.start(
                        ConfigText.of(node).virtualServer("protocol: stream", "bandwidth: link")
                                + CLASSES);
        long begun = System.nanoTime();
        RawClient client = WEIR.closing(RawClient.to(weir.port()));
        assertThat(client.rest()).hasSize(SIZE);
        isNotFaster(begun, SIZE);
    }

    @Test
    void whoLeavesInTheMiddleLeavesNothingBehind() {
        RunningWeir weir =
                WEIR.start(
                        ConfigText.of(withLargeAnswers()).virtualServer("bandwidth: link")
                                + CLASSES);
        RawClient client = WEIR.closing(RawClient.to(weir.port()));
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(client.some(100)).isNotEmpty();
        client.reset();
        Await.until(
                "no connection to be left",
                () -> weir.plane().status().classes().bandwidth().getFirst().connections() == 0);
        Await.until("nobody to wait", () -> weir.clientConnections() == 0);
    }
}
