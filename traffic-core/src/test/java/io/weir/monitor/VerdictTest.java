package io.weir.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.MonitorConfig;
import io.weir.monitor.MonitorStatus.State;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.stream.IntStream;

class VerdictTest {

    private final Verdict verdict = new Verdict();
    private final MonitorConfig config = config(Duration.ofSeconds(3), true);
    private long number;

    private static MonitorConfig config(Duration delay, boolean backOff) {
        return new MonitorConfig(
                "m",
                MonitorConfig.Scope.PER_NODE,
                null,
                delay,
                Duration.ofSeconds(3),
                3,
                backOff,
                false,
                new MonitorConfig.Connect(),
                null);
    }

    private State after(boolean... results) {
        for (boolean ok : results) {
            verdict.take(number++, ok, config);
        }
        return verdict.state();
    }

    @Test
    void knowsNothingBeforeTheFirstResult() {
        assertThat(verdict.state()).isEqualTo(State.UNCHECKED);
    }

    @Test
    void takesTheFirstResultForTheVerdict() {
        assertThat(after(false)).isEqualTo(State.FAILED);
        assertThat(after(true)).isEqualTo(State.OK);
    }

    @Test
    void failsOnlyAfterEnoughFailuresInARow() {
        assertThat(after(true, false, false)).isEqualTo(State.OK);
        assertThat(after(true, false, false)).isEqualTo(State.OK);
        assertThat(after(false)).isEqualTo(State.FAILED);
        assertThat(verdict.failures()).isEqualTo(3);
    }

    @Test
    void isWellAgainAfterOneSuccess() {
        assertThat(after(true, false, false, false, false, true)).isEqualTo(State.OK);
        assertThat(verdict.failures()).isZero();
    }

    @Test
    void ignoresAFailureThatBeganBeforeTheLatestSuccess() {
        after(true, false, false);
        assertThat(verdict.take(10, true, config)).isTrue();
        assertThat(verdict.take(9, false, config)).isFalse();
        assertThat(verdict.failures()).isZero();
    }

    @Test
    void ignoresASuccessThatBeganBeforeTheLatestFailure() {
        after(true);
        verdict.take(10, false, config);
        assertThat(verdict.take(9, true, config)).isFalse();
        verdict.take(11, false, config);
        verdict.take(12, false, config);
        assertThat(verdict.state()).isEqualTo(State.FAILED);
    }

    @Test
    void countsOverlappingFailuresWhateverTheOrderInWhichTheyEnd() {
        after(true);
        verdict.take(12, false, config);
        verdict.take(10, false, config);
        verdict.take(11, false, config);
        assertThat(verdict.state()).isEqualTo(State.FAILED);
    }

    @Test
    void keepsTheDelayWhileTheNodeIsWellOrOnlyFailing() {
        after(true, false, false);
        assertThat(verdict.delay(config)).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void lengthensTheDelayByAQuarterPerFailureOfAFailedNode() {
        after(false);
        assertThat(verdict.delay(config)).isEqualTo(Duration.ofSeconds(3));
        after(false);
        assertThat(verdict.delay(config)).isEqualTo(Duration.ofMillis(3750));
        after(false);
        assertThat(verdict.delay(config)).isEqualTo(Duration.ofNanos(4_687_500_000L));
        after(true);
        assertThat(verdict.delay(config)).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void keepsTheDelayOfAFailedNodeWithoutBackOff() {
        after(false, false, false, false, false);
        assertThat(verdict.delay(config(Duration.ofSeconds(3), false)))
                .isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void boundsTheDelayByTenDelaysAndAMinuteButNeverShortensIt() {
        IntStream.range(0, 10_000).forEach(_ -> after(false));
        assertThat(verdict.delay(config(Duration.ofSeconds(3), true)))
                .isEqualTo(Duration.ofSeconds(30));
        assertThat(verdict.delay(config(Duration.ofSeconds(10), true)))
                .isEqualTo(Duration.ofSeconds(60));
        assertThat(verdict.delay(config(Duration.ofSeconds(90), true)))
                .isEqualTo(Duration.ofSeconds(90));
    }

    @Test
    void letsChecksOverlapOnlyUntilTheNodeHasFailed() {
        assertThat(verdict.checksAtOnce(config)).isEqualTo(3);
        after(true, false, false);
        assertThat(verdict.checksAtOnce(config)).isEqualTo(3);
        after(false);
        assertThat(verdict.checksAtOnce(config)).isEqualTo(1);
    }
}
