package io.weir.cache;

import io.weir.time.Ticker;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * What is in the store, for people and programs that look at it or clear it. Safe for every thread
 * but an event loop: a call goes through everything that is stored.
 */
public final class CacheContents {

    private final CacheStore store;
    private final Ticker ticker;

    CacheContents(CacheStore store, Ticker ticker) {
        this.store = store;
        this.ticker = ticker;
    }

    /**
     * One stored response.
     *
     * @param variant what it varies by, with the values; empty when it does not vary
     * @param bytes that it takes, metadata included
     * @param length of its body, or of the parts of it that are there
     * @param freshSeconds how long it stays fresh; negative when it is stale
     * @param unusedSeconds since it was last served, or came
     * @param codings that its body is kept compressed in
     */
    public record Item(
            String virtualServer,
            boolean secure,
            String host,
            String target,
            int status,
            String variant,
            long bytes,
            long length,
            long hits,
            long ageSeconds,
            long freshSeconds,
            long unusedSeconds,
            List<String> codings,
            List<String> tags) {
        public Item {
            codings = List.copyOf(codings);
            tags = List.copyOf(tags);
        }
    }

    /**
     * What fits a query.
     *
     * @param matching how many responses
     * @param bytes that they take
     * @param items the first of them, in no order
     */
    public record Listing(long matching, long bytes, List<Item> items) {
        public Listing {
            items = List.copyOf(items);
        }
    }

    /**
     * What a purge did.
     *
     * @param responses that were removed, or made stale
     * @param bytes that they took
     */
    public record Purged(long responses, long bytes) {}

    /**
     * Figures of the whole store.
     *
     * @param size that the configuration gives it, in bytes
     * @param entryBytes that stored responses take, metadata included
     * @param memoryBytes outside the heap, for bodies that are stored, under way, or still read
     * @param diskBytes of files, 0 without a disk tier
     * @param diskResponses in files; many of them are in memory as well
     * @param diskFailures reads, writes and removals that did not go well
     * @param zones by virtual server, in the order of their names
     */
    public record Figures(
            long size,
            long entryBytes,
            long memoryBytes,
            long diskBytes,
            long diskResponses,
            long diskFailures,
            List<ZoneFigures> zones) {
        public Figures {
            zones = List.copyOf(zones);
        }
    }

    /**
     * Figures of one virtual server; counts are since the start.
     *
     * @param responses stored now
     * @param bytes that they take, metadata included
     * @param outcomes requests by what the cache was to them
     * @param served bytes of bodies out of the store
     * @param stored responses that were put into the store
     * @param evicted responses that had to make room for others
     */
    public record ZoneFigures(
            String virtualServer,
            long responses,
            long bytes,
            Map<Outcome, Long> outcomes,
            long served,
            long stored,
            long evicted) {
        public ZoneFigures {
            outcomes = Map.copyOf(outcomes);
        }

        /** Requests with this outcome. */
        public long count(Outcome outcome) {
            return outcomes.getOrDefault(outcome, 0L);
        }
    }

    /**
     * What fits {@code query}.
     *
     * @param max items at most
     */
    public Listing find(CacheQuery query, int max) {
        long now = ticker.nanos();
        long[] sums = new long[2];
        List<Item> items = new ArrayList<>();
        store.forEach(
                query,
                stored -> {
                    sums[0]++;
                    sums[1] += stored.weight();
                    if (items.size() < max) {
                        items.add(item(stored, now));
                    }
                });
        return new Listing(sums[0], sums[1], items);
    }

    private static Item item(Stored stored, long now) {
        CacheKey key = stored.key();
        return new Item(
                key.zone().name(),
                key.secure(),
                key.host(),
                key.target(),
                stored.status(),
                stored.variant(),
                stored.weight(),
                stored.body().present(),
                stored.hits(),
                stored.age(now),
                Math.floorDiv(stored.freshLeft(now), TimeUnit.SECONDS.toNanos(1)),
                TimeUnit.NANOSECONDS.toSeconds(Math.max(0, now - stored.lastUsed())),
                stored.codings(),
                stored.tags());
    }

    /**
     * Removes what fits {@code query}; clients that are being served get the rest of it.
     *
     * @param soft whether it only becomes stale, so that the node is asked before its next use
     */
    public Purged purge(CacheQuery query, boolean soft) {
        store.removals().purged(query);
        long now = ticker.nanos();
        DiskTier disk = store.disk();
        long[] sums = disk == null ? new long[2] : disk.purge(query, soft);
        store.forEach(
                query,
                stored -> {
                    long bytes = stored.weight();
                    if (soft ? stored.expire(now) : store.remove(stored)) {
                        sums[0]++;
                        sums[1] += bytes;
                    }
                });
        return new Purged(sums[0], sums[1]);
    }

    /** The figures now. */
    public Figures figures() {
        Map<String, ZoneFigures> zones = new TreeMap<>();
        for (CacheZone zone : store.zones()) {
            Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
            for (Outcome outcome : Outcome.values()) {
                outcomes.put(outcome, zone.counted(outcome));
            }
            zones.put(
                    zone.name(),
                    new ZoneFigures(
                            zone.name(),
                            zone.responses(),
                            zone.bytes(),
                            outcomes,
                            zone.bytesServed(),
                            zone.responsesStored(),
                            zone.evicted()));
        }
        DiskTier disk = store.disk();
        return new Figures(
                store.size(),
                store.entryBytes(),
                store.bodyBytes(),
                disk == null ? 0 : disk.bytes(),
                disk == null ? 0 : disk.responses(),
                disk == null ? 0 : disk.failures(),
                List.copyOf(zones.values()));
    }
}
