package io.weir.function;

/** Runs things later, and things that block, away from the event loops. Safe for every thread. */
public interface Waiting {

    void after(long millis, Runnable task);

    /** Runs a task that may block, on a thread of its own. */
    void blocking(Runnable task);
}
