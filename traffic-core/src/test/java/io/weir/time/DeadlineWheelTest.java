package io.weir.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.testkit.ManualTicker;
import io.weir.time.DeadlineWheel.Deadline;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Deadlines expire once, never early and at most one tick late, whatever is done to them. */
class DeadlineWheelTest {

    private static final long TICK = Duration.ofMillis(50).toNanos();

    /** Ticks of a whole turn of the ring; deadlines beyond it are looked at once a turn. */
    private static final long TURN = 512;

    private final ManualTicker ticker = new ManualTicker();
    private final DeadlineWheel wheel = new DeadlineWheel(ticker, TICK);
    private final List<String> log = new ArrayList<>();

    private final class Named extends Deadline {
        private final String name;

        Named(String name) {
            this.name = name;
        }

        @Override
        protected void expired() {
            log.add(name);
        }
    }

    private Named set(String name, long nanos) {
        Named deadline = new Named(name);
        wheel.set(deadline, nanos);
        return deadline;
    }

    private void pass(long nanos) {
        ticker.advance(Duration.ofNanos(nanos));
        wheel.advance();
    }

    @Test
    void saysHowLongATickIs() {
        assertThat(wheel.tickNanos()).isEqualTo(TICK);
    }

    @Test
    void expiresOnceAndIsNotPendingAnyMore() {
        Named deadline = set("a", 10 * TICK);
        assertThat(deadline.pending()).isTrue();
        pass(10 * TICK - 1);
        assertThat(log).isEmpty();
        pass(1 + TICK);
        assertThat(log).containsExactly("a");
        assertThat(deadline.pending()).isFalse();
        pass(1000 * TICK);
        assertThat(log).containsExactly("a");
    }

    @Test
    void isNeverPendingBeforeItIsSet() {
        Named deadline = new Named("a");
        assertThat(deadline.pending()).isFalse();
        wheel.cancel(deadline);
        wheel.forget(deadline);
        pass(1000 * TICK);
        assertThat(log).isEmpty();
    }

    /** Every distance around the ends of tick and ring, from a time that is no whole tick. */
    @Test
    void isNeverEarlyAndAtMostATickLate() {
        for (long offset : new long[] {0, 1, TICK / 3, TICK - 1}) {
            for (long ticks : new long[] {0, 1, 2, TURN - 2, TURN - 1, TURN, TURN + 1, 3 * TURN}) {
                for (long rest : new long[] {0, 1, TICK / 2, TICK - 1}) {
                    expiresInTime(offset, ticks * TICK + rest);
                }
            }
        }
    }

    private void expiresInTime(long offset, long nanos) {
        ManualTicker time = new ManualTicker();
        DeadlineWheel wheel = new DeadlineWheel(time, TICK);
        time.advance(Duration.ofNanos(offset));
        wheel.advance();
        long set = time.nanos();
        List<Long> late = new ArrayList<>();
        wheel.set(
                new Deadline() {
                    @Override
                    protected void expired() {
                        late.add(time.nanos() - set - nanos);
                    }
                },
                nanos);
        long step = TICK / 4;
        for (long passed = 0; passed <= nanos + 2 * TICK; passed += step) {
            wheel.advance();
            time.advance(Duration.ofNanos(step));
        }
        assertThat(late).as("%s ns after %s", nanos, offset).hasSize(1);
        assertThat(late.get(0)).isBetween(0L, TICK + step);
    }

    @Test
    void movedBackItExpiresAtTheLaterTimeOnly() {
        Named deadline = set("a", 10 * TICK);
        pass(9 * TICK);
        wheel.set(deadline, 10 * TICK);
        pass(9 * TICK);
        assertThat(log).isEmpty();
        assertThat(deadline.pending()).isTrue();
        pass(2 * TICK);
        assertThat(log).containsExactly("a");
    }

    @Test
    void movedForwardItExpiresAtTheEarlierTimeOnly() {
        Named deadline = set("a", 1000 * TICK);
        wheel.set(deadline, 3 * TICK);
        pass(4 * TICK);
        assertThat(log).containsExactly("a");
        pass(2000 * TICK);
        assertThat(log).containsExactly("a");
    }

    @Test
    void cancelledItDoesNotExpireButMayBeSetAgain() {
        Named deadline = set("a", 3 * TICK);
        wheel.cancel(deadline);
        assertThat(deadline.pending()).isFalse();
        wheel.set(deadline, 8 * TICK);
        pass(4 * TICK);
        assertThat(log).isEmpty();
        pass(5 * TICK);
        assertThat(log).containsExactly("a");
        wheel.set(deadline, 3 * TICK);
        wheel.cancel(deadline);
        pass(20 * TICK);
        assertThat(log).containsExactly("a");
    }

    @Test
    void cancelledItMayBeSetToAnEarlierTimeThanBefore() {
        Named deadline = set("a", 300 * TICK);
        wheel.cancel(deadline);
        wheel.set(deadline, 2 * TICK);
        pass(3 * TICK);
        assertThat(log).containsExactly("a");
    }

    @Test
    void forgottenItLeavesTheOthersInPlace() {
        Named first = set("a", 3 * TICK);
        Named second = set("b", 3 * TICK);
        set("c", 3 * TICK);
        wheel.forget(second);
        wheel.forget(second);
        wheel.forget(first);
        pass(4 * TICK);
        assertThat(log).containsExactly("c");
        wheel.set(second, TICK);
        pass(2 * TICK);
        assertThat(log).containsExactly("c", "b");
    }

    @Test
    void deadlinesOfOneTickExpireInTheOrderInWhichTheyWereSet() {
        for (int i = 0; i < 10; i++) {
            set("" + i, 5 * TICK + 10 - i);
        }
        pass(7 * TICK);
        assertThat(String.join("", log)).isEqualTo("0123456789");
    }

    @Test
    void timeThatIsAlreadyOverExpiresAtTheNextTick() {
        pass(100 * TICK);
        set("zero", 0);
        set("negative", -50 * TICK);
        wheel.advance();
        assertThat(log).isEmpty();
        pass(TICK);
        assertThat(log).containsExactly("zero", "negative");
    }

    @Test
    void longStallLetsEverythingExpireThatIsDueAndNothingElse() {
        set("soon", 2 * TICK);
        set("in the ring", 500 * TICK);
        set("next turn", 700 * TICK);
        set("far", 100_000 * TICK);
        Named later = set("later", 100_002 * TICK);
        pass(100_000 * TICK + TICK);
        assertThat(log).containsExactlyInAnyOrder("soon", "in the ring", "next turn", "far");
        assertThat(later.pending()).isTrue();
        pass(2 * TICK);
        assertThat(log).endsWith("later");
    }

    @Test
    void afterAStallDeadlinesAreAsExactAsBefore() {
        pass(3 * TURN * TICK + 17);
        set("a", 10 * TICK);
        pass(10 * TICK - 1);
        assertThat(log).isEmpty();
        pass(TICK);
        assertThat(log).containsExactly("a");
    }

    @Test
    void whatIsSetWhileTheWheelStandsStillIsNotLate() {
        ticker.advance(Duration.ofNanos(400 * TICK));
        set("a", TICK);
        ticker.advance(Duration.ofNanos(400 * TICK));
        set("b", TICK);
        set("c", 3 * TICK);
        pass(2 * TICK);
        assertThat(log).containsExactlyInAnyOrder("a", "b");
        pass(2 * TICK);
        assertThat(log).containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    void readingOfTheClockThatIsABitOldCounts() {
        long before = ticker.nanos();
        ticker.advance(Duration.ofNanos(5 * TICK));
        wheel.advance();
        Named deadline = new Named("a");
        wheel.set(deadline, before, 7 * TICK);
        pass(3 * TICK);
        assertThat(log).containsExactly("a");
    }

    // ---- deadlines that change deadlines

    @Test
    void mayBeSetAgainWhileItExpires() {
        Deadline again =
                new Deadline() {
                    @Override
                    protected void expired() {
                        log.add("again");
                        wheel.set(this, 2 * TICK);
                    }
                };
        wheel.set(again, 2 * TICK);
        for (int i = 0; i < 30; i++) {
            pass(TICK);
        }
        assertThat(log).hasSize(10);
        pass(10_000 * TICK);
        assertThat(log).as("a stall does not make up for what was missed").hasSize(11);
    }

    @Test
    void mayForgetItsNeighboursWhileItExpires() {
        List<Named> all = new ArrayList<>();
        Deadline first =
                new Deadline() {
                    @Override
                    protected void expired() {
                        log.add("first");
                        wheel.forget(all.get(0));
                        wheel.cancel(all.get(1));
                        wheel.set(all.get(2), 5 * TICK);
                        wheel.forget(this);
                    }
                };
        wheel.set(first, 2 * TICK);
        for (String name : List.of("forgotten", "cancelled", "moved", "left")) {
            all.add(set(name, 2 * TICK));
        }
        pass(3 * TICK);
        assertThat(log).containsExactly("first", "left");
        pass(6 * TICK);
        assertThat(log).containsExactly("first", "left", "moved");
    }

    @Test
    void failsWithoutHoldingUpTheOthers() {
        Deadline failing =
                new Deadline() {
                    @Override
                    protected void expired() {
                        throw new IllegalStateException("a defect");
                    }
                };
        set("a", 2 * TICK);
        wheel.set(failing, 2 * TICK);
        set("b", 2 * TICK);
        set("c", 3 * TICK);
        assertThatThrownBy(() -> pass(4 * TICK)).hasMessage("a defect");
        assertThat(failing.pending()).isFalse();
        wheel.advance();
        assertThat(log).containsExactly("a", "b", "c");
    }

    // ---- against a naive model

    private static final class Model extends Deadline {
        private long due = Long.MAX_VALUE;
        private int expirations;

        @Override
        protected void expired() {
            expirations++;
        }
    }

    /**
     * Thousands of random steps: set, move, cancel, forget, let time pass in crumbs or in leaps.
     * The model is a number for each deadline.
     */
    @Test
    void keepsUpWithANaiveModel() {
        for (int seed = 0; seed < 40; seed++) {
            Random dice = new Random(seed);
            ManualTicker time = new ManualTicker();
            DeadlineWheel wheel = new DeadlineWheel(time, TICK);
            List<Model> models = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                models.add(new Model());
            }
            long elapsed = 0;
            for (int step = 0; step < 3000; step++) {
                Model model = models.get(dice.nextInt(models.size()));
                switch (dice.nextInt(10)) {
                    case 0 -> {
                        wheel.cancel(model);
                        model.due = Long.MAX_VALUE;
                    }
                    case 1 -> {
                        wheel.forget(model);
                        model.due = Long.MAX_VALUE;
                    }
                    case 2, 3, 4, 5 -> {
                        long nanos = distance(dice);
                        wheel.set(model, nanos);
                        model.due = elapsed + nanos;
                    }
                    default -> {
                        long passed = distance(dice) / 4;
                        time.advance(Duration.ofNanos(passed));
                        elapsed += passed;
                        wheel.advance();
                        compare(models, elapsed, "seed " + seed + " step " + step);
                    }
                }
                assertThat(model.pending()).isEqualTo(model.due != Long.MAX_VALUE);
            }
        }
    }

    private static long distance(Random dice) {
        return switch (dice.nextInt(5)) {
            case 0 -> 0;
            case 1 -> dice.nextLong(TICK);
            case 2 -> dice.nextLong(20 * TICK);
            case 3 -> dice.nextLong(600 * TICK);
            default -> dice.nextLong(5000 * TICK);
        };
    }

    private static void compare(List<Model> models, long elapsed, String where) {
        long wholeTick = elapsed / TICK * TICK;
        for (Model model : models) {
            if (model.expirations > 0) {
                assertThat(model.expirations).as(where).isEqualTo(1);
                assertThat(model.due).as("%s: not early", where).isLessThanOrEqualTo(elapsed);
                model.expirations = 0;
                model.due = Long.MAX_VALUE;
            } else {
                assertThat(model.due)
                        .as("%s: not later than the tick", where)
                        .isGreaterThanOrEqualTo(wholeTick);
            }
        }
    }
}
