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

    /** Bytes that are taken now. */
    long used() {
        return allocator.metric().usedDirectMemory();
    }

    /** The longest body that is stored. */
    long maxObject() {
        return maxObject;
    }
}
