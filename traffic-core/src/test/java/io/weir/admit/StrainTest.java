package io.weir.admit;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.admit.Strain.Memory;
import io.weir.config.Priority;

import org.junit.jupiter.api.Test;

/** Which requests a loop refuses that is late, or has no memory. */
class StrainTest {

    private static final long MOST = 500;

    private final Strain strain = new Strain();

    private void late(int looks) {
        for (int i = 0; i < looks; i++) {
            strain.look(MOST + 1, MOST, Memory.PLENTY);
        }
    }

    private int refusedOf100(Priority priority) {
        int count = 0;
        for (int i = 0; i < 100; i++) {
            count += strain.refuses(priority) != null ? 1 : 0;
        }
        return count;
    }

    @Test
    void beingLateForAWhileRefusesAShareOfThoseOfLowPriorityFirst() {
        late(5);
        assertThat(refusedOf100(Priority.LOW)).isBetween(45, 55);
        assertThat(refusedOf100(Priority.NORMAL)).isZero();
        late(10);
        assertThat(refusedOf100(Priority.LOW)).isGreaterThanOrEqualTo(99);
        assertThat(refusedOf100(Priority.NORMAL)).isBetween(45, 55);
        assertThat(refusedOf100(Priority.HIGH)).isZero();
        late(100);
        assertThat(refusedOf100(Priority.HIGH)).isBetween(80, 95);
        assertThat(strain.refused()).isGreaterThan(200);
    }

    @Test
    void onceInTimeAgainItRefusesNobodyWithinASecond() {
        late(100);
        for (int i = 0; i < 20; i++) {
            strain.look(0, MOST, Memory.PLENTY);
        }
        assertThat(refusedOf100(Priority.LOW)).isZero();
        assertThat(strain.any()).isFalse();
    }

    @Test
    void noLimitMeansAnyLateness() {
        for (int i = 0; i < 100; i++) {
            strain.look(Long.MAX_VALUE, 0, Memory.PLENTY);
        }
        assertThat(refusedOf100(Priority.LOW)).isZero();
    }

    @Test
    void shortMemoryIsKeptForHighPriorityAndTheLastOfItForNobody() {
        strain.look(0, MOST, Memory.SHORT);
        assertThat(refusedOf100(Priority.NORMAL)).isEqualTo(100);
        assertThat(refusedOf100(Priority.HIGH)).isZero();
        strain.look(0, MOST, Memory.GONE);
        assertThat(refusedOf100(Priority.HIGH)).isEqualTo(100);
        strain.look(0, MOST, Memory.PLENTY);
        assertThat(refusedOf100(Priority.LOW)).isZero();
    }
}
