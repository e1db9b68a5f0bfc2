package io.weir.cache;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;

import org.jspecify.annotations.Nullable;

import java.util.function.LongPredicate;

/**
 * The memory of bodies, outside the heap, with a bound that holds at every moment: what clients
 * still read of an entry that is gone counts until they have it, and so does what entries take on
 * the heap. Safe for every thread.
 */
final class Memory {

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private final LongPredicate room;
    private long compact;
    private long kept;
    private long heads;
    private long peak;
    private volatile long limit;
    private volatile long maxObject;

    /**
     * @param room is asked to free so many bytes when they are not there, outside every lock;
     *     whether it is worth trying again
     */
    Memory(long limit, long maxObject, LongPredicate room) {
        this.room = room;
        limits(limit, maxObject);
    }

    void limits(long most, long mostOfOne) {
        limit = most;
        maxObject = mostOfOne;
    }

    /** Exactly {@code size} bytes, or null when they would break the bound. */
    @Nullable ByteBuf allocate(int size) {
        ByteBuf got = allocateNow(size);
        return got == null && room.test(size) ? allocateNow(size) : got;
    }

    private synchronized @Nullable ByteBuf allocateNow(int size) {
        if (!fits(size)) {
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
    long take(int size) {
        long address = takeNow(size);
        return address == 0 && room.test(NativeMemory.cost(size)) ? takeNow(size) : address;
    }

    private synchronized long takeNow(int size) {
        int cost = NativeMemory.cost(size);
        if (!fits(cost)) {
            return 0;
        }
        long address = NativeMemory.take(size);
        compact += address == 0 ? 0 : cost;
        return address;
    }

    private boolean fits(int size) {
        long taken = used() + size;
        peak = Math.max(peak, taken - kept);
        return taken + heads <= limit;
    }

    /** Entries have come to take so much more, or less, for bodies and on the heap. */
    synchronized void keep(long bodies, long onHeap) {
        kept += bodies;
        heads += onHeap;
    }

    /** Bytes of bodies that belong to no entry. */
    synchronized long outside() {
        return used() - kept;
    }

    /** The most that {@link #outside} was when somebody wanted memory, since the last call. */
    synchronized long takePeak() {
        long most = peak;
        peak = 0;
        return most;
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
