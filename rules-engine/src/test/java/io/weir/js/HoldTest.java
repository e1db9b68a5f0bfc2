package io.weir.js;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How long rules are held back that ran away. */
class HoldTest {

    private static final long MS = 1_000_000;

    private final Hold hold = new Hold();

    @Test
    void aRuleThatNeverRanAwayAlwaysRuns() {
        assertThat(hold.lets(0)).isTrue();
        hold.endedWell();
        assertThat(hold.lets(0)).isTrue();
    }

    @Test
    void eachTimeInARowIsTwiceAsLong() {
        hold.ranAway(0);
        assertThat(hold.lets(249 * MS)).isFalse();
        assertThat(hold.lets(250 * MS)).isTrue();
        hold.ranAway(300 * MS);
        assertThat(hold.lets(799 * MS)).isFalse();
        assertThat(hold.lets(800 * MS)).isTrue();
        for (int i = 0; i < 20; i++) {
            hold.ranAway(1000 * MS);
        }
        assertThat(hold.lets(32_999 * MS)).isFalse();
        assertThat(hold.lets(33_000 * MS)).isTrue();
    }

    @Test
    void behindAHoldOneRunIsTriedAndTheOthersWaitForIt() {
        hold.ranAway(0);
        assertThat(hold.lets(300 * MS)).isTrue();
        assertThat(hold.lets(300 * MS)).isFalse();
        assertThat(hold.lets(400 * MS)).isFalse();
        hold.endedWell();
        assertThat(hold.lets(400 * MS)).isTrue();
        assertThat(hold.lets(400 * MS)).isTrue();
    }

    @Test
    void aTriedRunOfWhichNothingIsHeardIsFollowedByAnother() {
        hold.ranAway(0);
        assertThat(hold.lets(300 * MS)).isTrue();
        assertThat(hold.lets(549 * MS)).isFalse();
        assertThat(hold.lets(550 * MS)).isTrue();
    }
}
