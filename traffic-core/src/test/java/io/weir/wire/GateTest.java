package io.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A limit of connections: nobody gets in above it, and who waits is woken once, and always. */
class GateTest {

    private final AtomicInteger shut = new AtomicInteger();
    private final AtomicInteger resumed = new AtomicInteger();

    private Gate gate(int limit) {
        return new Gate(limit, shut::incrementAndGet);
    }

    @Test
    void letsInAsManyAsTheLimit() {
        Gate gate = gate(2);
        assertThat(gate.tryEnter()).isTrue();
        assertThat(gate.tryEnter()).isTrue();
        assertThat(shut).hasValue(0);
        assertThat(gate.tryEnter()).isFalse();
        assertThat(gate.inside()).isEqualTo(2);
        gate.leave();
        assertThat(gate.inside()).isEqualTo(1);
        assertThat(gate.tryEnter()).isTrue();
        assertThat(gate.tryEnter()).isFalse();
    }

    @Test
    void neverFillsWithoutALimit() {
        Gate gate = gate(0);
        for (int i = 0; i < 100_000; i++) {
            assertThat(gate.tryEnter()).isTrue();
        }
        assertThat(gate.inside()).isEqualTo(100_000);
        gate.whenRoom(resumed::incrementAndGet);
        assertThat(resumed).hasValue(1);
        assertThat(shut).hasValue(0);
    }

    @Test
    void wakesWhoWaitsOnceWhenThereIsRoom() {
        Gate gate = gate(1);
        gate.tryEnter();
        gate.whenRoom(resumed::incrementAndGet);
        assertThat(resumed).hasValue(0);
        gate.leave();
        assertThat(resumed).hasValue(1);
        gate.tryEnter();
        gate.leave();
        assertThat(resumed).hasValue(1);
    }

    @Test
    void doesNotLetAnybodyWaitWhenThereIsRoomAlready() {
        Gate gate = gate(2);
        gate.tryEnter();
        gate.whenRoom(resumed::incrementAndGet);
        assertThat(resumed).hasValue(1);
    }

    @Test
    void tellsOnceEachTimeItShuts() {
        Gate gate = gate(1);
        gate.tryEnter();
        gate.tryEnter();
        gate.tryEnter();
        assertThat(shut).hasValue(1);
        gate.leave();
        gate.tryEnter();
        gate.tryEnter();
        assertThat(shut).hasValue(2);
    }

    @Test
    void changedLimitHoldsAtOnce() {
        Gate gate = gate(2);
        gate.tryEnter();
        gate.tryEnter();
        gate.whenRoom(resumed::incrementAndGet);
        gate.limit(3);
        assertThat(resumed).hasValue(1);
        gate.limit(1);
        assertThat(gate.inside()).as("those above the new limit stay").isEqualTo(2);
        gate.whenRoom(resumed::incrementAndGet);
        gate.leave();
        assertThat(resumed).as("one is inside, and one is the limit").hasValue(1);
        assertThat(gate.tryEnter()).isFalse();
        gate.limit(0);
        assertThat(resumed).hasValue(2);
        assertThat(gate.tryEnter()).isTrue();
    }

    @Test
    void waiterMayWaitAgainWhileItIsWoken() {
        Gate gate = gate(1);
        gate.tryEnter();
        Runnable[] again = new Runnable[1];
        again[0] =
                () -> {
                    resumed.incrementAndGet();
                    if (gate.tryEnter() && !gate.tryEnter()) {
                        gate.whenRoom(again[0]);
                    }
                };
        gate.whenRoom(again[0]);
        gate.leave();
        assertThat(resumed).hasValue(1);
        assertThat(gate.inside()).isEqualTo(1);
        gate.leave();
        assertThat(resumed).hasValue(2);
    }

    /**
     * Listeners on several threads take connections in until the gate is shut, then wait to be
     * woken; connections end on another thread. Nobody may sleep for ever, and nobody gets in above
     * the limit.
     */
    @Test
    @Timeout(60)
    void nobodyIsForgottenAmongManyThreads() throws Exception {
        int limit = 3;
        int each = 20_000;
        int listeners = 4;
        Gate gate = gate(limit);
        Semaphore open = new Semaphore(0);
        AtomicInteger most = new AtomicInteger();
        CyclicBarrier start = new CyclicBarrier(listeners + 1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < listeners; i++) {
            threads.add(
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        Semaphore wake = new Semaphore(0);
                                        await(start);
                                        for (int n = 0; n < each; n++) {
                                            while (!gate.tryEnter()) {
                                                gate.whenRoom(wake::release);
                                                wake.acquireUninterruptibly();
                                            }
                                            most.accumulateAndGet(gate.inside(), Math::max);
                                            open.release();
                                        }
                                    }));
        }
        threads.add(
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    await(start);
                                    for (int n = 0; n < each * listeners; n++) {
                                        open.acquireUninterruptibly();
                                        gate.leave();
                                    }
                                }));
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(gate.inside()).isZero();
        assertThat(most.get()).isLessThanOrEqualTo(limit);
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
