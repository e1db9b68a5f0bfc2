package io.weir.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.event.BoundedEventBus;
import io.weir.event.EventTag;
import io.weir.testkit.ManualTicker;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/** A loop that does not come round is reported once, and so is its return. */
class LoopWatchdogTest {

    private final ManualTicker ticker = new ManualTicker();

    private final class Loop implements LoopWatchdog.Watched {
        private long seen = ticker.nanos();

        @Override
        public long seenNanos() {
            return seen;
        }

        @Override
        public @Nullable Thread thread() {
            return Thread.currentThread();
        }
    }

    @Test
    void aStallIsOneEventAndItsEndAnother() {
        try (BoundedEventBus events = BoundedEventBus.start(ticker)) {
            Loop well = new Loop();
            Loop stalls = new Loop();
            LoopWatchdog dog =
                    new LoopWatchdog(List.of(well, stalls), ticker, events, Duration.ofSeconds(2));
            ticker.advance(Duration.ofSeconds(2));
            dog.look();
            assertThat(events.recent(10)).isEmpty();
            for (int i = 0; i < 5; i++) {
                ticker.advance(Duration.ofSeconds(1));
                well.seen = ticker.nanos();
                dog.look();
            }
            assertThat(events.recent(10))
                    .singleElement()
                    .satisfies(e -> assertThat(e.tag()).isEqualTo(EventTag.LOOPSTALLED))
                    .satisfies(e -> assertThat(e.text()).contains("for 3000 ms"));
            stalls.seen = ticker.nanos();
            dog.look();
            assertThat(events.recent(10).getLast().tag()).isEqualTo(EventTag.LOOPRECOVERED);
            assertThat(events.recent(10).getLast().text()).contains("after 7000 ms");

            dog.limit(Duration.ZERO);
            ticker.advance(Duration.ofHours(1));
            dog.look();
            assertThat(events.recent(10)).hasSize(2);
        }
    }
}
