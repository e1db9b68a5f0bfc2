package io.weir.cache;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * The part of the store that belongs to one virtual server, with its figures. Its identity is the
 * virtual server's name, so that it outlives configurations. Safe for every thread.
 */
public final class CacheZone {

    private static final int TEXTS = 256;

    private final String name;
    private final AtomicReferenceArray<@Nullable String> texts = new AtomicReferenceArray<>(TEXTS);
    private final LongAdder[] outcomes = new LongAdder[Outcome.values().length];
    private final LongAdder bytesServed = new LongAdder();
    private final LongAdder stored = new LongAdder();
    private final LongAdder evicted = new LongAdder();
    private final LongAdder responses = new LongAdder();
    private final LongAdder bytes = new LongAdder();

    CacheZone(String name) {
        this.name = name;
        for (int i = 0; i < outcomes.length; i++) {
            outcomes[i] = new LongAdder();
        }
    }

    /** The virtual server's name. */
    public String name() {
        return name;
    }

    /** A text that is equal to {@code text}: the same object for many, to save memory. */
    String shared(String text) {
        if (text.isEmpty()) {
            return "";
        }
        int hash = text.hashCode();
        int slot = (hash ^ hash >>> 16) & TEXTS - 1;
        String before = texts.get(slot);
        if (text.equals(before)) {
            return before;
        }
        texts.set(slot, text);
        return text;
    }

    /** Counts what the cache was to one request. */
    public void count(Outcome outcome) {
        outcomes[outcome.ordinal()].increment();
    }

    /** Counts bytes of bodies that came from the store. */
    public void served(long bytes) {
        bytesServed.add(bytes);
    }

    void storedOne() {
        stored.increment();
    }

    void evicted(int count) {
        evicted.add(count);
    }

    /** The store holds this much more, or less. */
    void holds(int moreResponses, long moreBytes) {
        responses.add(moreResponses);
        bytes.add(moreBytes);
    }

    /** Requests with this outcome since the start. */
    public long counted(Outcome outcome) {
        return outcomes[outcome.ordinal()].sum();
    }

    /** Bytes of bodies that came from the store since the start. */
    public long bytesServed() {
        return bytesServed.sum();
    }

    /** Responses stored since the start. */
    public long responsesStored() {
        return stored.sum();
    }

    /** Responses that had to make room for others since the start. */
    public long evicted() {
        return evicted.sum();
    }

    /** Responses stored now. */
    public long responses() {
        return responses.sum();
    }

    /** Bytes that they take, metadata included. */
    public long bytes() {
        return bytes.sum();
    }

    @Override
    public String toString() {
        return name;
    }
}
