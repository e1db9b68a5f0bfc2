package io.weir.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;

import io.weir.config.CacheConfig;
import io.weir.http.FieldName;
import io.weir.http.RequestHead;
import io.weir.http.ResponseHead;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The stored responses of all virtual servers, in memory: which of them stay is W-TinyLFU's choice,
 * weighed by bytes; bodies live outside the heap. Safe for every thread; never blocks for long.
 */
public final class CacheStore {

    /** Variants kept under one key. */
    private static final int MAX_VARIANTS = 64;

    /** Bytes of all variants under one key; the policy weighs in whole numbers below 2 GiB. */
    private static final long MAX_VARIANT_BYTES = 1L << 30;

    private static final Stored[] NO_VARIANTS = {};

    private final Memory memory;
    private final Ticker ticker;
    private final Cache<CacheKey, Stored[]> entries;
    private final TargetKeys keys = new TargetKeys();
    private final Reserve reserve;
    private final Fetches fetches;
    private final Removals removals;
    private final ConcurrentHashMap<String, CacheZone> zones = new ConcurrentHashMap<>();
    private volatile CacheConfig.Store config;
    private final Parts parts = new Parts(this);
    private volatile @Nullable DiskTier disk;

    public CacheStore(CacheConfig.Store config, Ticker ticker) {
        this.config = config;
        this.ticker = ticker;
        this.memory = new Memory(config.size(), config.objectLimit(), this::makeRoom);
        this.entries =
                Caffeine.newBuilder()
                        .maximumWeight(Reserve.atFirst(config.size()))
                        .weigher(CacheStore::weight)
                        .evictionListener(this::evicted)
                        .executor(Runnable::run)
                        .build();
        this.reserve = new Reserve(memory, config.size(), this::bound);
        this.removals = new Removals(ticker);
        this.fetches = new Fetches(this, memory, ticker);
    }

    private void bound(long weight) {
        entries.policy().eviction().ifPresent(eviction -> eviction.setMaximum(weight));
    }

    private boolean makeRoom(long bytes) {
        return reserve.makeRoom(bytes);
    }

    private static int weight(CacheKey key, Stored[] variants) {
        long weight = 0;
        for (Stored each : variants) {
            weight += each.weight();
        }
        return (int) Math.min(weight, Integer.MAX_VALUE);
    }

    private void evicted(@Nullable CacheKey key, Stored @Nullable [] variants, RemovalCause cause) {
        if (variants != null && variants.length > 0) {
            CacheKey of = variants[0].key();
            of.zone().evicted(variants.length);
            keys.remove(of);
            release(variants);
        }
    }

    private static void release(Stored[] variants) {
        for (Stored each : variants) {
            each.release();
        }
    }

    /** Uses other bounds from now on. */
    public void configure(CacheConfig.Store next) {
        config = next;
        memory.limits(next.size(), next.objectLimit());
        reserve.resize(next.size());
    }

    /**
     * Keeps responses in files as well, from now on.
     *
     * @param directory used by nobody else
     * @param bytes of all files together
     * @throws IOException when the directory cannot be used
     */
    public void useDisk(Path directory, long bytes) throws IOException {
        disk = DiskTier.open(directory, bytes, this, ticker);
    }

    /** Looks through the files of an earlier process, once; all zones are known now. */
    public void readDisk() {
        DiskTier tier = disk;
        if (tier != null) {
            tier.scan();
        }
    }

    @Nullable DiskTier disk() {
        return disk;
    }

    /** The longest target that is looked up. */
    public int maxPathLength() {
        return config.maxPathLength();
    }

    /** The part of virtual server {@code name}; always the same object while it is in use. */
    public CacheZone zone(String name) {
        return zones.computeIfAbsent(name, CacheZone::new);
    }

    @Nullable CacheZone zoneIfAny(String name) {
        return zones.get(name);
    }

    /** The parts that are in use. */
    public Collection<CacheZone> zones() {
        return List.copyOf(zones.values());
    }

    /** Forgets all parts but those of the virtual servers {@code names}. */
    public void retainZones(Collection<String> names) {
        if (zones.keySet().retainAll(List.copyOf(names))) {
            entries.asMap().keySet().stream()
                    .filter(key -> !zones.containsValue(key.zone()))
                    .forEach(this::drop);
            DiskTier tier = disk;
            if (tier != null) {
                tier.retain(zones.values());
            }
        }
    }

    // ---- looking

    /**
     * The stored response for {@code request}, fresh or not, with its body held for the caller;
     * null when there is none that is complete.
     *
     * @param now reading of the ticker
     */
    public @Nullable Stored find(CacheKey key, RequestHead request, long now) {
        Stored[] variants = entries.policy().getIfPresentQuietly(key);
        for (Stored each : variants == null ? NO_VARIANTS : variants) {
            if (!each.body().inParts() && each.vary().matches(request)) {
                if (each.worthMentioning(now)) {
                    // The policy is told: what is asked for all the time need not be told each
                    // time.
                    var _ = entries.getIfPresent(key);
                }
                return each.body().hold() ? each : null;
            }
        }
        return null;
    }

    /** Everything that is stored under {@code key}; not to be changed. */
    Stored[] variants(CacheKey key) {
        Stored[] variants = entries.getIfPresent(key);
        return variants == null ? NO_VARIANTS : variants;
    }

    /** Responses of which only parts are there. */
    public Parts parts() {
        return parts;
    }

    /**
     * Brings the response for {@code request} from the disk into memory, if it lies there.
     *
     * @param done runs on another thread, or before this returns, however it went
     * @return false, and {@code done} never runs, when there is none
     */
    public boolean load(CacheKey key, RequestHead request, Runnable done) {
        DiskTier tier = disk;
        return tier != null && tier.load(key, request, done);
    }

    /** Whether the variant is in memory. */
    boolean has(CacheKey key, VaryKey vary) {
        Stored[] variants = entries.policy().getIfPresentQuietly(key);
        return variants != null
                && Arrays.stream(variants)
                        .anyMatch(v -> v.vary().same(vary) && !v.body().inParts());
    }

    /** Whether anything is stored under {@code key}, for whatever request. */
    public boolean holds(CacheKey key) {
        return entries.policy().getIfPresentQuietly(key) != null;
    }

    // ---- filling

    /** What is being fetched from nodes. */
    public Fetches fetches() {
        return fetches;
    }

    /** What was removed a short while ago. */
    Removals removals() {
        return removals;
    }

    /**
     * Puts a complete response in the place of those with the same variant, unless what it belongs
     * to was removed meanwhile.
     *
     * @param asked reading of the ticker when the node was asked for it
     */
    public void put(Stored stored, long asked) {
        DiskTier tier = disk;
        if (tier != null) {
            // Before, so that what is being read from the disk does not come in its place.
            tier.drop(stored);
        }
        entries.asMap()
                .compute(
                        stored.key(),
                        (key, variants) -> {
                            keys.add(key);
                            if (removals.concern(key, stored.tags(), asked)) {
                                stored.release();
                                return staying(key, variants);
                            }
                            key.zone().storedOne();
                            keepOnDisk(stored);
                            return with(variants, stored);
                        });
        if (stored.mayBeShared(ticker.nanos())) {
            fetches.storable(stored.key());
        }
        reserve.entered();
    }

    /** Only under the lock of its key, so that who removes it finds it in both places. */
    private void keepOnDisk(Stored stored) {
        DiskTier tier = disk;
        if (tier != null) {
            tier.keep(stored);
        }
    }

    /** Puts a response with parts missing there, unless the whole of the same is. */
    void putIncomplete(Stored stored, long asked) {
        DiskTier tier = disk;
        entries.asMap()
                .compute(
                        stored.key(),
                        (key, variants) -> {
                            keys.add(key);
                            if (removals.concern(key, stored.tags(), asked)) {
                                stored.release();
                                return staying(key, variants);
                            }
                            for (Stored each : variants == null ? NO_VARIANTS : variants) {
                                if (each.vary().same(stored.vary())
                                        && !each.body().inParts()
                                        && Parts.sameTag(each, stored)) {
                                    stored.release();
                                    return variants;
                                }
                            }
                            return with(variants, stored);
                        });
        if (tier != null) {
            tier.drop(stored);
        }
    }

    /** A part of {@code stored} has come; perhaps the last one. */
    void grown(Stored stored) {
        boolean whole = !stored.body().inParts();
        if (reweigh(stored, whole) && whole) {
            stored.key().zone().storedOne();
        }
    }

    /** Puts a response from the disk into memory, if {@code wanted} says so at the last moment. */
    boolean putLoaded(Stored stored, BooleanSupplier wanted) {
        boolean[] put = {false};
        entries.asMap()
                .compute(
                        stored.key(),
                        (key, variants) -> {
                            keys.add(key);
                            put[0] = wanted.getAsBoolean();
                            return put[0] ? with(variants, stored) : staying(key, variants);
                        });
        return put[0];
    }

    /** What stays under {@code key}. Only under its lock, as all that adds or removes keys. */
    private Stored @Nullable [] staying(CacheKey key, Stored @Nullable [] variants) {
        if (variants == null) {
            keys.remove(key);
        }
        return variants;
    }

    private static Stored[] with(Stored @Nullable [] variants, Stored added) {
        List<Stored> all = new ArrayList<>();
        all.add(added);
        added.account();
        long weight = added.weight();
        if (variants != null) {
            for (Stored each : variants) {
                weight += each.weight();
                if (each.vary().same(added.vary())
                        || all.size() >= MAX_VARIANTS
                        || weight > MAX_VARIANT_BYTES) {
                    weight -= each.weight();
                    each.release();
                } else {
                    all.add(each);
                }
            }
        }
        return all.toArray(Stored[]::new);
    }

    /**
     * The node has confirmed {@code stored}.
     *
     * @param request that the node has answered
     * @param said the 304, or the head of what would be sent
     * @return what has taken its place, with a hold for the caller, when it varies by other fields
     *     now; {@code stored} itself, without one, when not; null when it may not be kept any
     *     longer
     */
    public @Nullable Stored confirm(
            Stored stored,
            StorePolicy policy,
            RequestHead request,
            ResponseHead said,
            StorePolicy.Times times) {
        StoredHead head = policy.updated(stored.head(), said, times);
        VaryKey vary =
                head != null && said.contains(FieldName.VARY)
                        ? VaryKey.of(head.toFields(), request)
                        : stored.vary();
        if (head == null || vary == null) {
            remove(stored);
            return null;
        }
        if (vary.same(stored.vary())) {
            StoredHead before = stored.head();
            stored.head(head);
            // The file has what held before: that is well unless it holds for longer.
            reweigh(stored, !head.asGoodAs(before, times.receivedNanos()));
            return stored;
        }
        Stored other = new Stored(stored.key(), vary, head, stored.body());
        stored.body().hold();
        stored.body().hold();
        put(other, times.sentNanos());
        remove(stored);
        return other;
    }

    /** Keeps {@code body}, which is the caller's until this returns true, as a coding of it. */
    public boolean keepEncoded(Stored stored, String coding, Body body) {
        boolean[] kept = {false};
        entries.asMap()
                .computeIfPresent(
                        stored.key(),
                        (key, variants) -> {
                            for (Stored each : variants) {
                                if (each == stored) {
                                    kept[0] = stored.encoded(new Stored.Encoded(coding, body));
                                    stored.account();
                                }
                            }
                            if (kept[0]) {
                                keepOnDisk(stored);
                            }
                            return variants.clone();
                        });
        return kept[0];
    }

    Body newBodyInParts(int length) {
        return Body.inParts(memory, length);
    }

    /** A body that a coding of a stored one is to be written to. */
    public Body newBody() {
        return new Body(memory, -1);
    }

    /**
     * Weighs {@code stored}, which has changed, once more.
     *
     * @param write whether its file has to be written again
     * @return false when it is not there any more
     */
    private boolean reweigh(Stored stored, boolean write) {
        boolean[] there = {false};
        entries.asMap()
                .computeIfPresent(
                        stored.key(),
                        (key, variants) -> {
                            there[0] = List.of(variants).contains(stored);
                            if (there[0]) {
                                stored.account();
                                DiskTier tier = disk;
                                if (write && tier != null) {
                                    tier.drop(stored);
                                    tier.keep(stored);
                                }
                            }
                            return variants.clone();
                        });
        return there[0];
    }

    // ---- removing

    /** Removes one response; false when it was not there any more. */
    public boolean remove(Stored stored) {
        DiskTier tier = disk;
        if (tier != null) {
            tier.drop(stored);
        }
        boolean[] was = {false};
        entries.asMap()
                .computeIfPresent(
                        stored.key(),
                        (key, variants) -> {
                            List<Stored> left = new ArrayList<>(List.of(variants));
                            was[0] = left.remove(stored);
                            if (was[0]) {
                                stored.release();
                            }
                            return staying(
                                    key, left.isEmpty() ? null : left.toArray(Stored[]::new));
                        });
        return was[0];
    }

    /**
     * Removes everything of the target that {@code key} has, whatever else chose what is stored
     * (RFC 9111 section 4.4).
     */
    public void invalidate(CacheKey key) {
        removals.invalidated(key);
        DiskTier tier = disk;
        if (tier != null) {
            tier.drop(key);
        }
        keys.of(key).forEach(this::drop);
    }

    private void drop(CacheKey key) {
        entries.asMap()
                .computeIfPresent(
                        key,
                        (same, variants) -> {
                            release(variants);
                            return staying(same, null);
                        });
    }

    /** Removes everything under another target of the same host. */
    public void invalidate(CacheKey key, String target) {
        invalidate(key.withTarget(target));
    }

    /** Hands everything that is stored and fits {@code query} to {@code each}, in no order. */
    void forEach(CacheQuery query, Consumer<Stored> each) {
        entries.asMap()
                .forEach(
                        (key, variants) -> {
                            if (query.fits(key)) {
                                for (Stored stored : variants) {
                                    if (query.fits(stored)) {
                                        each.accept(stored);
                                    }
                                }
                            }
                        });
    }

    /** What is in the store, for people and programs. */
    public CacheContents contents() {
        return new CacheContents(this, ticker);
    }

    /**
     * Removes everything from memory, and ends the writing to the disk; bodies that clients still
     * read live until they have them.
     */
    public void close() {
        DiskTier tier = disk;
        if (tier != null) {
            tier.close();
        }
        for (CacheKey key : entries.asMap().keySet()) {
            drop(key);
        }
    }

    // ---- figures

    /** Bytes of memory outside the heap that bodies take now, those under way included. */
    public long bodyBytes() {
        return memory.used();
    }

    /** Bytes that the entries take, metadata included. */
    public long entryBytes() {
        return entries.policy()
                .eviction()
                .map(eviction -> eviction.weightedSize().orElse(0))
                .orElse(0L);
    }

    /** Bytes that the configuration gives it. */
    long size() {
        return config.size();
    }
}
