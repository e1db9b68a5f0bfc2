package io.weir.testkit;

import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;

/**
 * The clocks of the machine, which make the event loop wait that asks for the time: so that what
 * happens meanwhile is all there when it goes on. For a Weir with one event loop. Safe for every
 * thread.
 */
public final class HeldLoop implements Ticker {

    private record Hold(CountDownLatch reached, CountDownLatch over) {}

    private volatile @Nullable Hold hold;

    /** Runs {@code task} while the event loop stands still. */
    public <E extends Exception> void during(Task<E> task) throws E {
        Hold here = new Hold(new CountDownLatch(1), new CountDownLatch(1));
        hold = here;
        try {
            await(here.reached);
            task.run();
        } finally {
            hold = null;
            here.over.countDown();
        }
    }

    /** What happens while the event loop stands still. */
    @FunctionalInterface
    public interface Task<E extends Exception> {
        void run() throws E;
    }

    @Override
    public long nanos() {
        Hold here = hold;
        if (here != null && Thread.currentThread().getName().startsWith("weir-loop")) {
            here.reached.countDown();
            await(here.over);
        }
        return System.nanoTime();
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new InterruptedIOException());
        }
    }
}
