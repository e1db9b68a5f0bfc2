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

/** A limit of connections: who waits is woken, once, when there is room. */
class GateTest {

    private final AtomicInteger shut = new AtomicInteger();
    private final AtomicInteger resumed = new AtomicInteger();

    private Gate gate(int limit) {
        return new Gate(limit, shut::incrementAndGet);
    }

    @Test
    void saysBeforehandWhenItIsFull() {
        Gate gate = gate(3);
        assertThat(gate.enter()).isTrue();
        assertThat(gate.enter()).isTrue();
        assertThat(gate.enter()).as("the third fits, a fourth would not").isFalse();
        assertThat(gate.inside()).isEqualTo(3);
        assertThat(shut).hasValue(1);
    }

    @Test
    void neverFillsWithoutALimit() {
        Gate gate = gate(0);
        for (int i = 0; i < 100_000; i++) {
            assertThat(gate.enter()).isTrue();
        }
        gate.whenRoom(resumed::incrementAndGet);
        assertThat(resumed).hasValue(1);
        assertThat(shut).hasValue(0);
    }

    @Test
    void wakesWhoWaitsOnceWhenThereIsRoom() {
        Gate gate = gate(1);
        gate.enter();
        gate.whenRoom(resumed::incrementAndGet);
        assertThat(resumed).hasValue(0);
        gate.leave();
        assertThat(resumed).hasValue(1);
        gate.enter();
        gate.leave();
        assertThat(resumed).hasValue(1);
    }

    @Test
    void doesNotLetAnybodyWaitWhenThereIsRoomAlready() {
        Gate gate = gate(2);
        gate.enter();
        gate.whenRoom(resumed::incrementAndGet);
        assertThat(resumed).hasValue(1);
    }

    /** Connections that the kernel had handed over already come in, too. */
    @Test
    void wakesOnlyWhenItIsBelowTheLimit() {
        Gate gate = gate(2);
        for (int i = 0; i < 4; i++) {
            gate.enter();
        }
        gate.whenRoom(resumed::incrementAndGet);
        gate.leave();
        gate.leave();
        assertThat(gate.inside()).isEqualTo(2);
        assertThat(resumed).hasValue(0);
        gate.leave();
        assertThat(resumed).hasValue(1);
    }

    @Test
    void tellsOnceEachTimeItShuts() {
        Gate gate = gate(2);
        gate.enter();
        gate.enter();
        gate.enter();
        assertThat(shut).hasValue(1);
        gate.leave();
        assertThat(shut).as("still full").hasValue(1);
        gate.leave();
        gate.enter();
        assertThat(shut).hasValue(2);
    }

    @Test
    void changedLimitHoldsAtOnce() {
        Gate gate = gate(2);
        gate.enter();
        gate.enter();
        gate.whenRoom(resumed::incrementAndGet);
        gate.limit(3);
        assertThat(resumed).hasValue(1);
        gate.limit(1);
        gate.whenRoom(resumed::incrementAndGet);
        gate.leave();
        assertThat(resumed).as("one is inside, and one is the limit").hasValue(1);
        gate.limit(0);
        assertThat(resumed).hasValue(2);
    }

    @Test
    void waiterMayWaitAgainWhileItIsWoken() {
        Gate gate = gate(1);
        gate.enter();
        Runnable[] again = new Runnable[1];
        again[0] =
                () -> {
                    resumed.incrementAndGet();
                    if (!gate.enter()) {
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
     * Listeners on several threads take connections in until they are told to stop, then wait to be
     * woken; connections end on another thread. Nobody may sleep for ever.
     */
    @Test
    @Timeout(60)
    void nobodyIsForgottenAmongManyThreads() throws Exception {
        int limit = 8;
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
                                            boolean more = gate.enter();
                                            most.accumulateAndGet(gate.inside(), Math::max);
                                            open.release();
                                            if (!more) {
                                                gate.whenRoom(wake::release);
                                                wake.acquireUninterruptibly();
                                            }
                                        }
                                    }));
        }
        Thread clients =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    await(start);
                                    for (int n = 0; n < each * listeners; n++) {
                                        open.acquireUninterruptibly();
                                        gate.leave();
                                    }
                                });
        threads.add(clients);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(gate.inside()).isZero();
        assertThat(most.get()).isLessThanOrEqualTo(limit + listeners - 1);
        assertThat(shut.get()).isPositive();
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
