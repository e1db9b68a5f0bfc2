package io.weir.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import io.weir.cache.Fill.FillKey;
import io.weir.http.RequestHead;
import io.weir.http.ResponseHead;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What is being fetched from nodes for the store, so that equal requests can wait for one answer;
 * and for which of them that was in vain a short while ago. Safe for every thread.
 */
public final class Fetches {

    /** How long a key whose answer could not be stored is not waited for. */
    private static final long UNSTORABLE_SECONDS = 10;

    /** Bytes that those keys take, about. */
    private static final long MAX_UNSTORABLE = 4L << 20;

    /** What is beside such a key, in bytes. */
    private static final int BESIDE_KEY = 120;

    private final CacheStore store;
    private final Memory memory;
    private final Ticker ticker;
    private final Cache<CacheKey, Boolean> unstorable;
    private final ConcurrentHashMap<FillKey, Fill> fills = new ConcurrentHashMap<>();

    Fetches(CacheStore store, Memory memory, Ticker ticker) {
        this.store = store;
        this.memory = memory;
        this.ticker = ticker;
        this.unstorable =
                Caffeine.newBuilder()
                        .maximumWeight(MAX_UNSTORABLE)
                        .weigher((CacheKey key, Boolean _) -> BESIDE_KEY + key.weight())
                        .expireAfterWrite(UNSTORABLE_SECONDS, TimeUnit.SECONDS)
                        .ticker(ticker::nanos)
                        .executor(Runnable::run)
                        .build();
    }

    /**
     * The fetch under way for {@code request}, or a new one.
     *
     * @param alone whether nobody else may wait for it
     */
    public Joined join(CacheKey key, RequestHead request, boolean alone) {
        if (alone || unstorable.getIfPresent(key) != null) {
            return new Joined(new Fill(this, null, ticker.nanos()), true);
        }
        Stored[] variants = store.variants(key);
        String variant = variants.length == 0 ? "" : variants[0].vary().valuesOf(request);
        FillKey place = new FillKey(key, variant);
        Fill mine = new Fill(this, place, ticker.nanos());
        Fill there =
                fills.compute(
                        place,
                        (same, other) -> other == null || outdated(key, other) ? mine : other);
        return new Joined(there, there == mine);
    }

    /** Whether what is fetched may have been removed since it was asked for. */
    private boolean outdated(CacheKey key, Fill fill) {
        return store.removals().concern(key, List.of(), fill.begunNanos());
    }

    /**
     * A place at a fetch.
     *
     * @param filler whether the caller is the one who fetches
     */
    public record Joined(Fill fill, boolean filler) {}

    /**
     * What became of a response that was looked at.
     *
     * @param stored whose body is now to be filled, with one hold for the fill; null when the
     *     response is not stored
     * @param place takes {@code stored}, with its hold, when it is complete
     * @param reason why not
     */
    public record Begun(@Nullable Stored stored, Consumer<Stored> place, String reason) {
        static Begun no(String reason) {
            return new Begun(null, stored -> {}, reason);
        }
    }

    /** What a response that is stored will be. */
    record Place(CacheKey key, VaryKey vary, StoredHead head, Consumer<Stored> place) {}

    /** Decides whether the response that has begun is stored, and makes room for it. */
    public Begun begin(
            CacheKey key,
            StorePolicy policy,
            RequestHead request,
            ResponseHead response,
            long length,
            StorePolicy.Times times) {
        StorePolicy.Decision decision = policy.decide(request, response, length, times);
        StoredHead head = decision.head();
        VaryKey vary = decision.vary();
        if (head == null || vary == null) {
            if (response.status() != 304) {
                unstorable(key);
            }
            return Begun.no(decision.reason());
        }
        if (length > memory.maxObject()) {
            unstorable(key);
        }
        return begun(
                new Place(key.kept(), vary, head, stored -> store.put(stored, times.sentNanos())),
                length,
                length);
    }

    /**
     * @param length of what is to be filled; negative when it is not known
     * @param whole length of all that it is a part of
     */
    Begun begun(Place place, long length, long whole) {
        if (whole > memory.maxObject()) {
            return Begun.no("too-large");
        }
        Body body = new Body(memory, length < 0 ? -1 : length);
        if (!body.reserveAll()) {
            body.letGo();
            return Begun.no("no-room");
        }
        return new Begun(
                new Stored(place.key(), place.vary(), place.head(), body), place.place(), "");
    }

    /** Nobody joins {@code fill} any more. */
    void forget(Fill fill) {
        FillKey place = fill.key();
        if (place != null) {
            fills.remove(place, fill);
        }
    }

    /** Nobody needs to wait for the answers to {@code key} for a while: they are not stored. */
    void unstorable(CacheKey key) {
        unstorable.put(key, true);
    }

    /** An answer was stored after all. */
    void storable(CacheKey key) {
        unstorable.invalidate(key);
    }

    /** Fetches under way that others may join. */
    public int count() {
        return fills.size();
    }
}
