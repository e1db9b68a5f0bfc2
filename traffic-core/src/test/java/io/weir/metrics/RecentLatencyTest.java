package io.weir.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.Objects;
import java.util.concurrent.TimeUnit;

class RecentLatencyTest {

    private final LatencyHistogram fine = new LatencyHistogram();
    private final CoarseLatency coarse = new CoarseLatency();

    private static RecentLatency.Percentiles of(RecentLatency recent) {
        return Objects.requireNonNull(recent.read());
    }

    @Test
    void percentilesAreThoseOfTheLastMinute() {
        RecentLatency recent = RecentLatency.of(fine);
        assertThat(recent.read()).isNull();
        for (int ms = 1; ms <= 100; ms++) {
            fine.recordNanos(TimeUnit.MILLISECONDS.toNanos(ms));
        }
        assertThat(of(recent).count()).isEqualTo(100);
        assertThat(of(recent).p50()).isCloseTo(50, within(0.5));
        assertThat(of(recent).p95()).isCloseTo(95, within(1.0));
        assertThat(of(recent).p99()).isCloseTo(99, within(1.0));
        assertThat(of(recent).least()).isCloseTo(1, within(0.05));
        assertThat(of(recent).mean()).isCloseTo(50.5, within(0.5));
        assertThat(of(recent).most()).isCloseTo(100, within(1.0));
        for (int i = 0; i < 6; i++) {
            recent.turn();
            assertThat(recent.read()).isNotNull();
        }
        recent.turn();
        assertThat(recent.read()).isNull();
    }

    @Test
    void whatWasBeforeDoesNotCount() {
        fine.recordNanos(TimeUnit.SECONDS.toNanos(9));
        RecentLatency recent = RecentLatency.of(fine);
        fine.recordNanos(TimeUnit.MILLISECONDS.toNanos(3));
        assertThat(of(recent).count()).isEqualTo(1);
        assertThat(of(recent).p99()).isCloseTo(3, within(0.05));
    }

    @Test
    void coarseOnesAreNearEnough() {
        RecentLatency recent = RecentLatency.of(coarse);
        for (long nanos : new long[] {0, 100, 5_000, 1_000_000, 250_000_000, Long.MAX_VALUE}) {
            coarse.recordNanos(nanos);
            recent.turn();
            recent.turn();
            recent.turn();
            recent.turn();
            recent.turn();
            recent.turn();
            double millis = Math.min(nanos, TimeUnit.MINUTES.toNanos(73)) / 1e6;
            assertThat(of(recent).p50()).isCloseTo(millis, within(millis * 0.04 + 0.001));
            recent.turn();
        }
    }
}
