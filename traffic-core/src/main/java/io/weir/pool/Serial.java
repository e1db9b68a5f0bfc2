package io.weir.pool;

import org.jspecify.annotations.Nullable;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Runs tasks one at a time, in the order given, on whichever thread brings them: the first to come
 * works until nothing is left, the others leave their task behind and go on. So an event loop never
 * waits, and what the tasks share needs no lock. A task that brings another one does not nest it.
 */
final class Serial {

    /** Tasks that a thread does for others before it has itself relieved. */
    static final int PATIENCE = 64;

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger undone = new AtomicInteger();
    private final Executor relief;
    private final Consumer<Throwable> broken;

    /**
     * @param relief goes on when a thread has done enough, so that no event loop is kept
     * @param broken is told what tasks throw; the other tasks run nevertheless
     */
    Serial(Executor relief, Consumer<Throwable> broken) {
        this.relief = relief;
        this.broken = broken;
    }

    /**
     * Runs {@code task} and waits until that is done. Never to be called by another task.
     *
     * @throws IllegalStateException if {@code task} throws, with what it threw as the cause
     */
    void await(Runnable task) {
        FutureTask<@Nullable Void> done = new FutureTask<>(task, null);
        run(done);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    done.get();
                    return;
                } catch (InterruptedException e) {
                    // The other tasks are short, and half a change is worse than a late one.
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Runs {@code task} now, or has it run by the thread that is at it. */
    void run(Runnable task) {
        tasks.add(task);
        if (undone.getAndIncrement() == 0) {
            work();
        }
    }

    private void work() {
        int left = PATIENCE;
        do {
            if (left-- == 0 && relieved()) {
                return;
            }
            Runnable next = tasks.poll();
            if (next == null) {
                throw new IllegalStateException("a task was counted but not queued");
            }
            try {
                next.run();
            } catch (RuntimeException | Error e) {
                // Whatever it is, the tasks that wait behind it must not wait for ever.
                broken.accept(e);
            }
        } while (undone.decrementAndGet() != 0);
    }

    private boolean relieved() {
        try {
            relief.execute(this::work);
            return true;
        } catch (RejectedExecutionException e) {
            // The process is stopping; somebody has to do it.
            return false;
        }
    }
}
