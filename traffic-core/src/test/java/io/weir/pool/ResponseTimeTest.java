package io.weir.pool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseTimeTest {

    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000_000_000;

    @Test
    void knowsNothingBeforeTheFirstSample() {
        ResponseTime time = new ResponseTime();

        assertThat(time.nanos()).isZero();
        assertThat(time.fadedNanos(123)).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MAX_VALUE - 2 * SECOND, -SECOND, (1L << 50) - SECOND})
    void followsAChangeWithinSecondsWhereverTheClockStands(long start) {
        ResponseTime time = new ResponseTime();
        long now = start;
        for (int i = 0; i < 500; i++) {
            time.sample(100 * MILLI, now += 10 * MILLI);
        }
        assertThat(time.nanos()).isBetween(99 * MILLI, 101 * MILLI);

        for (int i = 0; i < 500; i++) {
            time.sample(10 * MILLI, now += 10 * MILLI);
        }
        assertThat(time.nanos()).isBetween(10 * MILLI, 30 * MILLI);
    }

    @Test
    void oneSampleAmongManyDoesNotMatterMuch() {
        ResponseTime time = new ResponseTime();
        long now = 0;
        for (int i = 0; i < 500; i++) {
            time.sample(10 * MILLI, now += 10 * MILLI);
        }
        time.sample(SECOND, now + 10 * MILLI);

        assertThat(time.nanos()).isLessThan(15 * MILLI);
    }

    @Test
    void fadesWhileNothingComes() {
        ResponseTime time = new ResponseTime();
        time.sample(100 * MILLI, 0);

        assertThat(time.fadedNanos(0)).isEqualTo(100 * MILLI);
        assertThat(time.fadedNanos(5 * SECOND)).isBetween(20 * MILLI, 30 * MILLI);
        assertThat(time.fadedNanos(15 * SECOND)).isBetween(5 * MILLI, 10 * MILLI);
        assertThat(time.nanos()).isEqualTo(100 * MILLI);
    }

    @Test
    void oddSamplesAreBounded() {
        ResponseTime time = new ResponseTime();
        time.sample(0, 0);
        assertThat(time.nanos()).isEqualTo(1000);
        time.sample(Long.MAX_VALUE, 100 * SECOND);
        assertThat(time.nanos()).isPositive();
    }
}
