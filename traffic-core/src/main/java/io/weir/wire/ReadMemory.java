package io.weir.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

import org.jspecify.annotations.Nullable;

/**
 * Buffers that one event loop reads into, the one used last again as soon as nobody holds it: what
 * has been read and sent is still in the processor's caches, where the allocator, which hands out
 * the buffer that has waited longest, would walk through all of them. One of each size is kept.
 * Confined to one event loop.
 */
public final class ReadMemory {

    /** Base 2 logarithm of the smallest size kept. */
    private static final int LEAST = 11;

    private static final int MOST = 18;

    private final @Nullable ByteBuf[] kept = new ByteBuf[MOST + 1];
    private boolean released;

    /**
     * An empty buffer with room for {@code size} bytes at least; the caller becomes its owner.
     *
     * @param size a power of two
     */
    public ByteBuf take(ByteBufAllocator allocator, int size) {
        int index = Integer.numberOfTrailingZeros(size);
        if (released || index < LEAST || index > MOST) {
            return allocator.directBuffer(size);
        }
        ByteBuf buffer = kept[index];
        if (buffer != null && buffer.refCnt() == 1) {
            return buffer.clear().retain();
        }
        if (buffer != null) {
            // Its bytes wait for somebody slow, whose it is from now on. Forgotten first, because
            // there may be no memory for the next one.
            kept[index] = null;
            buffer.release();
        }
        buffer = allocator.directBuffer(size);
        kept[index] = buffer;
        return buffer.retain();
    }

    /** Gives back what is kept, and keeps nothing from now on. */
    void release() {
        released = true;
        for (int i = 0; i < kept.length; i++) {
            ByteBuf buffer = kept[i];
            if (buffer != null) {
                kept[i] = null;
                buffer.release();
            }
        }
    }
}
