package io.weir.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

class SerialTest {

    private final List<Throwable> broken = new ArrayList<>();
    private final Serial serial = new Serial(Runnable::run, broken::add);

    @Test
    void aTaskThatBringsAnotherIsFinishedFirst() {
        List<String> order = new ArrayList<>();
        serial.run(
                () -> {
                    serial.run(() -> order.add("inner"));
                    order.add("outer");
                });

        assertThat(order).containsExactly("outer", "inner");
    }

    @Test
    void aTaskThatThrowsDoesNotKeepTheOthersFromRunning() {
        List<String> order = new ArrayList<>();
        serial.run(
                () -> {
                    serial.run(() -> order.add("next"));
                    throw new AssertionError("broken");
                });

        assertThat(order).containsExactly("next");
        assertThat(broken).hasSize(1);
    }

    @Test
    void whoWaitsGetsTheException() {
        assertThatThrownBy(
                        () ->
                                serial.await(
                                        () -> {
                                            throw new IllegalArgumentException("no");
                                        }))
                .hasCauseInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aThreadIsRelievedOfTheTasksOfOthers() {
        List<Runnable> relief = new ArrayList<>();
        Serial patient = new Serial(relief::add, broken::add);
        int[] count = new int[1];
        patient.run(
                () -> {
                    for (int i = 0; i < 100; i++) {
                        patient.run(() -> count[0]++);
                    }
                });
        assertThat(count[0]).isEqualTo(Serial.PATIENCE - 1);

        patient.run(() -> count[0] += 1000);
        relief.removeFirst().run();

        assertThat(count[0]).isEqualTo(1100);
        assertThat(relief).isEmpty();
    }

    @Test
    void tasksOfManyThreadsNeverOverlapAndNoneIsLost() throws InterruptedException {
        int threads = 4;
        int tasks = 20_000;
        int[] count = new int[1];
        CountDownLatch done = new CountDownLatch(threads * tasks);
        List<Thread> all = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            all.add(
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        for (int i = 0; i < tasks; i++) {
                                            serial.run(
                                                    () -> {
                                                        count[0]++;
                                                        done.countDown();
                                                    });
                                        }
                                    }));
        }
        for (Thread thread : all) {
            thread.join();
        }
        done.await();

        assertThat(count[0]).isEqualTo(threads * tasks);
    }
}
