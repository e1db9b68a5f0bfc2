package io.weir.admit;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.AdmissionConfig;
import io.weir.config.Priority;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/** The limit that follows the answers, against nodes that are simulated to the nanosecond. */
class AdmissionTest {

    private static final AdmissionConfig CONFIG =
            new AdmissionConfig(true, 4, 10_000, 50, Duration.ofMillis(1));

    private final SimulatedPool pool = new SimulatedPool(CONFIG, 16, 10);

    @Test
    void nobodyIsRefusedBelowCapacity() {
        SimulatedPool.Result result = pool.run(60, 0.7);
        assertThat(result.refused()).isZero();
    }

    @Test
    void threeTimesTheCapacityLeavesTheGoodputAndTheTimesOfAnswers() {
        double normal = pool.run(30, 0.7).percentile(95);
        pool.run(5, 3); // it finds its place
        SimulatedPool.Result crowded = pool.run(120, 3);
        assertThat(crowded.perSecond()).isGreaterThan(0.95 * pool.capacity());
        assertThat(crowded.percentile(95)).isLessThan(2 * normal);
    }

    @Test
    void afterTheOverloadEverythingIsAsBefore() {
        pool.run(30, 0.7);
        pool.run(60, 5);
        pool.run(1, 0.7);
        assertThat(pool.run(30, 0.7).refusedShare()).isLessThan(0.001);
    }

    @Test
    void anOverloadThatIsThereFromTheBeginningIsFoundOutToo() {
        pool.run(60, 3);
        SimulatedPool.Result crowded = pool.run(60, 3);
        assertThat(crowded.perSecond()).isGreaterThan(0.9 * pool.capacity());
        assertThat(crowded.percentile(50)).isLessThan(25);
    }

    @Test
    void workThatBecomesLongerIsNoCrowd() {
        pool.run(30, 0.7);
        pool.serviceMillis(40); // and with it the capacity
        pool.run(30, 0.7);
        assertThat(pool.run(30, 0.7).refusedShare()).isLessThan(0.01);
    }

    @Test
    void workThatBecomesLongerDuringAnOverloadMovesTheLimitToItsNewPlace() {
        pool.run(30, 0.7);
        pool.run(30, 3);
        pool.serviceMillis(40);
        pool.run(60, 3);
        SimulatedPool.Result crowded = pool.run(60, 3);
        assertThat(crowded.perSecond()).isGreaterThan(0.9 * pool.capacity());
        assertThat(crowded.percentile(95)).isLessThan(4 * 40);
    }

    @Test
    void nodesThatGoAwayLowerTheLimit() {
        pool.run(30, 0.7);
        pool.run(30, 3);
        pool.workers(4);
        pool.run(10, 3);
        SimulatedPool.Result crowded = pool.run(60, 3);
        assertThat(crowded.perSecond()).isGreaterThan(0.9 * pool.capacity());
        assertThat(crowded.percentile(50)).isLessThan(30);
    }

    @Test
    void requestsOfHighPriorityAreServedAsIfThereWereNoOthers() {
        pool.run(30, 0.7);
        pool.share(Priority.HIGH, 0.2); // of three times the capacity: 60 per cent of it
        pool.run(10, 3);
        SimulatedPool.Result crowded = pool.run(60, 3);
        assertThat(crowded.refused(Priority.HIGH)).isLessThan(crowded.offered(Priority.HIGH) / 100);
        assertThat(crowded.refused(Priority.NORMAL)).isPositive();
        assertThat(crowded.perSecond()).isGreaterThan(0.9 * pool.capacity());
    }

    @Test
    void requestsOfLowPriorityHaveAllTheRoomThatOthersLeave() {
        pool.share(Priority.LOW, 1);
        pool.run(30, 0.7);
        pool.run(10, 3);
        assertThat(pool.run(60, 3).perSecond()).isGreaterThan(0.95 * pool.capacity());
    }

    @Test
    void errorsThatComeFastDoNotMakeTheOthersLate() {
        pool.errors(0.5);
        pool.run(60, 0.7);
        assertThat(pool.run(30, 0.7).refused()).isZero();
    }

    @Test
    void clientsThatLeaveBeforeTheirAnswerAreNoReasonToGoOnAsBefore() {
        pool.patience(1000);
        pool.serviceMillis(300); // a bad start, in which every answer is late
        pool.run(20, 3);
        pool.serviceMillis(10);
        pool.run(40, 0.7);
        SimulatedPool.Result later = pool.run(30, 0.7);
        assertThat(later.perSecond()).isGreaterThan(0.6 * pool.capacity());
        assertThat(later.percentile(95)).isLessThan(100);
    }

    @Test
    void theLimitNeverLeavesItsBounds() {
        AdmissionConfig narrow = new AdmissionConfig(true, 10, 12, 50, Duration.ofMillis(1));
        SimulatedPool bounded = new SimulatedPool(narrow, 2, 10);
        bounded.run(10, 0.5);
        bounded.run(30, 10);
        assertThat(bounded.admission().figures().limit()).isEqualTo(10);
        bounded.workers(100);
        bounded.run(60, 0.9);
        assertThat(bounded.admission().figures().limit()).isBetween(10, 12);
    }
}
