package io.weir.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.NodeAddress;
import io.weir.explain.ConnectionList;
import io.weir.explain.ConnectionQuery;
import io.weir.explain.ConnectionState;
import io.weir.explain.ConnectionView;
import io.weir.testkit.Await;
import io.weir.testkit.Behaviour;
import io.weir.testkit.FakeNode;
import io.weir.testkit.RawClient;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Five hundred connections that are open, and five hundred exchanges that have just ended. */
class ManyConnectionsTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String GET = "GET /where?secret=word HTTP/1.1\r\nHost: a.example\r\n\r\n";

    private final FakeNode quick = WEIR.node("quick");
    private final FakeNode stuck = WEIR.node("stuck", Behaviour.silent());
    private final FakeNode full = WEIR.node("full", Behaviour.silent());
    private final FakeNode refusing = WEIR.closing(FakeNode.refusing("refusing"));
    private final RunningWeir weir =
            WEIR.start(
                    """
                    global: {admin: off, metrics: off}
                    virtual-servers:
                      quick: {listen: 127.0.0.1:0, pool: quick}
                      stuck: {listen: 127.0.0.1:0, pool: stuck}
                      full: {listen: 127.0.0.1:0, pool: full}
                      broken: {listen: 127.0.0.1:0, pool: broken}
                    pools:
                      quick: {nodes: [%s]}
                      stuck: {nodes: [%s]}
                      full: {nodes: [%s], max-transactions-per-node: 1, queue-timeout: 1h}
                      broken: {nodes: [%s], passive-monitoring: false}
                    """
                            .formatted(
                                    quick.address(),
                                    stuck.address(),
                                    full.address(),
                                    refusing.address()));
    private final List<RawClient> open = new ArrayList<>();

    private ConnectionList of(
            @Nullable ConnectionState state, @Nullable FakeNode node, boolean ended) {
        return weir.plane()
                .connections(
                        new ConnectionQuery(
                                null,
                                node == null ? null : new NodeAddress("127.0.0.1", node.port()),
                                null,
                                state,
                                1000,
                                ended));
    }

    private void opened(String server, int count, String sent, boolean answered) {
        for (int i = 0; i < count; i++) {
            RawClient client = RawClient.to(weir.port(server));
            open.add(client);
            if (answered) {
                assertThat(client.exchange(sent).status()).isEqualTo(200);
            } else {
                client.send(sent);
            }
        }
    }

    private static Set<String> clients(ConnectionList list) {
        return list.connections().stream().map(ConnectionView::client).collect(Collectors.toSet());
    }

    private Set<String> opened(int from, int to) {
        return open.subList(from, to).stream()
                .map(client -> "127.0.0.1:" + client.localPort())
                .collect(Collectors.toSet());
    }

    @Test
    void eachIsToldWithItsStateAndFiltersFindJustThoseThatWerePrepared() {
        Instant before = Instant.now();
        try {
            opened("quick", 150, GET, true);
            opened("quick", 100, "POST / HT", false);
            opened("stuck", 150, GET, false);
            opened("full", 100, GET, false);
            for (int i = 0; i < 5; i++) {
                try (RawClient client = RawClient.to(weir.port("quick"));
                        RawClient unlucky = RawClient.to(weir.port("broken"))) {
                    for (int k = 0; k < 20; k++) {
                        assertThat(client.exchange(GET).status()).isEqualTo(200);
                    }
                    for (int k = 0; k < 50; k++) {
                        assertThat(unlucky.exchange(GET).status()).isEqualTo(503);
                    }
                }
            }
            Await.until(
                    "all to be where they stay",
                    PATIENCE,
                    () ->
                            of(null, null, true).total() == 1000
                                    && of(ConnectionState.READING_FROM_NODE, null, false).total()
                                            == 151);
            ConnectionList all = of(null, null, true);
            assertThat(all.ended()).isEqualTo(500);
            assertThat(all.connections()).hasSize(1000);

            assertThat(clients(of(ConnectionState.KEEPING_ALIVE, null, true)))
                    .isEqualTo(opened(0, 150));
            assertThat(clients(of(ConnectionState.READING_FROM_CLIENT, null, true)))
                    .isEqualTo(opened(150, 250));
            assertThat(clients(of(null, stuck, true))).isEqualTo(opened(250, 400));
            assertThat(of(ConnectionState.CONNECTING_TO_NODE, null, true).total()).isEqualTo(99);
            assertThat(of(ConnectionState.READING_FROM_NODE, full, true).total()).isEqualTo(1);

            ConnectionList good = of(ConnectionState.ENDED, quick, false);
            assertThat(good.total()).isEqualTo(250);
            for (ConnectionView x : good.connections()) {
                assertThat(x.status()).isEqualTo(200);
                assertThat(x.url()).isEqualTo("a.example/where?secret=");
                assertThat(x.pool()).isEqualTo("quick");
                assertThat(x.bytesIn()).isEqualTo(GET.length());
                assertThat(x.bytesOut()).isGreaterThan(5);
                assertThat(x.since())
                        .isBetween(before.minusSeconds(1), Instant.now().plusSeconds(1));
                Instant ended = Instant.now().minusMillis(x.idleMillis());
                assertThat(ended).isAfter(x.since().minusSeconds(1));
            }
            assertThat(of(ConnectionState.ENDED, null, false).connections())
                    .filteredOn(x -> x.virtualServer().equals("broken"))
                    .hasSize(250)
                    .allMatch(x -> x.status() == 503);
        } finally {
            open.forEach(RawClient::close);
        }
    }
}
