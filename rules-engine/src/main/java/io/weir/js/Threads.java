package io.weir.js;

import io.weir.function.Waiting;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Where things happen that rules wait for. Safe for every thread. */
final class Threads implements Waiting {

    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("weir-rule-timer").factory());

    @Override
    public void after(long millis, Runnable task) {
        timer.schedule(task, millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void blocking(Runnable task) {
        Thread.ofVirtual().name("weir-rule-call").start(task);
    }
}
