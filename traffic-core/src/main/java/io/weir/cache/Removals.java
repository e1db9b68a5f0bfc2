package io.weir.cache;

import io.weir.time.Ticker;

import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.Stream;

/**
 * What has been invalidated or purged, and when, so that a response that was asked for before is
 * not stored after it. Bounded: targets share places, and of many purges the oldest counts for
 * everything; so now and then a response is not stored that could have been. Safe for every thread.
 */
final class Removals {

    private static final int PLACES = 4096;
    private static final int MOST_PURGES = 64;

    private final Ticker ticker;
    private final AtomicLongArray invalidated = new AtomicLongArray(PLACES);

    /** The latest first. */
    private volatile List<Purge> purges = List.of();

    /** When the latest purge was that is not among {@link #purges} any more. */
    private volatile long forgotten;

    private record Purge(CacheQuery query, long nanos) {}

    Removals(Ticker ticker) {
        this.ticker = ticker;
        long now = ticker.nanos();
        forgotten = now;
        for (int i = 0; i < PLACES; i++) {
            invalidated.set(i, now);
        }
    }

    private static int place(CacheKey key) {
        int hash = key.targetHash();
        return (hash ^ hash >>> 16) & PLACES - 1;
    }

    /** Everything under the target of {@code key} is going to be removed. */
    void invalidated(CacheKey key) {
        invalidated.set(place(key), ticker.nanos());
    }

    /** Everything that fits {@code query} is going to be removed, or made stale. */
    synchronized void purged(CacheQuery query) {
        List<Purge> before = purges;
        boolean full = before.size() == MOST_PURGES;
        if (full) {
            forgotten = before.getLast().nanos();
        }
        List<Purge> kept = full ? before.subList(0, MOST_PURGES - 1) : before;
        Purge latest = new Purge(query, ticker.nanos());
        purges = Stream.concat(Stream.of(latest), kept.stream()).toList();
    }

    /**
     * Whether something was removed that a response would belong to.
     *
     * @param asked reading of the ticker when the node was asked for it
     */
    boolean concern(CacheKey key, List<String> tags, long asked) {
        if (invalidated.get(place(key)) - asked > 0 || forgotten - asked > 0) {
            return true;
        }
        for (Purge each : purges) {
            if (each.nanos() - asked <= 0) {
                return false;
            }
            if (each.query().fits(key, tags)) {
                return true;
            }
        }
        return false;
    }
}
