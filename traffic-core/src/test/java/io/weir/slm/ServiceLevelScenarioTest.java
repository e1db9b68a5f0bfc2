package io.weir.slm;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.event.Event;
import io.weir.event.EventTag;
import io.weir.runtime.DataPlane.NodeServiceLevel;
import io.weir.runtime.DataPlane.ServiceLevelStatus;
import io.weir.testkit.Await;
import io.weir.testkit.Behaviour;
import io.weir.testkit.ConfigText;
import io.weir.testkit.FakeNode;
import io.weir.testkit.NodeConnection;
import io.weir.testkit.RawClient;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.ShiftedTicker;
import io.weir.testkit.StrictHttpReader;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A running Weir judges the answers of its nodes. */
class ServiceLevelScenarioTest {

    private static final String ASK = "GET / HTTP/1.1\r\nHost: weir.test\r\n\r\n";

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private final ShiftedTicker ticker = new ShiftedTicker();

    private RunningWeir start(FakeNode... nodes) {
        return WEIR.start(
                ConfigText.of(nodes)
                                .virtualServer("service-level: prompt")
                                .pool("slow-start: 0s", "max-reply-time: 10m")
                        + """
                        service-level-classes:
                          prompt:
                            response-time: 60s
                            warning-threshold: 90
                            serious-threshold: 80
                        """,
                ticker);
    }

    private static ServiceLevelStatus level(RunningWeir weir) {
        return weir.plane().status().serviceLevels().getFirst();
    }

    /** Answers later than the class allows. */
    private void slow(NodeConnection connection) throws IOException {
        for (StrictHttpReader.Head head = connection.head();
                head != null;
                head = connection.head()) {
            ticker.advance(Duration.ofSeconds(61));
            connection.send(Behaviour.answer(connection.node(), connection.body(head)));
        }
    }

    @Test
    void theSlowNodeIsNamed() {
        FakeNode slow = WEIR.node("slow", this::slow);
        RunningWeir weir = start(slow, WEIR.node("quick"));
        try (RawClient client = RawClient.to(weir.port())) {
            for (int i = 0; i < 4; i++) {
                assertThat(client.exchange(ASK).status()).isEqualTo(200);
            }
        }
        Await.until(
                "the serious event",
                () ->
                        weir.events().stream()
                                .anyMatch(e -> e.tag() == EventTag.SLMFALLENBELOWSERIOUS));
        List<Event> events =
                weir.events().stream().filter(e -> e.tag().section().equals("slm")).toList();
        assertThat(events)
                .extracting(Event::tag)
                .startsWith(EventTag.SLMFALLENBELOWWARN, EventTag.SLMNODEINFO);
        Event serious =
                events.stream()
                        .filter(e -> e.tag() == EventTag.SLMFALLENBELOWSERIOUS)
                        .findFirst()
                        .orElseThrow();
        assertThat(serious.objects().toString())
                .startsWith("[slm/prompt, nodes/")
                .contains("nodes/" + slow.address());
        NodeServiceLevel of =
                level(weir).nodes().stream()
                        .filter(n -> n.node().equals(slow.address()))
                        .findFirst()
                        .orElseThrow();
        assertThat(of.total()).isEqualTo(2);
        assertThat(of.late()).isEqualTo(2);
        assertThat(level(weir).grade()).isEqualTo("serious");
    }

    @Test
    void aClientThatWaitedTooLongAndLeftCounts() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        RunningWeir weir =
                start(
                        WEIR.node(
                                "mute",
                                connection -> {
                                    connection.head();
                                    asked.countDown();
                                    connection.some(1);
                                }));
        try (RawClient client = RawClient.to(weir.port())) {
            client.send(ASK);
            assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(level(weir).current()).isEqualTo(1);
            ticker.advance(Duration.ofSeconds(61));
            client.reset();
        }
        Await.until("the client to be missed", () -> level(weir).late() == 1);
        assertThat(level(weir).current()).isZero();
    }
}
