package io.weir.pool;

import io.weir.config.PoolConfig;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** An exchange as a pool sees it, on an event loop that runs when the test says so. */
final class Request implements Selection, Consumer<Choice> {

    private final long hash;
    private final Set<PoolNode> tried = new HashSet<>();
    private int timedOut;
    private boolean repeatable = true;
    private @Nullable PoolNode pinned;
    private final Queue<Runnable> loop = new ArrayDeque<>();

    /** Answers that came late. */
    final List<Choice> answers = new ArrayList<>();

    Request() {
        this(0);
    }

    Request(long hash) {
        this.hash = hash;
    }

    Request pinnedTo(PoolNode node) {
        pinned = node;
        return this;
    }

    Request notRepeatable() {
        repeatable = false;
        return this;
    }

    /** Notes that an attempt on {@code node} has failed. */
    Request failedOn(PoolNode node) {
        tried.add(node);
        return this;
    }

    Request timedOutOn(PoolNode node) {
        timedOut++;
        return failedOn(node);
    }

    /** Runs what waits on the event loop. */
    void runLoop() {
        for (Runnable task = loop.poll(); task != null; task = loop.poll()) {
            task.run();
        }
    }

    @Override
    public void accept(Choice choice) {
        answers.add(choice);
    }

    @Override
    public long hash(PoolConfig.HashKey key) {
        return hash;
    }

    @Override
    public boolean tried(PoolNode node) {
        return tried.contains(node);
    }

    @Override
    public int timedOutAttempts() {
        return timedOut;
    }

    @Override
    public int attempts() {
        return tried.size();
    }

    @Override
    public @Nullable PoolNode pinned() {
        return pinned;
    }

    @Override
    public boolean repeatable() {
        return repeatable;
    }

    @Override
    public Executor loop() {
        return loop::add;
    }
}
