package io.weir.monitor;

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
 * A clock, and a timer that goes by it. Both stand still until a test moves them; tasks run on the
 * test's thread, in the order in which they are due. Confined to that thread.
 */
final class ManualTimer extends AbstractExecutorService
        implements ScheduledExecutorService, Ticker {

    private static final Instant START = Instant.parse("2026-01-01T12:00:00Z");

    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(
                    Comparator.comparingLong((Task task) -> task.due)
                            .thenComparingLong(task -> task.number));
    private long nanos;
    private long numbers;

    /** Moves the clock and does what falls due on the way. */
    void advance(Duration time) {
        long until = nanos + time.toNanos();
        for (Task task = tasks.peek(); task != null && task.due <= until; task = tasks.peek()) {
            tasks.remove(task);
            nanos = Math.max(nanos, task.due);
            task.run();
        }
        nanos = until;
    }

    /** Does what is due now. */
    void settle() {
        advance(Duration.ZERO);
    }

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public Instant now() {
        return START.plusNanos(nanos);
    }

    @Override
    public void execute(Runnable command) {
        tasks.add(new Task(command, nanos, numbers++));
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        Task task = new Task(command, nanos + unit.toNanos(delay), numbers++);
        tasks.add(task);
        return task;
    }

    private final class Task extends FutureTask<Object> implements ScheduledFuture<Object> {
        private final long due;
        private final long number;

        Task(Runnable command, long due, long number) {
            super(command, "done");
            this.due = due;
            this.number = number;
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(due - nanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected void setException(Throwable cause) {
            throw new AssertionError("a task of the timer failed", cause);
        }
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
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Runnable> shutdownNow() {
        throw new UnsupportedOperationException();
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
        return false;
    }
}
