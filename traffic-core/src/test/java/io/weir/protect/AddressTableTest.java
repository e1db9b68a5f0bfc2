package io.weir.protect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.SplittableRandom;

/** What is remembered of client addresses. */
class AddressTableTest {

    private static final long SECOND = 1_000_000_000L;
    private static final int CAPACITY = 8192;

    private final AddressTable table = new AddressTable(CAPACITY, 42, 0);

    @Test
    void connectionsAreRefusedExactlyBeyondTheLimit() {
        for (int i = 1; i <= 30; i++) {
            assertThat(table.open(0, 7, 30, 0, SECOND, 0)).isEqualTo(i);
        }
        assertThat(table.open(0, 7, 30, 0, SECOND, 0)).isEqualTo(AddressTable.TOO_MANY);
        assertThat(table.open(0, 8, 30, 0, SECOND, 0)).isEqualTo(1);
        assertThat(table.close(0, 7)).isEqualTo(30);
        assertThat(table.open(0, 7, 30, 0, SECOND, 0)).isEqualTo(30);
    }

    @Test
    void theWindowOfARateSlides() {
        for (int i = 0; i < 10; i++) {
            assertThat(table.came(0, 1, 10, SECOND, SECOND / 2)).isTrue();
        }
        assertThat(table.came(0, 1, 10, SECOND, SECOND / 2)).as("the eleventh").isFalse();
        assertThat(table.came(0, 1, 10, SECOND, SECOND)).as("a moment later").isFalse();
        int half = 0;
        while (table.came(0, 1, 10, SECOND, SECOND + SECOND / 2)) {
            half++;
        }
        assertThat(half).as("when half of the window has passed").isEqualTo(5);
        assertThat(table.came(0, 1, 10, SECOND, 4 * SECOND)).as("after a rest").isTrue();
    }

    @Test
    void aMillionAddressesPushOutEachOtherAndNobodyWhoIsConnected() {
        int own = 500;
        for (int i = 0; i < own; i++) {
            assertThat(table.open(1, i, 30, 100, SECOND, 0)).isEqualTo(1);
        }
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 1_000_000; i++) {
            table.came(2, random.nextLong(), 100, SECOND, i * 60_000L);
        }
        assertThat(table.size()).isLessThanOrEqualTo(CAPACITY).isGreaterThan(CAPACITY * 9 / 10);
        for (int i = 0; i < own; i++) {
            assertThat(table.close(1, i)).as("address " + i).isEqualTo(1);
        }
    }

    @Test
    void whoComesOftenIsNotForgottenForWhoCameOnce() {
        for (int i = 0; i < 50; i++) {
            table.came(9, 9, 50, SECOND, 0);
        }
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < 1_000_000; i++) {
            table.came(2, random.nextLong(), 50, SECOND, 0);
        }
        assertThat(table.came(9, 9, 50, SECOND, 0)).as("the limit still holds").isFalse();
    }

    @Test
    void theTenBusiestAreCountedExactly() {
        BusiestAddresses busiest = new BusiestAddresses();
        for (int address = 0; address < 10; address++) {
            for (int n = 1; n <= 20; n++) {
                assertThat(busiest.more(n, 5, 200)).isTrue();
            }
        }
        assertThat(busiest.more(1, 5, 200)).as("one that is not busy").isTrue();
        for (int n = 2; n <= 20; n++) {
            assertThat(busiest.more(n, 5, 200)).as("outside the ten").isTrue();
        }
        assertThat(busiest.more(21, 5, 200)).as("one of the ten gets more").isFalse();
        busiest.moved(20, 19);
        busiest.moved(20, 19);
        assertThat(busiest.more(21, 5, 200)).isTrue();
    }
}
