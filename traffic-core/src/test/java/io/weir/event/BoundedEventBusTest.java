package io.weir.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.metrics.Metrics;
import io.weir.time.Ticker;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

class BoundedEventBusTest {

    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");

    private static final Ticker CLOCK =
            new Ticker() {
                @Override
                public long nanos() {
                    return 0;
                }

                @Override
                public Instant now() {
                    return NOW;
                }
            };

    private final BoundedEventBus bus = BoundedEventBus.start(CLOCK, 10);
    private final List<Event> heard = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        bus.close();
    }

    private List<String> texts(List<Event> events) {
        return events.stream().map(Event::text).toList();
    }

    @Test
    void listenersHearEventsInTheirOrderWithEverythingTheyCarry() throws InterruptedException {
        bus.subscribe(heard::add);
        bus.emit(EventTag.NODEFAIL, "one", ObjectRef.pool("web"), ObjectRef.node("a:80"));
        bus.emit(EventTag.NODEWORKING, "two");
        assertThat(bus.flush(DEADLINE)).isTrue();

        assertThat(heard)
                .containsExactly(
                        new Event(
                                NOW,
                                EventTag.NODEFAIL,
                                List.of(ObjectRef.pool("web"), ObjectRef.node("a:80")),
                                "one"),
                        new Event(NOW, EventTag.NODEWORKING, List.of(), "two"));
        assertThat(bus.emitted(Severity.SERIOUS)).isEqualTo(1);
        assertThat(bus.emitted(Severity.INFO)).isEqualTo(1);
        assertThat(bus.dropped()).isZero();
    }

    @Test
    void aClosedSubscriptionHearsNothingMore() throws InterruptedException {
        EventBus.Subscription first = bus.subscribe(heard::add);
        bus.subscribe(heard::add);
        bus.emit(EventTag.CONFOK, "one");
        bus.flush(DEADLINE);
        first.close();
        first.close();
        bus.emit(EventTag.CONFOK, "two");
        bus.flush(DEADLINE);

        assertThat(texts(heard)).containsExactly("one", "one", "two");
    }

    @Test
    void emittingNeverWaitsAndWhatListenersCannotTakeIsDroppedAndCounted() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        bus.subscribe(
                event -> {
                    busy.countDown();
                    try {
                        released.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    heard.add(event);
                });
        bus.emit(EventTag.CONFOK, "first");
        busy.await();
        for (int i = 0; i < 25; i++) {
            bus.emit(EventTag.CONFOK, "event " + i);
        }
        assertThat(bus.dropped()).isEqualTo(15);
        assertThat(heard).isEmpty();
        released.countDown();
        assertThat(bus.flush(DEADLINE)).isTrue();

        assertThat(heard).hasSize(11);
        assertThat(texts(heard)).endsWith("event 9");
        assertThat(bus.recent(100)).hasSize(26);
        assertThat(bus.emitted(Severity.INFO)).isEqualTo(26);
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        Metrics metrics = new Metrics(1);
        metrics.addSource(bus);
        metrics.write(page, null);
        assertThat(page.toString(StandardCharsets.UTF_8).lines())
                .contains(
                        "weir_events_total{severity=\"info\"} 26",
                        "weir_events_total{severity=\"fatal\"} 0",
                        "weir_events_dropped_total 15");
    }

    @Test
    void aListenerThatFailsDisturbsNoOther() throws InterruptedException {
        bus.subscribe(
                event -> {
                    throw new IllegalStateException("broken");
                });
        bus.subscribe(heard::add);
        bus.emit(EventTag.CONFOK, "one");
        bus.emit(EventTag.CONFOK, "two");
        bus.flush(DEADLINE);

        assertThat(texts(heard)).containsExactly("one", "two");
    }

    @Test
    void listenersMayEmitAndUnsubscribe() throws InterruptedException {
        List<EventBus.Subscription> own = new ArrayList<>();
        own.add(
                bus.subscribe(
                        event -> {
                            heard.add(event);
                            bus.emit(EventTag.CONFMOD, "because of " + event.text());
                            own.getFirst().close();
                        }));
        bus.subscribe(heard::add);
        bus.emit(EventTag.CONFOK, "one");
        bus.flush(DEADLINE);
        bus.flush(DEADLINE);

        assertThat(texts(heard)).containsExactly("one", "one", "because of one");
    }

    @Test
    void theLatestEventsAreKeptOldestFirst() throws InterruptedException {
        assertThat(bus.recent(10)).isEmpty();
        for (int i = 0; i < 3000; i++) {
            bus.emit(EventTag.CONFOK, "event " + i);
        }

        assertThat(texts(bus.recent(3))).containsExactly("event 2997", "event 2998", "event 2999");
        assertThat(bus.recent(10_000)).hasSize(1024);
        assertThat(bus.recent(0)).isEmpty();
        assertThat(bus.recent(10_000).getFirst().text()).isEqualTo("event 1976");
    }

    @Test
    void closingDeliversWhatIsQueuedAndDropsTheRest() throws InterruptedException {
        CountDownLatch delivered = new CountDownLatch(2);
        bus.subscribe(
                event -> {
                    heard.add(event);
                    delivered.countDown();
                });
        bus.emit(EventTag.STOPPING, "one");
        bus.emit(EventTag.STOPPING, "two");
        bus.close();
        delivered.await();
        bus.emit(EventTag.CONFOK, "late");

        assertThat(texts(heard)).containsExactly("one", "two");
        assertThat(bus.dropped()).isEqualTo(1);
    }
}
