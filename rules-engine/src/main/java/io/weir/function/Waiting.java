package io.weir.function;

import org.jspecify.annotations.Nullable;

import java.util.function.Consumer;
import java.util.function.Supplier;

/** Runs things later, and things that block, away from the event loops. Safe for every thread. */
public interface Waiting {

    void after(long millis, Runnable task);

    /** Runs a task that may block, on a thread of its own. */
    void blocking(Runnable task);

    /**
     * Runs what takes processor time and memory, on a thread whose brake is pulled when it takes
     * too much.
     *
     * @param bytes that it may allocate
     * @param done takes the result on that thread; an {@link OverLimitException} when the work was
     *     ended, or there is too much of it
     */
    void working(long bytes, Supplier<Object> work, Consumer<@Nullable Object> done);
}
