package io.weir.cache;

import java.util.concurrent.atomic.LongAdder;

/**
 * The part of the store that belongs to one virtual server, with its figures. Its identity is the
 * virtual server's name, so that it outlives configurations. Safe for every thread.
 */
public final class CacheZone {

    private final String name;
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
