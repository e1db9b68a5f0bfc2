package io.weir.js;

import io.weir.function.OverLimitException;
import io.weir.function.Waiting;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Where things happen that rules wait for. Safe for every thread. */
final class Threads implements Waiting {

    /** Processor time that one piece of work may take. */
    static final long WORK_NANOS = TimeUnit.MILLISECONDS.toNanos(800);

    /** Pieces of work at once; what waits for processor time gains nothing from more. */
    private static final int WORKERS = 2;

    private static final int MAX_WAITING = 1000;

    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("weir-rule-timer").factory());

    private final ThreadPoolExecutor workers =
            new ThreadPoolExecutor(
                    WORKERS,
                    WORKERS,
                    30,
                    TimeUnit.SECONDS,
                    new ArrayBlockingQueue<>(MAX_WAITING),
                    Thread.ofPlatform().daemon().name("weir-rule-work-", 0).factory());

    private final Watchdog watchdog;

    Threads(Watchdog watchdog) {
        this.watchdog = watchdog;
        workers.allowCoreThreadTimeOut(true);
    }

    /** Drops what waits, and ends what is done. */
    void close() {
        timer.shutdownNow();
        workers.shutdownNow();
    }

    @Override
    public void after(long millis, Runnable task) {
        timer.schedule(task, millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void blocking(Runnable task) {
        Thread.ofVirtual().name("weir-rule-call").start(task);
    }

    @Override
    public void working(long bytes, Supplier<Object> work, Consumer<@Nullable Object> done) {
        try {
            workers.execute(() -> done.accept(watchdog.within(WORK_NANOS, bytes, work)));
        } catch (RejectedExecutionException e) {
            done.accept(
                    new OverLimitException(MAX_WAITING + " pieces of work of rules wait already"));
        }
    }
}
