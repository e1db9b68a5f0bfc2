package io.weir.monitor;

import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * The threads and clocks that drive checks: one timer thread on which everything is decided, and an
 * executor on which checks run. Safe for every thread but for {@link #later} and {@link #spread},
 * which belong to the timer thread.
 */
final class Clockwork {

    private static final Logger log = LoggerFactory.getLogger(Monitors.class);

    private final Executor runner;
    private final ScheduledExecutorService timer;
    private final Ticker ticker;
    private final RandomGenerator random;
    private final Set<Run> running = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;

    Clockwork(
            Executor runner,
            ScheduledExecutorService timer,
            Ticker ticker,
            RandomGenerator random) {
        this.runner = runner;
        this.timer = timer;
        this.ticker = ticker;
        this.random = random;
    }

    Ticker ticker() {
        return ticker;
    }

    /** Does {@code task} on the timer thread, as soon as it is free. */
    void onTimer(Runnable task) {
        try {
            timer.execute(() -> perform(task));
        } catch (RejectedExecutionException _) {
            // The timer was shut down, so nothing is to be decided any more.
        }
    }

    /** Does {@code task} on the timer thread after {@code delay}; null when it was shut down. */
    @Nullable ScheduledFuture<?> later(Duration delay, Runnable task) {
        try {
            return timer.schedule(() -> perform(task), delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException _) {
            return null;
        }
    }

    /** Between a half and all of {@code delay}, so that what began together does not stay so. */
    Duration spread(Duration delay) {
        return Duration.ofNanos((long) (delay.toNanos() * random.nextDouble(0.5, 1.0)));
    }

    /** Hands a check to the executor. */
    void launch(Run run) {
        running.add(run);
        try {
            runner.execute(
                    () -> {
                        try {
                            run.run();
                        } finally {
                            running.remove(run);
                        }
                    });
        } catch (RejectedExecutionException _) {
            running.remove(run);
        }
        if (stopped) {
            run.abandon();
        }
    }

    /**
     * From here on does nothing more, except {@code last} on the timer thread. Interrupts the
     * checks under way and returns them.
     */
    Set<Run> stop(Runnable last) {
        stopped = true;
        running.forEach(Run::abandon);
        try {
            timer.execute(last);
        } catch (RejectedExecutionException _) {
            // The timer was shut down and has dropped its tasks by itself.
        }
        return Set.copyOf(running);
    }

    private void perform(Runnable task) {
        if (stopped) {
            return;
        }
        try {
            task.run();
        } catch (RuntimeException e) {
            // An executor would swallow it, and with it the fate of a monitor.
            log.error("A monitor's task broke down", e);
        }
    }
}
