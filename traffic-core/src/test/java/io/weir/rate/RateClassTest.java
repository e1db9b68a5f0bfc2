package io.weir.rate;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.RateConfig;
import io.weir.rate.Turn.Outcome;
import io.weir.time.Ticker;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** How many pass, who waits, and for how long. */
class RateClassTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

    @AfterEach
    void stopTimer() {
        timer.shutdownNow();
    }

    private static RateConfig config(int perSecond, int perMinute, int queue) {
        return new RateConfig(
                "pace", perSecond, perMinute, queue, Duration.ofSeconds(10), 1000, null);
    }

    private RateClass withClock(long[] now, RateConfig config) {
        Ticker clock =
                new Ticker() {
                    @Override
                    public long nanos() {
                        return now[0];
                    }

                    @Override
                    public Instant now() {
                        return Instant.EPOCH;
                    }
                };
        return new RateClass(config, clock, timer);
    }

    @Test
    void withoutAQueueAsManyPassInEachSecondAsTheRateSays() {
        long[] now = {5 * SECOND};
        RateClass rate = withClock(now, config(50, 0, 0));
        for (int second = 0; second < 10; second++) {
            int passed = 0;
            for (int i = 0; i < 200; i++) {
                now[0] += SECOND / 200;
                passed += rate.tryUse(null) ? 1 : 0;
            }
            assertThat(passed).as("second " + second).isBetween(50, second == 0 ? 55 : 50);
        }
        RateClass.Figures figures = rate.figures();
        assertThat(figures.entered() + figures.refused()).isEqualTo(2000);
        assertThat(figures.perSecond()).isBetween(49, 51);
    }

    @Test
    void aRateOfMinutesIsSpreadOverTheSecondsAndTheLowerOneHolds() {
        long[] now = {0};
        RateClass rate = withClock(now, config(100, 120, 0));
        int passed = 0;
        for (int i = 0; i < 1000; i++) {
            now[0] += SECOND / 100;
            passed += rate.tryUse(null) ? 1 : 0;
        }
        assertThat(passed).isBetween(20, 21);
    }

    @Test
    void aGreedyContextTakesNothingFromAnother() {
        long[] now = {0};
        RateClass rate = withClock(now, config(10, 0, 100));
        List<Turn> greedy = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            greedy.add(rate.use("greedy", Runnable::run, o -> {}));
        }
        assertThat(rate.backlog("greedy")).as("half of the queue").isEqualTo(50);
        for (int i = 0; i < 20; i++) {
            now[0] += SECOND / 10;
            assertThat(rate.use("modest", Runnable::run, o -> {}).atOnce())
                    .isEqualTo(Outcome.PASSED);
        }
        assertThat(rate.use("third", Runnable::run, o -> {}).atOnce()).isEqualTo(Outcome.PASSED);
        greedy.forEach(Turn::cancel);
        assertThat(rate.figures().queued()).isZero();
        assertThat(rate.figures().entered()).isEqualTo(rate.figures().left());
    }

    @Test
    void whoWouldWaitTooLongIsRefusedAtOnce() {
        long[] now = {0};
        RateClass rate = withClock(now, config(0, 60, 100));
        int waiting = 0;
        Turn last = rate.use(null, Runnable::run, o -> {});
        while (last.atOnce() != Outcome.REFUSED) {
            last = rate.use(null, Runnable::run, o -> {});
            waiting++;
        }
        assertThat(waiting).as("ten seconds at one a second").isBetween(10, 12);
    }

    @Test
    void contextsAreForgottenWhenTheyMakeNoDifferenceAndShareOneRateWhenThereAreTooMany() {
        long[] now = {0};
        RateConfig config = new RateConfig("pace", 1, 0, 1000, Duration.ofSeconds(10), 10, null);
        RateClass rate = withClock(now, config);
        int passed = 0;
        for (int i = 0; i < 100; i++) {
            passed += rate.tryUse("context " + i) ? 1 : 0;
        }
        assertThat(passed).isEqualTo(11);
        assertThat(rate.figures().contexts()).isEqualTo(10);
        now[0] += 2 * SECOND;
        for (int i = 0; i < 100; i++) {
            assertThat(rate.tryUse("later " + i)).isEqualTo(i < 11);
        }
        assertThat(rate.figures().contexts()).isEqualTo(10);
    }

    @Test
    void thoseWhoWaitGoInOrderAndOnTime() throws Exception {
        RateClass rate = new RateClass(config(100, 0, 1000), Ticker.system(), timer);
        int all = 120;
        List<Integer> order = new ArrayList<>();
        CountDownLatch done = new CountDownLatch(all);
        long begun = System.nanoTime();
        for (int i = 0; i < all; i++) {
            int number = i;
            Turn turn =
                    rate.use(
                            null,
                            Runnable::run,
                            outcome -> {
                                synchronized (order) {
                                    order.add(number);
                                }
                                done.countDown();
                            });
            if (turn.atOnce() == Outcome.PASSED) {
                synchronized (order) {
                    order.add(number);
                }
                done.countDown();
            }
        }
        assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
        long nanos = System.nanoTime() - begun;
        assertThat(nanos).as("120 at 100 a second").isGreaterThan(SECOND);
        assertThat(order).isSorted();
    }

    @Test
    void aHigherRateLetsThoseWhoWaitGoSooner() throws Exception {
        RateClass rate =
                new RateClass(
                        new RateConfig("pace", 0, 1, 10, Duration.ofHours(1), 10, null),
                        Ticker.system(),
                        timer);
        assertThat(rate.tryUse(null)).isTrue();
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        assertThat(rate.use(null, Runnable::run, outcome::complete).atOnce()).isNull();
        rate.configure(config(0, 0, 10));
        assertThat(outcome.get(30, TimeUnit.SECONDS)).isEqualTo(Outcome.PASSED);
    }
}
