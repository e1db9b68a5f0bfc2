package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.event.EventTag;
import io.weir.testkit.Await;
import io.weir.testkit.Behaviour;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.Load;
import io.weir.testkit.NodeConnection;
import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedRequest;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.time.Duration;
import java.util.Random;

/** One of two nodes fails in the middle of traffic, and clients do not notice. */
class NodeFailuresUnderLoadTest {

    private static final Duration PACE = Duration.ofMillis(5);
    private static final long SEED = 20_260_101;

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    /** What the failing node does with requests, also on connections it has already. */
    private enum Mood {
        WELL,
        FROZEN,
        GARBAGE,
        HALF_CLOSED,
        BUSY,
        CLOSING
    }

    private volatile Mood mood = Mood.WELL;
    private FakeNode well;
    private FakeNode failing;

    @BeforeEach
    void startNodes() {
        well = WEIR.node("well");
        failing = WEIR.node("failing", this::serve);
    }

    private void serve(NodeConnection connection) throws IOException {
        Random random = new Random(SEED + connection.number());
        for (ReceivedRequest request = connection.request();
                request != null;
                request = connection.request()) {
            switch (mood) {
                case WELL -> connection.send(Behaviour.answer(failing, request));
                case FROZEN -> connection.drain();
                case GARBAGE -> {
                    byte[] garbage = new byte[200];
                    random.nextBytes(garbage);
                    connection.send(garbage);
                    return;
                }
                case HALF_CLOSED -> {
                    connection.halfClose();
                    connection.drain();
                }
                case BUSY ->
                        connection.send(
                                "HTTP/1.1 503 Service Unavailable\r\n"
                                        + "Content-Length: 4\r\n\r\n"
                                        + "busy");
                case CLOSING -> {
                    return;
                }
            }
        }
    }

    private Load startLoad(RunningWeir weir) {
        return WEIR.closing(Load.start(weir.port(), 6, PACE)).awaitFurther(60);
    }

    @Test
    void killedNodeIsNotNoticedAndTheOtherServes() {
        RunningWeir weir = WEIR.start(ConfigText.of(well, failing));
        Load load = startLoad(weir);
        assertThat(failing.requests()).isPositive();

        failing.kill();
        load.awaitFurther(600).stop();

        assertThat(load.failures()).isEmpty();
    }

    @Test
    void nodeThatComesBackIsUsedAgain() {
        RunningWeir weir = WEIR.start(ConfigText.of(well, failing).pool("retry-fail-time: 1s"));
        Load load = startLoad(weir);
        failing.kill();
        load.awaitFurther(200);
        int before = failing.requests();

        failing.revive();
        Await.until("requests at the node that came back", () -> failing.requests() > before + 20);

        assertThat(load.stop().failures()).isEmpty();
    }

    @Test
    void nodeThatAnswersGarbageIsNotNoticed() {
        RunningWeir weir = WEIR.start(ConfigText.of(well, failing));
        Load load = startLoad(weir);

        mood = Mood.GARBAGE;
        load.awaitFurther(600).stop();

        assertThat(load.failures()).isEmpty();
    }

    @Test
    void nodeThatClosesInsteadOfAnsweringIsNotNoticed() {
        RunningWeir weir = WEIR.start(ConfigText.of(well, failing));
        Load load = startLoad(weir);

        mood = Mood.CLOSING;
        load.awaitFurther(600).stop();

        assertThat(load.failures()).isEmpty();
    }

    @Test
    void nodeThatIsBusyIsNotNoticed() {
        RunningWeir weir = WEIR.start(ConfigText.of(well, failing));
        Load load = startLoad(weir);

        mood = Mood.BUSY;
        load.awaitFurther(600).stop();

        assertThat(load.failures()).isEmpty();
    }

    @Test
    void failureAndReturnOfANodeAreReportedOnce() {
        RunningWeir weir = WEIR.start(ConfigText.of(well, failing).pool("retry-fail-time: 1s"));
        Load load = startLoad(weir);

        failing.kill();
        Await.until("the node to be down", () -> count(weir, EventTag.NODEFAIL) > 0);
        load.awaitFurther(200);
        failing.revive();
        Await.until("the node to work again", () -> count(weir, EventTag.NODEWORKING) > 0);
        load.awaitFurther(200).stop();

        assertThat(count(weir, EventTag.NODEFAIL)).isEqualTo(1);
        assertThat(count(weir, EventTag.NODEWORKING)).isEqualTo(1);
        assertThat(load.failures()).isEmpty();
    }

    private static long count(RunningWeir weir, EventTag tag) {
        return weir.events().stream().filter(event -> event.tag() == tag).count();
    }

    @Test
    void nodeThatHalfClosesInsteadOfAnsweringIsNotNoticed() {
        RunningWeir weir = WEIR.start(ConfigText.of(well, failing));
        Load load = startLoad(weir);

        mood = Mood.HALF_CLOSED;
        load.awaitFurther(600).stop();

        assertThat(load.failures()).isEmpty();
    }

    @Test
    void frozenNodeDelaysNobodyLongerThanTheReplyTime() {
        RunningWeir weir =
                WEIR.start(
                        ConfigText.of(well, failing)
                                .pool("max-reply-time: 1s", "retry-budget: 100"));
        Load load = startLoad(weir);

        mood = Mood.FROZEN;
        load.awaitFurther(600).stop();

        assertThat(load.failures()).isEmpty();
        // Without a time of its own the pool would wait for thirty seconds.
        assertThat(load.slowestMillis()).isLessThan(8000);
    }

    @Test
    void failingNodeGetsThreeAttemptsAndThenNone() {
        FakeNode closing = WEIR.node("closing", Behaviour.closingAtOnce());
        RunningWeir weir = WEIR.start(ConfigText.of(well, closing));

        try (RawClient client = RawClient.to(weir.port())) {
            for (int i = 0; i < 60; i++) {
                assertThat(client.exchange("GET /a HTTP/1.1\r\nHost: weir.test\r\n\r\n").status())
                        .isEqualTo(200);
            }
        }

        assertThat(closing.connections()).isBetween(1, 3);
        assertThat(weir.node(closing.address()).health()).isEqualTo("down");
    }

    @Test
    void refusingNodeIsFoundOutAndAvoided() {
        FakeNode refusing = WEIR.closing(FakeNode.refusing("refusing"));
        RunningWeir weir = WEIR.start(ConfigText.of(well, refusing));

        Load load = WEIR.closing(Load.start(weir.port(), 4, PACE)).awaitFurther(200).stop();

        assertThat(load.failures()).isEmpty();
        assertThat(weir.node(refusing.address()).health()).isEqualTo("down");
    }

    @Test
    void whenEveryNodeRefusesClientsGetAnErrorAndTheFailurePoolTakesOver() {
        FakeNode refusing = WEIR.closing(FakeNode.refusing("refusing"));
        RunningWeir weir = WEIR.start(ConfigText.of(refusing));
        try (RawClient client = RawClient.to(weir.port())) {
            assertThat(client.exchange("GET /a HTTP/1.1\r\nHost: weir.test\r\n\r\n").status())
                    .isIn(502, 503);
        }

        FakeNode spare = WEIR.node("spare");
        RunningWeir another =
                WEIR.start(
                        ConfigText.of(refusing)
                                .pool("failure-pool: spare")
                                .anotherPool("spare", "nodes: [" + spare.address() + "]"));
        try (RawClient client = RawClient.to(another.port())) {
            Await.until(
                    "an answer of the failure pool",
                    () ->
                            client.exchange("GET /a HTTP/1.1\r\nHost: weir.test\r\n\r\n")
                                    .field("X-Node")
                                    .equals("spare"));
        }
    }
}
