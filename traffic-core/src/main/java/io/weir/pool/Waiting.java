package io.weir.pool;

import io.weir.config.PoolConfig;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * A place in the queue of a pool whose nodes are full. The answer, a {@link Lease} or a {@link
 * NoNode}, comes through the callback on the exchange's event loop. Confined to that loop.
 */
public final class Waiting implements Choice {

    private final Pool pool;
    private final Selection live;
    private final Frozen frozen;
    private final Consumer<Choice> later;
    private final Executor loop;
    private final long since;

    private boolean cancelled;

    /** The place in another pool's queue, when this one's nodes have died meanwhile. */
    private @Nullable Waiting moved;

    Waiting(Pool pool, PoolView view, Selection selection, Consumer<Choice> later, long since) {
        this.pool = pool;
        this.live = selection;
        this.later = later;
        this.since = since;
        loop = selection.loop();
        frozen = new Frozen(view, selection);
    }

    /** Gives the place up, because the client has gone; the callback is not called any more. */
    public void cancel() {
        if (cancelled) {
            return;
        }
        cancelled = true;
        Waiting elsewhere = moved;
        if (elsewhere != null) {
            elsewhere.cancel();
        } else {
            pool.forget(this);
        }
    }

    /** What the exchange said of itself, readable on every thread. */
    Selection selection() {
        return frozen;
    }

    /** When the wait began, as reading of the pool's ticker. */
    long since() {
        return since;
    }

    /** Brings {@code answer} to the exchange. Called on any thread. */
    void answer(Choice answer) {
        onLoop(
                () -> {
                    if (!cancelled) {
                        later.accept(answer);
                    } else if (answer instanceof Lease lease) {
                        lease.close();
                    }
                },
                answer);
    }

    /** Has the exchange ask its pool again, since waiting here has no sense any more. */
    void askAgain() {
        onLoop(
                () -> {
                    if (cancelled) {
                        return;
                    }
                    Choice next = pool.choose(live, later);
                    if (next instanceof Waiting elsewhere) {
                        moved = elsewhere;
                    } else {
                        later.accept(next);
                    }
                },
                null);
    }

    private void onLoop(Runnable task, @Nullable Choice answer) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            // The loop has stopped and the exchange with it; nobody else would give the node back.
            if (answer instanceof Lease lease) {
                lease.close();
            }
        }
    }

    /** A copy of what matters while waiting: the exchange itself may be asked on its loop only. */
    private static final class Frozen implements Selection {

        private final long hash;
        private final Set<PoolNode> tried = new HashSet<>();
        private final int attempts;
        private final int timedOutAttempts;
        private final @Nullable PoolNode pinned;
        private final Executor loop;

        Frozen(PoolView view, Selection exchange) {
            hash = exchange.hash(view.config().hash());
            attempts = exchange.attempts();
            timedOutAttempts = exchange.timedOutAttempts();
            pinned = exchange.pinned();
            loop = exchange.loop();
            if (attempts > 0) {
                for (PoolView.Entry entry : view.entries()) {
                    if (exchange.tried(entry.node())) {
                        tried.add(entry.node());
                    }
                }
            }
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
        public int attempts() {
            return attempts;
        }

        @Override
        public int timedOutAttempts() {
            return timedOutAttempts;
        }

        @Override
        public @Nullable PoolNode pinned() {
            return pinned;
        }

        @Override
        public Executor loop() {
            return loop;
        }
    }
}
