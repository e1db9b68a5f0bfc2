package io.weir.function;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What rules keep with {@code data.set}, for all rules alike. Bounded. Safe for every thread. */
public final class DataStore {

    /** Bytes that an entry takes beside its texts. */
    private static final int OVERHEAD = 64;

    /** A list or hash, as JSON, so that each reader has its own copy. */
    record Structure(String json) {}

    private final Map<String, Object> entries = new ConcurrentHashMap<>();
    private final AtomicLong used = new AtomicLong();
    private volatile long limit;

    /** How many bytes may be kept from now on. */
    public void limit(long bytes) {
        limit = bytes;
    }

    /** Keeps a text from the beginning. */
    public void put(String key, String text) {
        set(key, text);
    }

    @Nullable Object get(String key) {
        return entries.get(key);
    }

    /** Whether there was room. */
    boolean set(String key, Object value) {
        long size = size(key, value);
        synchronized (this) {
            Object before = entries.get(key);
            long change = size - (before == null ? 0 : size(key, before));
            if (change > 0 && used.get() + change > limit) {
                return false;
            }
            entries.put(key, value);
            used.addAndGet(change);
            return true;
        }
    }

    synchronized void remove(String key) {
        Object before = entries.remove(key);
        if (before != null) {
            used.addAndGet(-size(key, before));
        }
    }

    synchronized void reset(String prefix) {
        for (String key : entries.keySet()) {
            if (key.startsWith(prefix)) {
                remove(key);
            }
        }
    }

    /** How many entries are kept. */
    public long entries() {
        return entries.size();
    }

    /** How many bytes they take. */
    public long used() {
        return used.get();
    }

    long free() {
        return Math.max(0, limit - used.get());
    }

    private static long size(String key, Object value) {
        int length =
                switch (value) {
                    case String text -> text.length();
                    case Structure structure -> structure.json().length();
                    default -> 16;
                };
        return OVERHEAD + 2L * (key.length() + length);
    }
}
