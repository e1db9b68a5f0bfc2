package io.weir.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.event.BoundedEventBus;
import io.weir.event.Event;
import io.weir.event.EventTag;
import io.weir.event.ObjectRef;
import io.weir.testkit.Await;
import io.weir.time.Ticker;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

class AlertingTest {

    private static final Duration DEADLINE = Await.DEADLINE;

    @TempDir Path directory;

    private final BoundedEventBus bus = BoundedEventBus.start(Ticker.system());

    @AfterEach
    void close() {
        bus.close();
    }

    /** Remembers what it was asked to do. */
    private static class Memory implements Action {
        final List<String> texts = new CopyOnWriteArrayList<>();
        final AtomicInteger idle = new AtomicInteger();
        final AtomicBoolean closed = new AtomicBoolean();

        @Override
        public String name() {
            return "memory";
        }

        @Override
        public void run(Event event) throws Exception {
            texts.add(event.text());
        }

        @Override
        public void idle() {
            idle.incrementAndGet();
        }

        @Override
        public void close() {
            closed.set(true);
        }
    }

    @Test
    void eventsReachEveryActionBeforeItEnds() throws Exception {
        Memory memory = new Memory();
        Alerting alerting =
                Alerting.start(
                        bus,
                        List.of(
                                memory,
                                Action.eventLog(directory, "events.log", Ticker.system()),
                                Action.systemLog()));
        for (int i = 0; i < 200; i++) {
            bus.emit(EventTag.CONFMOD, "change " + i, ObjectRef.pool("web"));
        }
        assertThat(bus.flush(DEADLINE)).isTrue();
        assertThat(alerting.stop(DEADLINE)).isTrue();

        assertThat(memory.texts).hasSize(200).startsWith("change 0").endsWith("change 199");
        assertThat(memory.closed).isTrue();
        assertThat(Files.readAllLines(directory.resolve("events.log"))).hasSize(200);
        assertThat(alerting.dropped()).isZero();
        bus.emit(EventTag.CONFMOD, "later");
        assertThat(bus.flush(DEADLINE)).isTrue();
        assertThat(memory.texts).hasSize(200);
    }

    @Test
    void anActionThatHangsOrFailsHoldsUpNoOther() throws Exception {
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        Memory hanging =
                new Memory() {
                    @Override
                    public void run(Event event) throws Exception {
                        hangs.countDown();
                        released.await();
                        super.run(event);
                    }
                };
        Memory failing =
                new Memory() {
                    @Override
                    public void run(Event event) throws Exception {
                        super.run(event);
                        throw new java.io.IOException("nobody listens");
                    }
                };
        Memory memory = new Memory();
        Alerting alerting = Alerting.start(bus, List.of(hanging, failing, memory), 5);
        for (int i = 0; i < 20; i++) {
            String text = "event " + i;
            bus.emit(EventTag.CONFMOD, text);
            Await.until(
                    "the others to be told",
                    () -> memory.texts.contains(text) && failing.texts.contains(text));
            hangs.await();
        }

        assertThat(alerting.dropped()).isEqualTo(14); // one in hand, five waiting
        assertThat(alerting.stop(Duration.ofMillis(1))).isFalse();
        released.countDown();
        assertThat(alerting.stop(DEADLINE)).isTrue();
        assertThat(hanging.texts).hasSize(6);
        assertThat(failing.closed).isTrue();
    }

    @Test
    void anActionIsCalledNowAndThenWithoutEvents() throws Exception {
        Memory memory = new Memory();
        Alerting alerting = Alerting.start(bus, List.of(memory));

        Await.until("a call", () -> memory.idle.get() > 0);

        assertThat(alerting.stop(DEADLINE)).isTrue();
    }
}
