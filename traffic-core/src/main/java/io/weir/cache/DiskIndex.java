package io.weir.cache;

import io.weir.http.RequestHead;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Which responses lie in files, the one used longest ago first, with bounds for the disk and for
 * what is known of them on the heap. Safe for every thread.
 */
final class DiskIndex {

    /** What files are made of. */
    private static final int BLOCK = 4096;

    private final long limit;
    private final long heapLimit;
    private final LinkedHashMap<String, Entry> byName = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<CacheKey, List<Entry>> byKey = new HashMap<>();
    private final TargetKeys keys = new TargetKeys();
    private final Map<String, Writing> underWay = new HashMap<>();
    private long bytes;
    private long heap;
    private long failures;

    /**
     * @param limit bytes of all files together
     * @param heapLimit bytes that the index may take, about
     */
    DiskIndex(long limit, long heapLimit) {
        this.limit = limit;
        this.heapLimit = heapLimit;
    }

    /** What a file of {@code length} bytes takes of the disk. */
    private static long blocks(long length) {
        return (length + BLOCK - 1) / BLOCK * BLOCK;
    }

    /** One file. */
    static final class Entry {

        /** Itself, its name, and its places in the maps. */
        private static final int OVERHEAD = 350;

        private final String name;
        private final CacheKey key;
        private final VaryKey vary;
        private final String tags;
        private final long length;
        private volatile boolean expired;
        private @Nullable List<Runnable> waiting;

        Entry(String name, CacheKey key, VaryKey vary, List<String> tags, long length) {
            this.name = name;
            this.key = key;
            this.vary = vary;
            this.tags = String.join(" ", tags);
            this.length = length;
        }

        private int weight() {
            return OVERHEAD + key.weight() + vary.weight() + tags.length();
        }

        String name() {
            return name;
        }

        CacheKey key() {
            return key;
        }

        VaryKey vary() {
            return vary;
        }

        List<String> tags() {
            return tags.isEmpty() ? List.of() : List.of(tags.split(" ", -1));
        }

        long length() {
            return length;
        }

        /** Whether the node has to be asked before its next use. */
        boolean expired() {
            return expired;
        }

        void expire() {
            expired = true;
        }

        /** Whether the caller is to read the file, or somebody does. */
        enum Place {
            FIRST,
            JOINED
        }

        /** Has {@code done} run at the end of the reading. */
        synchronized Place join(Runnable done) {
            List<Runnable> list = waiting;
            Place place = list == null ? Place.FIRST : Place.JOINED;
            if (list == null) {
                list = new ArrayList<>(1);
                waiting = list;
            }
            list.add(done);
            return place;
        }

        /** Reads, and tells those who wait. */
        void finish(Runnable read) {
            try {
                read.run();
            } finally {
                List<Runnable> told;
                synchronized (this) {
                    told = waiting == null ? List.of() : waiting;
                    waiting = null;
                }
                told.forEach(Runnable::run);
            }
        }
    }

    /** The name of the file of a response. */
    static String nameOf(CacheKey key, VaryKey vary) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(
                                    (key.identity() + "\0" + vary.identity())
                                            .getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    /** The response for {@code request}; null when there is none. */
    synchronized @Nullable Entry find(CacheKey key, RequestHead request) {
        List<Entry> variants = byKey.get(key);
        if (variants != null) {
            for (Entry each : variants) {
                if (each.vary.matches(request)) {
                    return byName.get(each.name);
                }
            }
        }
        return null;
    }

    /** A file that is going to be written; no two are the same. */
    static final class Writing {
        private final String name;
        private final Stored stored;

        private Writing(String name, Stored stored) {
            this.name = name;
            this.stored = stored;
        }

        String name() {
            return name;
        }

        Stored stored() {
            return stored;
        }
    }

    /** A file for {@code stored} is going to be written, instead of one that is not there yet. */
    synchronized Writing begin(String name, Stored stored) {
        Writing writing = new Writing(name, stored);
        underWay.put(name, writing);
        return writing;
    }

    /** Whether the file is still to be written: it was not removed, or replaced, meanwhile. */
    synchronized boolean wants(Writing writing) {
        return underWay.get(writing.name) == writing;
    }

    /** The file will not be used, if it is still the one that was begun. */
    synchronized void abandon(Writing writing) {
        underWay.remove(writing.name, writing);
    }

    /** The same for all that {@code chosen} accepts. */
    synchronized void abandonIf(Predicate<Stored> chosen) {
        underWay.values().removeIf(writing -> chosen.test(writing.stored));
    }

    /** The file is there; false when it was removed, or replaced, before it was. */
    synchronized boolean complete(Entry entry, Writing writing) {
        if (!underWay.remove(writing.name, writing)) {
            return false;
        }
        add(entry);
        return true;
    }

    synchronized void add(Entry entry) {
        remove(byName.get(entry.name));
        byName.put(entry.name, entry);
        byKey.computeIfAbsent(entry.key, key -> new ArrayList<>(1)).add(entry);
        keys.add(entry.key);
        bytes += blocks(entry.length);
        heap += entry.weight();
    }

    synchronized boolean contains(Entry entry) {
        return byName.get(entry.name) == entry;
    }

    synchronized boolean hasName(String name) {
        return byName.containsKey(name);
    }

    synchronized List<Entry> remove(@Nullable Entry entry) {
        if (entry == null || byName.get(entry.name) != entry) {
            return List.of();
        }
        byName.remove(entry.name);
        bytes -= blocks(entry.length);
        heap -= entry.weight();
        List<Entry> variants = byKey.get(entry.key);
        if (variants != null) {
            variants.remove(entry);
            if (variants.isEmpty()) {
                byKey.remove(entry.key);
                keys.remove(entry.key);
            }
        }
        return List.of(entry);
    }

    /** Takes out everything of the target that {@code key} has. */
    synchronized List<Entry> remove(CacheKey key) {
        abandonIf(stored -> stored.key().sameTarget(key));
        List<Entry> gone = new ArrayList<>();
        for (CacheKey each : keys.of(key)) {
            gone.addAll(byKey.getOrDefault(each, List.of()));
        }
        gone.forEach(this::remove);
        return gone;
    }

    synchronized List<Entry> remove(CacheKey key, VaryKey vary) {
        abandonIf(stored -> stored.key().equals(key) && stored.vary().same(vary));
        List<Entry> variants = byKey.get(key);
        if (variants != null) {
            for (Entry each : variants) {
                if (each.vary.same(vary)) {
                    return remove(each);
                }
            }
        }
        return List.of();
    }

    synchronized List<Entry> removeIf(Predicate<Entry> chosen) {
        List<Entry> gone = byName.values().stream().filter(chosen).toList();
        gone.forEach(this::remove);
        return gone;
    }

    synchronized List<Entry> all() {
        return List.copyOf(byName.values());
    }

    /** Whether a file of {@code length} bytes is allowed at all. */
    boolean mayHold(long length) {
        return length <= limit / 4;
    }

    /** Takes out what has to go before {@code length} bytes are written. */
    synchronized List<Entry> makeRoom(long length) {
        List<Entry> gone = new ArrayList<>();
        while (!byName.isEmpty() && (bytes + blocks(length) > limit || heap > heapLimit)) {
            gone.addAll(remove(byName.firstEntry().getValue()));
        }
        return gone;
    }

    /** Takes out what is too much. */
    List<Entry> surplus() {
        return makeRoom(0);
    }

    /** What the files take of the disk. */
    synchronized long bytes() {
        return bytes;
    }

    /** How many files there are. */
    synchronized int count() {
        return byName.size();
    }

    synchronized void failed() {
        failures++;
    }

    synchronized long failures() {
        return failures;
    }
}
