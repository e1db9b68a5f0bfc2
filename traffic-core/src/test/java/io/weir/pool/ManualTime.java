package io.weir.pool;

import io.weir.time.Ticker;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Time that a test moves, with the tasks that are due meanwhile. Its reading overflows after some
 * seconds. Confined to one thread.
 */
public final class ManualTime extends AbstractExecutorService
        implements Ticker, ScheduledExecutorService {

    private static final long START = Long.MAX_VALUE - Duration.ofSeconds(7).toNanos();

    private long elapsed;
    private long count;
    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(
                    Comparator.comparingLong((Task t) -> t.at).thenComparingLong(t -> t.number));

    @Override
    public long nanos() {
        return START + elapsed;
    }

    @Override
    public Instant now() {
        return Instant.parse("2026-01-01T12:00:00Z").plusNanos(elapsed);
    }

    /** How far the clock was moved in all. */
    Duration elapsed() {
        return Duration.ofNanos(elapsed);
    }

    /** Moves the clock, running each task at its time. */
    public void advance(Duration time) {
        long end = elapsed + time.toNanos();
        for (Task next = tasks.peek(); next != null && next.at <= end; next = tasks.peek()) {
            tasks.poll();
            elapsed = Math.max(elapsed, next.at);
            next.run();
        }
        elapsed = end;
    }

    void at(Duration delay, Runnable task) {
        schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        Task task = new Task(command, elapsed + unit.toNanos(delay), count++);
        tasks.add(task);
        return task;
    }

    private final class Task extends FutureTask<Void> implements ScheduledFuture<Void> {
        private final long at;
        private final long number;

        @SuppressWarnings("NullAway") // a task without a result
        Task(Runnable command, long at, long number) {
            super(command, null);
            this.at = at;
            this.number = number;
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(at - elapsed, TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(at, ((Task) other).at);
        }
    }

    @Override
    public void execute(Runnable command) {
        schedule(command, 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(
            Runnable command, long initialDelay, long period, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(
            Runnable command, long initialDelay, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void shutdown() {
        tasks.clear();
    }

    @Override
    public List<Runnable> shutdownNow() {
        tasks.clear();
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return true;
    }
}
