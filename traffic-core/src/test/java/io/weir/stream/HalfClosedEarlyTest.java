package io.weir.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.Await;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.RawClient;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.util.List;

/** Clients of TCP services that have nothing to say and end their direction at once. */
class HalfClosedEarlyTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    @Test
    void aConnectionEndsAlsoWhenItsFirstNodeHungUpAfterTheClientHadEnded() {
        // The node that does not greet sees the end of the client's direction; so does the next.
        FakeNode mute =
                WEIR.node(
                        "mute",
                        connection -> {
                            connection.drain();
                            connection.close();
                        });
        FakeNode alive =
                WEIR.node(
                        "alive",
                        connection -> {
                            connection.send("220 alive\r\n");
                            connection.drain();
                        });
        RunningWeir weir =
                WEIR.start(
                        ConfigText.of(mute, alive)
                                .virtualServer("protocol: server-first", "timeout: 60s")
                                .pool("retry-budget: 100", "node-connection-attempts: 100"));
        for (int i = 0; i < 8; i++) {
            RawClient client = WEIR.closing(RawClient.to(weir.port())).halfClose();
            assertThat(client.exactly(11)).isEqualTo("220 alive\r\n");
            assertThat(client.closedByPeer()).isTrue();
        }
        assertThat(mute.connections()).isPositive();
        Await.until("the connections to end", () -> weir.clientConnections() == 0);
        for (FakeNode node : List.of(mute, alive)) {
            String address = node.address();
            Await.until("no connection", () -> weir.node(address).connections() == 0);
            Await.until("nothing in flight", () -> weir.node(address).inFlight() == 0);
        }
    }
}
