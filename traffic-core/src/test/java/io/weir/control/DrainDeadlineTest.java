package io.weir.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.NodeAddress;
import io.weir.config.NodeConfig.State;
import io.weir.config.Overlay;
import io.weir.config.OverlayEntry;
import io.weir.config.OverlayEntry.AtDeadline;
import io.weir.control.Safety.Verdict;
import io.weir.event.EventTag;
import io.weir.testkit.Await;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.RawClient;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.time.Duration;
import java.time.Instant;

/** When a drain was to be over, what runs on the node still is told, and cut if so wished. */
class DrainDeadlineTest {

    private static final Instant DEADLINE = Instant.ofEpochSecond(1_000_000_000);

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private final RecordingEvents events = new RecordingEvents();

    /** A node whose answer does not end. */
    private static FakeNode node() {
        return WEIR.node(
                "endless",
                connection -> {
                    if (connection.head() != null) {
                        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegun");
                        connection.some(1);
                    }
                });
    }

    private static RawClient served(RunningWeir weir) {
        RawClient client = WEIR.closing(RawClient.to(weir.port()));
        client.send("GET / HTTP/1.1\r\nHost: w\r\n\r\n");
        client.head("GET");
        client.exactly(5);
        return client;
    }

    /** A drain whose remaining connections are cut. */
    private static Overlay draining(@Nullable String pool, NodeAddress node) {
        return Overlay.EMPTY.with(
                new OverlayEntry(
                        pool,
                        node,
                        State.DRAINING,
                        null,
                        "ops",
                        "",
                        DEADLINE.minusSeconds(60),
                        null,
                        DEADLINE,
                        AtDeadline.CLOSE));
    }

    private void passDeadline(RunningWeir weir, Overlay overlay) {
        Deadlines deadlines = Deadlines.of(overlay, DEADLINE);
        weir.plane().apply(deadlines.after());
        deadlines.conclude(weir.plane(), events);
    }

    private static Safety safety(RunningWeir weir, NodeAddress node, Overlay overlay)
            throws RefusedException {
        Instant now = DEADLINE.minusSeconds(10);
        return Leasing.ask(new SafetyQuestion(node), "ops", weir.plane(), overlay, now);
    }

    /** As in {@code config}, but the pool is called {@code old}. */
    private static String inOldPool(ConfigText config) {
        return config.toString()
                .replace("pool: web", "pool: old")
                .replace("pools:\n  web:", "pools:\n  old:");
    }

    @Test
    void aNameThatStandsForANodePerAddressMeansTheseNodes() throws RefusedException {
        FakeNode node = node();
        NodeAddress name = new NodeAddress("localhost", node.port());
        RunningWeir weir =
                WEIR.start(
                        ConfigText.ofNodes(name.toString())
                                .pool("node-names: node-per-address", "min-nodes: 0"));
        Await.until(
                "the name to be found",
                () ->
                        weir.plane().status().pools().getFirst().nodes().stream()
                                .anyMatch(n -> n.node().equals("127.0.0.1:" + node.port())));
        RawClient client = served(weir);
        Overlay overlay = draining(null, name);
        weir.plane().apply(overlay);

        Safety safety = safety(weir, name, overlay);
        assertThat(safety.verdict()).isEqualTo(Verdict.AFTER);
        assertThat(safety.reasons())
                .extracting(Safety.Reason::text)
                .contains("1 request in flight in pool web");

        passDeadline(weir, overlay);
        assertThat(client.closedByPeer()).isTrue();
        assertThat(events.texts(EventTag.DRAINDEADLINE))
                .singleElement()
                .asString()
                .contains("1 exchange is in flight");
        Await.until(
                "nothing to be left",
                () -> safety(weir, name, Overlay.EMPTY).use().inFlight() == 0);
    }

    @Test
    void whatRunsInAPoolThatIsGoneIsDrainedLikeTheRest() throws RefusedException {
        FakeNode node = node();
        NodeAddress address = new NodeAddress("127.0.0.1", node.port());
        ConfigText config = ConfigText.of(node);
        RunningWeir weir = WEIR.start(inOldPool(config));
        RawClient before = served(weir);
        weir.apply(config.toString());
        RawClient after = served(weir);
        Overlay overlay = draining(null, address);
        weir.plane().apply(overlay);

        assertThat(safety(weir, address, overlay).reasons())
                .filteredOn(
                        reason ->
                                reason.kind() == Safety.Kind.REQUESTS && reason.object().isEmpty())
                .singleElement()
                .satisfies(
                        reason -> {
                            assertThat(reason.count()).isEqualTo(1);
                            assertThat(reason.ends()).isEqualTo(Duration.ofSeconds(10));
                        });

        passDeadline(weir, overlay);
        assertThat(before.closedByPeer()).isTrue();
        assertThat(after.closedByPeer()).isTrue();
        assertThat(events.texts(EventTag.DRAINDEADLINE))
                .singleElement()
                .asString()
                .contains("2 exchanges are in flight");
    }

    @Test
    void whatBeganInAPoolBeforeThatLostTheNodeIsDrainedWithThePoolAndWithNoOther() {
        FakeNode node = node();
        NodeAddress address = new NodeAddress("127.0.0.1", node.port());
        ConfigText config = ConfigText.of(node);
        RunningWeir weir = WEIR.start(config.pool("node-delete: immediate"));
        RawClient client = served(weir);
        weir.apply(inOldPool(config));

        passDeadline(weir, draining("old", address));
        assertThat(weir.plane().use(address, null).inFlight()).isEqualTo(1);
        passDeadline(weir, draining("web", address));
        assertThat(client.closedByPeer()).isTrue();
        assertThat(events.texts(EventTag.DRAINDEADLINE))
                .satisfiesExactly(
                        first -> assertThat(first).contains("0 exchanges are in flight"),
                        second -> assertThat(second).contains("1 exchange is in flight"));
    }
}
