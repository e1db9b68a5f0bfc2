package io.weir.cache;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * A response that is being fetched for the store, and the requests that wait for it (request
 * coalescing). The exchange that fetches it decides it exactly once: {@link #offer} or {@link
 * #refuse}. Safe for every thread.
 */
public final class Fill {

    /**
     * Requests that may wait for the same answer.
     *
     * @param variant values of the fields that the answer is expected to vary by
     */
    record FillKey(CacheKey key, String variant) {}

    private final Fetches fetches;
    private final @Nullable FillKey key;
    private final long begunNanos;
    private final List<Runnable> waiting = new ArrayList<>();
    private @Nullable Stored offered;
    private boolean decided;
    private volatile long grewNanos = Long.MIN_VALUE;

    Fill(Fetches fetches, @Nullable FillKey key, long now) {
        this.fetches = fetches;
        this.key = key;
        this.begunNanos = now;
    }

    /**
     * Waits for the decision.
     *
     * @param wake runs once on the thread of the decision; if something is {@link #offered} then,
     *     its body is held for the one who waits, who lets go of it
     * @return false when the decision is there already
     */
    public boolean await(Runnable wake) {
        synchronized (this) {
            if (!decided) {
                waiting.add(wake);
                return true;
            }
        }
        return false;
    }

    /** Ends what {@link #await} began. */
    public synchronized void leave(Runnable wake) {
        waiting.remove(wake);
    }

    /** Whether others wait. */
    public synchronized boolean awaited() {
        return !waiting.isEmpty();
    }

    /** What can be served, after the decision; null when nothing can. */
    public synchronized @Nullable Stored offered() {
        return offered;
    }

    /** More of the body has come at {@code now}. */
    void grew(long now) {
        grewNanos = now;
    }

    /** Whether nothing has come for {@code nanos} since the body began to. */
    public boolean stalled(long now, long nanos) {
        long grew = grewNanos;
        return grew != Long.MIN_VALUE && now - grew > nanos;
    }

    /** Those who wait may have {@code stored}, whose body may still be growing. */
    void offer(Stored stored) {
        decide(stored);
    }

    /** The node has said that {@code stored} is still good: those who wait may have it. */
    public void confirmed(Stored stored, long now) {
        if (stored.mayBeShared(now)) {
            decide(stored);
            fetches.forget(this);
        } else {
            refuseFor(stored);
        }
    }

    /** {@code stored} is only for who asked for it: nobody waits for its like for a while. */
    void refuseFor(Stored stored) {
        fetches.unstorable(stored.key());
        refuse();
    }

    /** Those who wait have to go on by themselves, and nobody else joins. */
    public void refuse() {
        fetches.forget(this);
        decide(null);
    }

    /** Nobody joins any more: the response is in the store, or will never be. */
    void closed() {
        fetches.forget(this);
    }

    @Nullable FillKey key() {
        return key;
    }

    /** When the first one asked for it. */
    long begunNanos() {
        return begunNanos;
    }

    private static boolean held(Stored stored, int times) {
        for (int i = 0; i < times; i++) {
            if (!stored.body().hold()) {
                return false;
            }
        }
        return true;
    }

    private void decide(@Nullable Stored stored) {
        List<Runnable> all;
        synchronized (this) {
            if (decided) {
                return;
            }
            decided = true;
            all = List.copyOf(waiting);
            waiting.clear();
            // The store may give it up before those who wait have had a look.
            offered = stored != null && held(stored, all.size()) ? stored : null;
        }
        all.forEach(Runnable::run);
    }
}
