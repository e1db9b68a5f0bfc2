package io.weir.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

class LatencyHistogramTest {

    /** What the class promises: 64 ns, or 0.8 % where that is more. */
    private static double allowedError(long nanos) {
        return Math.max(64, nanos * 0.008);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.01, 0.5, 0.75, 0.95, 0.99, 0.999, 1})
    void quantilesAreThoseOfTheSortedDurations(double quantile) {
        Random random = new Random(7);
        LatencyHistogram histogram = new LatencyHistogram();
        long[] nanos = new long[50_000];
        for (int i = 0; i < nanos.length; i++) {
            // Log-normal around 150 µs, as latencies are: a long tail up to seconds.
            nanos[i] = (long) (150_000 * Math.exp(1.8 * random.nextGaussian()));
            histogram.recordNanos(nanos[i]);
        }
        Arrays.sort(nanos);
        int rank = Math.max(1, (int) Math.ceil(quantile * nanos.length));
        long exact = nanos[rank - 1];

        double found = histogram.snapshot().getValue(quantile);

        assertThat(Math.abs(found - exact)).isLessThanOrEqualTo(allowedError(exact));
    }

    @Test
    void everyDurationIsKeptWithTwoDigits() {
        for (long nanos = 1; nanos > 0 && nanos < 4_000_000_000_000L; nanos += nanos / 97 + 1) {
            long kept = LatencyHistogram.middleOf(LatencyHistogram.bucketOf(nanos));
            assertThat((double) Math.abs(kept - nanos))
                    .as("%d ns kept as %d ns", nanos, kept)
                    .isLessThanOrEqualTo(allowedError(nanos));
        }
    }

    @Test
    void bucketsRiseWithTheDurationAndNoneIsOutside() {
        int last = -1;
        for (int bucket = 0; bucket < LatencyHistogram.BUCKETS; bucket++) {
            int back = LatencyHistogram.bucketOf(LatencyHistogram.middleOf(bucket));
            assertThat(back).isEqualTo(bucket).isGreaterThan(last);
            last = back;
        }
        assertThat(LatencyHistogram.bucketOf(Long.MAX_VALUE)).isEqualTo(last);
        assertThat(LatencyHistogram.bucketOf(0)).isZero();
    }

    @Test
    void sumAndMeanAreExact() {
        LatencyHistogram histogram = new LatencyHistogram();
        histogram.recordNanos(1_234_567);
        histogram.recordNanos(7_654_321);
        histogram.recordNanos(-5);

        LatencySnapshot snapshot = histogram.snapshot();

        assertThat(snapshot.count()).isEqualTo(3);
        assertThat(snapshot.sumNanos()).isEqualTo(8_888_888);
        assertThat(snapshot.getMean()).isEqualTo(8_888_888 / 3.0);
        assertThat(snapshot.getMin()).isLessThan(128);
        assertThat((double) snapshot.getMax()).isCloseTo(7_654_321, within(0.008 * 7_654_321));
    }

    private static org.assertj.core.data.Offset<Double> within(double offset) {
        return org.assertj.core.data.Offset.offset(offset);
    }

    @Test
    void twoSnapshotsTogetherAreTheSnapshotOfBoth() {
        LatencyHistogram left = new LatencyHistogram();
        LatencyHistogram right = new LatencyHistogram();
        LatencyHistogram both = new LatencyHistogram();
        for (long nanos = 1000; nanos < 1_000_000_000; nanos = nanos * 5 / 4) {
            (nanos % 2 == 0 ? left : right).recordNanos(nanos);
            both.recordNanos(nanos);
        }

        LatencySnapshot merged = left.snapshot().plus(right.snapshot());

        assertThat(merged.count()).isEqualTo(both.snapshot().count());
        assertThat(merged.sumNanos()).isEqualTo(both.snapshot().sumNanos());
        for (double q = 0; q <= 1; q += 0.05) {
            assertThat(merged.getValue(q)).isEqualTo(both.snapshot().getValue(q));
        }
    }

    @Test
    void countsBelowABoundLeaveOutWhatIsAboveIt() {
        LatencyHistogram histogram = new LatencyHistogram();
        histogram.recordNanos(900_000);
        histogram.recordNanos(1_100_000);
        histogram.recordNanos(60_000_000_000L);

        LatencySnapshot snapshot = histogram.snapshot();

        assertThat(snapshot.countAtMost(500_000)).isZero();
        assertThat(snapshot.countAtMost(1_000_000)).isEqualTo(1);
        assertThat(snapshot.countAtMost(5_000_000)).isEqualTo(2);
        assertThat(snapshot.countAtMost(Long.MAX_VALUE)).isEqualTo(3);
    }

    @Test
    void anEmptyHistogramHasNoDurations() {
        LatencySnapshot snapshot = new LatencyHistogram().snapshot();

        assertThat(snapshot.count()).isZero();
        assertThat(snapshot.getValue(0.99)).isZero();
        assertThat(snapshot.getMax()).isZero();
        assertThat(snapshot.getMean()).isZero();
        assertThat(snapshot.getStdDev()).isZero();
    }

    @Test
    void nothingIsLostWhenManyThreadsRecordAtOnce() throws InterruptedException {
        LatencyHistogram histogram = new LatencyHistogram();
        CountDownLatch ready = new CountDownLatch(4);
        Thread[] threads = new Thread[4];
        for (int t = 0; t < threads.length; t++) {
            threads[t] =
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        ready.countDown();
                                        await(ready);
                                        for (int i = 0; i < 50_000; i++) {
                                            histogram.recordNanos(100_000 + i % 3);
                                        }
                                    });
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(histogram.snapshot().count()).isEqualTo(200_000);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
