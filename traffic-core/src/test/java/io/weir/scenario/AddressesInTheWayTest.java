package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.netty.channel.epoll.Epoll;
import io.weir.runtime.DataPlane;
import io.weir.testkit.FakeNode;
import io.weir.testkit.RawClient;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** A configuration asks for an address on which this Weir itself listens, by another name. */
class AddressesInTheWayTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private static String config(String listen, String metrics, int loops, FakeNode node) {
        return """
        virtual-servers: {web: {listen: "%s", pool: web}}
        pools: {web: {nodes: ["%s"]}}
        global: {metrics: "%s", event-loops: %d}
        """
                .formatted(listen, node.address(), metrics, loops);
    }

    @Test
    void aListenerMovesToEveryAddressAndBackWithoutLettingGoOfItsPort() {
        assumeThat(Epoll.isAvailable()).as("sockets share ports").isTrue();
        FakeNode node = WEIR.node("node");
        // On every address first: a port that is free on one may be taken on another.
        RunningWeir weir = WEIR.start(config("*:0", "off", 2, node));
        int port = weir.port();
        for (String listen : new String[] {"127.0.0.1:" + port, "*:" + port, "0.0.0.0:" + port}) {
            weir.apply(config(listen, "off", 2, node));
            try (RawClient client = RawClient.to(port)) {
                assertThat(client.exchange(GET).status()).as(listen).isEqualTo(200);
            }
        }
    }

    @Test
    void whereSocketsDoNotShareAPortItIsSaidWhoHoldsIt() {
        FakeNode node = WEIR.node("node");
        RunningWeir weir = WEIR.start(config("127.0.0.1:0", "off", 1, node));
        int port = weir.port();

        DataPlane.ApplyResult result = weir.tryApply(config("*:" + port, "off", 1, node));

        assertThat(result.applied()).isFalse();
        assertThat(result.objects().toString())
                .contains("cannot listen on *:" + port)
                .contains("this Weir itself listens there")
                .contains("(virtual server web on 127.0.0.1:");
        try (RawClient client = RawClient.to(port)) {
            assertThat(client.exchange(GET).status()).isEqualTo(200);
        }
    }

    @Test
    void whoeverTakesTheAddressOfTheMetricsOverIsToldSo() throws IOException {
        FakeNode node = WEIR.node("node");
        try (ServerSocket metrics = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + metrics.getLocalPort();
            RunningWeir weir = WEIR.start(config("127.0.0.1:0", address, 2, node));

            DataPlane.ApplyResult result = weir.tryApply(config(address, "off", 2, node));

            assertThat(result.applied()).isFalse();
            assertThat(result.objects().toString())
                    .contains("cannot listen on " + address)
                    .contains("(global.metrics on " + address + ")");
        }
    }
}
