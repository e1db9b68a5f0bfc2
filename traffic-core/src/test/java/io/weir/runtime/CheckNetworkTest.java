package io.weir.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.config.DnsConfig;
import io.weir.event.EventBus;
import io.weir.monitor.Network;
import io.weir.pool.NodeNames;
import io.weir.wire.dns.DnsNames;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/** Checks ask for the names of nodes as pools do. */
@Timeout(60)
class CheckNetworkTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration MOMENT = Duration.ofMillis(20);
    private static final InetAddress HERE = InetAddress.ofLiteral("10.0.0.1");

    @Test
    void aNodeHasTheAddressesThatPoolsKnowItBy() throws Exception {
        CheckNetwork network = network(NodeNames.of(Map.of("node.test", List.of(HERE))));

        assertThat(network.addresses("node.test", LONG)).containsExactly(HERE);
        assertThatThrownBy(() -> network.addresses("other.test", LONG))
                .isInstanceOf(UnknownHostException.class)
                .hasMessage("other.test");
    }

    @Test
    void otherNamesAreThoseOfTheSystem() throws Exception {
        CheckNetwork network = network(NodeNames.of(Map.of("localhost", List.of(HERE))));

        assertThat(network.addresses("localhost", LONG)).allMatch(InetAddress::isLoopbackAddress);
    }

    @Test
    void addressesThatWereFoundStayWhileLookUpsFail() throws Exception {
        CheckNetwork network = network(new FailingNames());

        assertThat(network.addresses("node.test", LONG)).containsExactly(HERE);
    }

    @Test
    void aFirstLookUpIsWaitedForNoLongerThanTheCheckMayTake() throws Exception {
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                DnsNames names =
                        new DnsNames(
                                new DnsConfig(
                                        List.of("127.0.0.1:" + silent.getLocalPort()),
                                        LONG,
                                        LONG,
                                        LONG))) {
            CheckNetwork network = network(names);

            assertThatThrownBy(() -> network.addresses("node.test", MOMENT))
                    .isInstanceOf(TimeoutException.class);
        }
    }

    private static CheckNetwork network(NodeNames names) {
        CheckNetwork network = new CheckNetwork(names, Network.system(Runnable::run));
        network.nodes(Set.of("node.test", "other.test"));
        return network;
    }

    /** Names that were found once and are not any more. */
    private static final class FailingNames implements NodeNames {
        @Override
        public EventBus.Subscription follow(String host, Listener listener) {
            listener.found(List.of(HERE));
            listener.notFound("timeout");
            return () -> {};
        }

        @Override
        public boolean settle(Duration atMost) {
            return true;
        }
    }
}
