package io.weir.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.ThresholdConfig;
import io.weir.event.BoundedEventBus;
import io.weir.event.Event;
import io.weir.event.EventTag;
import io.weir.event.ObjectRef;
import io.weir.metrics.CoreFamilies;
import io.weir.testkit.ManualTicker;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

class ThresholdsTest {

    private static final String QUEUED = "weir_pool_queued_requests";
    private static final String FAILURES = "weir_node_failures_total";

    private final ManualTicker ticker = new ManualTicker();
    private final BoundedEventBus events = BoundedEventBus.start(ticker);
    private final Map<String, Double> queued = new TreeMap<>();
    private final Map<String, Double> failures = new TreeMap<>();
    private final Thresholds thresholds =
            new Thresholds(
                    sink -> {
                        queued.forEach(
                                (pool, value) ->
                                        sink.sample(CoreFamilies.POOL_QUEUED, value, pool));
                        failures.forEach(
                                (node, value) ->
                                        sink.sample(
                                                CoreFamilies.NODE_FAILURES, value, "web", node));
                    },
                    events,
                    ticker);

    @AfterEach
    void close() {
        events.close();
    }

    private static ThresholdConfig threshold(
            String counter,
            List<String> labels,
            @Nullable Double above,
            @Nullable Double below,
            double hysteresis,
            Duration hold,
            @Nullable String custom) {
        return new ThresholdConfig(
                "t",
                counter,
                labels,
                above,
                below,
                hysteresis,
                hold,
                Duration.ofSeconds(10),
                custom,
                null);
    }

    private void queued(double value) {
        queued.put("web", value);
        ticker.advance(Duration.ofSeconds(1));
        thresholds.look();
    }

    private List<Event> raised() {
        return events.recent(100).stream()
                .filter(
                        event ->
                                event.tag().section().equals("thresholds")
                                        || event.tag() == EventTag.CUSTOMEVENT)
                .toList();
    }

    private List<EventTag> tags() {
        return raised().stream().map(Event::tag).toList();
    }

    @Test
    void aFigureBetweenTheBoundAndItsHysteresisRaisesNothing() {
        thresholds.apply(
                List.of(
                        threshold(
                                QUEUED,
                                List.of("pool=web"),
                                100.0,
                                null,
                                20,
                                Duration.ZERO,
                                null)));

        queued(100);
        assertThat(tags()).isEmpty();
        queued(101);
        queued(99);
        queued(81);
        queued(150);
        assertThat(tags()).containsExactly(EventTag.THRESHOLDCROSSED);
        queued(80);
        queued(99);
        assertThat(tags()).containsExactly(EventTag.THRESHOLDCROSSED, EventTag.THRESHOLDCLEARED);
        assertThat(raised().getFirst().objects())
                .containsExactly(new ObjectRef("thresholds", "t"), ObjectRef.pool("web"));
        assertThat(raised().getFirst().text())
                .isEqualTo("threshold t: " + QUEUED + "{pool=web} is 101, above 100");
    }

    @Test
    void aFigureMustStayOutOfItsBoundsForAsLongAsItIsAsked() {
        thresholds.apply(
                List.of(threshold(QUEUED, List.of(), 5.0, null, 0, Duration.ofSeconds(3), null)));

        queued(9);
        queued(9);
        queued(5);
        queued(9);
        queued(9);
        queued(9);
        assertThat(tags()).isEmpty();
        queued(9);
        assertThat(tags()).containsExactly(EventTag.THRESHOLDCROSSED);
        queued(6);
        assertThat(tags()).hasSize(1);
        queued(5);
        assertThat(tags()).hasSize(2);
    }

    @Test
    void figuresThatHaveTheLabelsAreAddedUpAndOthersAreNot() {
        thresholds.apply(List.of(threshold(QUEUED, List.of(), 10.0, null, 0, Duration.ZERO, null)));
        queued.put("mail", 6.0);

        queued(5);
        assertThat(tags()).containsExactly(EventTag.THRESHOLDCROSSED);

        thresholds.apply(
                List.of(
                        threshold(
                                QUEUED, List.of("pool=web"), 10.0, null, 0, Duration.ZERO, null)));
        queued(5);
        assertThat(tags()).containsExactly(EventTag.THRESHOLDCROSSED, EventTag.THRESHOLDCLEARED);
    }

    @Test
    void aCounterIsWatchedByItsRate() {
        thresholds.apply(
                List.of(threshold(FAILURES, List.of(), 5.0, null, 1, Duration.ZERO, null)));
        failures.put("10.0.0.1:80", 1_000_000.0);
        for (int second = 0; second < 20; second++) {
            queued(0);
            failures.merge("10.0.0.1:80", 5.0, Double::sum);
        }
        assertThat(tags()).isEmpty();

        for (int second = 0; second < 10; second++) {
            failures.merge("10.0.0.1:80", 10.0, Double::sum);
            queued(0);
        }
        assertThat(tags()).containsExactly(EventTag.THRESHOLDCROSSED);
        assertThat(raised().getFirst().text()).contains(FAILURES + " per second is ");

        for (int second = 0; second < 10; second++) {
            queued(0);
        }
        assertThat(tags()).containsExactly(EventTag.THRESHOLDCROSSED, EventTag.THRESHOLDCLEARED);
    }

    @Test
    void aLowerBoundHasItsHysteresisAboveIt() {
        thresholds.apply(
                List.of(threshold(QUEUED, List.of(), null, 0.5, 0.25, Duration.ZERO, "too few")));

        queued(0.5);
        queued(0.4);
        queued(0.7);
        assertThat(tags()).containsExactly(EventTag.THRESHOLDCROSSED, EventTag.CUSTOMEVENT);
        assertThat(raised().getLast().objects())
                .startsWith(new ObjectRef("trafficscript", "too few"));
        queued(0.75);
        assertThat(tags()).last().isEqualTo(EventTag.THRESHOLDCLEARED);
    }

    @Test
    void whatHasBegunEndsWhenTheThresholdOrItsFigureGoes() {
        ThresholdConfig config =
                threshold(QUEUED, List.of("pool=web"), 1.0, null, 0, Duration.ZERO, null);
        thresholds.apply(List.of(config));
        queued(2);
        queued.clear();
        thresholds.look();
        assertThat(tags()).containsExactly(EventTag.THRESHOLDCROSSED, EventTag.THRESHOLDCLEARED);

        queued(2);
        thresholds.apply(List.of(config));
        assertThat(tags()).hasSize(3);
        thresholds.apply(List.of());
        assertThat(tags()).hasSize(4).last().isEqualTo(EventTag.THRESHOLDCLEARED);
        queued(2);
        assertThat(tags()).hasSize(4);
    }
}
