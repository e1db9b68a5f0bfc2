package io.weir.cache;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;

import org.jspecify.annotations.Nullable;

/**
 * The memory of bodies, outside the heap, with a bound that holds at every moment: what clients
 * still read of an entry that is gone counts until they have it. Safe for every thread.
 */
final class Memory {

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private long compact;
    private volatile long limit;
    private volatile long maxObject;

    Memory(long limit, long maxObject) {
        limits(limit, maxObject);
    }

    void limits(long most, long mostOfOne) {
        limit = most;
        maxObject = mostOfOne;
    }

    /** Exactly {@code size} bytes, or null when they would break the bound. */
    synchronized @Nullable ByteBuf allocate(int size) {
        if (used() + size > limit) {
            return null;
        }
        try {
            return allocator.directBuffer(size, size);
        } catch (OutOfMemoryError e) {
            // The JVM has less direct memory than the configuration gives away.
            return null;
        }
    }

    /** The address of {@code size} bytes; 0 when they would break the bound. */
    synchronized long take(int size) {
        int cost = NativeMemory.cost(size);
        if (used() + cost > limit) {
            return 0;
        }
        long address = NativeMemory.take(size);
        compact += address == 0 ? 0 : cost;
        return address;
    }

    /** Gives back what {@link #take} gave. */
    synchronized void free(long address, int size) {
        NativeMemory.free(address);
        compact -= NativeMemory.cost(size);
    }

    /** Bytes that are taken now. */
    synchronized long used() {
        return allocator.metric().usedDirectMemory() + compact;
    }

    /** The longest body that is stored. */
    long maxObject() {
        return maxObject;
    }
}
