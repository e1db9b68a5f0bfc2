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

    @Override
    public String toString() {
        return name;
    }
}
