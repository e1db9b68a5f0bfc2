package io.weir.slm;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.ServiceLevelConfig;
import io.weir.control.RecordingEvents;
import io.weir.event.Event;
import io.weir.event.EventTag;
import io.weir.slm.ServiceLevel.Grade;
import io.weir.testkit.ManualTicker;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** What is counted of answers, and when that is worth an event. */
class ServiceLevelsTest {

    private static final long LIMIT = Duration.ofSeconds(1).toNanos();

    private final ManualTicker ticker = new ManualTicker();
    private final RecordingEvents events = new RecordingEvents();
    private final ServiceLevels levels = new ServiceLevels(2, ticker, events);
    private int share;
    private final Random random = new Random(632);

    private ServiceLevel level(int warning, int serious) {
        levels.configure(
                Map.of(
                        "prompt",
                        new ServiceLevelConfig(
                                "prompt", Duration.ofSeconds(1), warning, serious, null)));
        return Objects.requireNonNull(levels.named("prompt"));
    }

    /** Twenty answers per second on both loops, this share of them in time; looks as Weir does. */
    private void run(ServiceLevel level, Duration time, int percent) {
        for (long left = time.toMillis(); left > 0; left -= 50) {
            share += percent;
            boolean inTime = share >= 100;
            share -= inTime ? 100 : 0;
            level.answered(random.nextInt(2), ticker.nanos(), inTime ? LIMIT : LIMIT + 1, null);
            ticker.advance(Duration.ofMillis(50));
            if (left % 500 == 0) {
                levels.look();
            }
        }
    }

    private List<EventTag> tags() {
        List<EventTag> tags = new ArrayList<>();
        events.recent(1000).forEach(event -> tags.add(event.tag()));
        return tags;
    }

    @Test
    void eachThresholdIsReportedOnceOnTheWayDownAndOnceOnTheWayUp() {
        ServiceLevel level = level(50, 20);
        Duration part = Duration.ofSeconds(20);
        List<EventTag> expected = new ArrayList<>();
        for (int percent : new int[] {60, 40, 10, 40, 60}) {
            // Z6.32: each within twelve seconds of its change.
            run(level, Duration.ofSeconds(12), percent);
            switch (expected.size()) {
                case 0 -> {
                    if (percent == 40) {
                        expected.add(EventTag.SLMFALLENBELOWWARN);
                    }
                }
                case 1 -> expected.add(EventTag.SLMFALLENBELOWSERIOUS);
                case 2 -> expected.add(EventTag.SLMRECOVEREDSERIOUS);
                default -> expected.add(EventTag.SLMRECOVEREDWARN);
            }
            assertThat(tags()).isEqualTo(expected);
            run(level, part.minusSeconds(12), percent);
            assertThat(tags()).isEqualTo(expected);
        }
        assertThat(level.grade()).isEqualTo(Grade.FINE);
    }

    @Test
    void aFallFromFineToSeriousWarnsFirst() {
        ServiceLevel level = level(50, 20);
        run(level, Duration.ofSeconds(2), 0);
        assertThat(tags()).isEmpty();
        run(level, Duration.ofMillis(500), 0);
        assertThat(tags())
                .containsExactly(EventTag.SLMFALLENBELOWWARN, EventTag.SLMFALLENBELOWSERIOUS);
        assertThat(events.recent(1000).getLast().text())
                .isEqualTo(
                        "Service level class prompt: 0.0 % of 41 answers in 10 s began within"
                                + " 1000 ms, expected at least 20 %");
    }

    @Test
    void hoveringAtAThresholdIsReportedOnce() {
        ServiceLevel level = level(50, 0);
        for (int i = 0; i < 30; i++) {
            run(level, Duration.ofSeconds(10), i % 2 == 0 ? 45 : 48);
        }
        assertThat(tags()).containsExactly(EventTag.SLMFALLENBELOWWARN);
    }

    @Test
    void aClassNearAHundredPerCentCanRecover() {
        ServiceLevel level = level(99, 0);
        run(level, Duration.ofSeconds(13), 90);
        run(level, Duration.ofSeconds(11), 100);
        assertThat(tags()).containsExactly(EventTag.SLMFALLENBELOWWARN, EventTag.SLMRECOVEREDWARN);
    }

    @Test
    void withoutAnswersAllIsWellAgainAfterTenSeconds() {
        ServiceLevel level = level(50, 20);
        run(level, Duration.ofSeconds(3), 0);
        assertThat(level.grade()).isEqualTo(Grade.SERIOUS);
        ticker.advance(Duration.ofSeconds(11));
        levels.look();
        assertThat(level.grade()).isEqualTo(Grade.FINE);
        assertThat(level.lately(ticker.nanos())).isEqualTo(Conformance.NOTHING);
        assertThat(levels.conforming("prompt")).isEqualTo(100);
        assertThat(levels.conforming("nobody")).isEqualTo(100);
    }

    @Test
    void timesAndCountsAreThoseOfTheAnswers() {
        ServiceLevel level = level(50, 20);
        level.entered(0);
        level.entered(1);
        level.answered(0, ticker.nanos(), 3_000_000, null);
        level.answered(1, ticker.nanos(), 5_000_000, null);
        level.left(1);
        level.abandoned(1, ticker.nanos(), LIMIT, null);
        level.abandoned(1, ticker.nanos(), LIMIT + 1, null);
        assertThat(level.lately(ticker.nanos()))
                .isEqualTo(new Conformance(3, 2, 8_000_001 + LIMIT, 3_000_000, LIMIT + 1));
        assertThat(level.current()).isEqualTo(1);
        assertThat(level.lastSecond(ticker.nanos())).isEqualTo(Conformance.NOTHING);
        ticker.advance(Duration.ofSeconds(1));
        assertThat(level.lastSecond(ticker.nanos()).total()).isEqualTo(3);
        ticker.advance(Duration.ofMinutes(3));
        assertThat(level.total()).isEqualTo(3);
        assertThat(level.conforming()).isEqualTo(2);
    }

    @Test
    void aClassKeepsItsCountsWhenItsSettingsChange() {
        ServiceLevel level = level(50, 20);
        level.answered(0, ticker.nanos(), 1, null);
        assertThat(level(80, 20)).isSameAs(level);
        assertThat(level.config().warningThreshold()).isEqualTo(80);
        List<Event> none = events.recent(1000);
        assertThat(none).isEmpty();
    }
}
