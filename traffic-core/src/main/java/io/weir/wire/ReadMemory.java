package io.weir.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

import org.jspecify.annotations.Nullable;

/**
 * Buffers that one event loop reads into, those used last again as soon as nobody holds them: what
 * has been read and sent is still in the processor's caches, where the allocator, which hands out
 * the buffer that has waited longest, would walk through all of them. Of each size as many are kept
 * as a {@link SendBatch} has waiting at once. Confined to one event loop.
 */
public final class ReadMemory {

    /** Base 2 logarithm of the smallest size kept. */
    private static final int LEAST = 11;

    private static final int MOST = 18;

    /** The same of the largest size of which many are kept: what is larger never waits. */
    private static final int LAST_OF_MANY = 14;

    private static final int MANY = 32;

    private final @Nullable ByteBuf[][] kept = new @Nullable ByteBuf[MOST + 1][];

    /** Of each size, which one was handed out last. */
    private final int[] last = new int[MOST + 1];

    private boolean released;

    /** Keeps nothing at first. */
    public ReadMemory() {
        for (int index = LEAST; index <= MOST; index++) {
            kept[index] = new @Nullable ByteBuf[index <= LAST_OF_MANY ? MANY : 1];
        }
    }

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
        @Nullable ByteBuf[] those = kept[index];
        int at = place(those, last[index]);
        last[index] = at;
        ByteBuf buffer = those[at];
        if (buffer != null && buffer.refCnt() == 1) {
            return buffer.clear().retain();
        }
        if (buffer != null) {
            // Its bytes wait for somebody slow, whose it is from now on. Forgotten first, because
            // there may be no memory for the next one.
            those[at] = null;
            buffer.release();
        }
        buffer = allocator.directBuffer(size);
        those[at] = buffer;
        return buffer.retain();
    }

    /**
     * The first place whose buffer nobody holds. Those before the {@code last} one are not looked
     * at, as they were sent for together, but for the very first, which is free again as soon as
     * any of them is. When all are held, the first place.
     */
    private static int place(@Nullable ByteBuf[] those, int last) {
        if (isFree(those[0])) {
            return 0;
        }
        for (int i = last; i < those.length; i++) {
            if (isFree(those[i])) {
                return i;
            }
        }
        return 0;
    }

    private static boolean isFree(@Nullable ByteBuf buffer) {
        return buffer == null || buffer.refCnt() == 1;
    }

    /** Gives back what is kept, and keeps nothing from now on. */
    void release() {
        released = true;
        for (int index = LEAST; index <= MOST; index++) {
            @Nullable ByteBuf[] those = kept[index];
            for (int i = 0; i < those.length; i++) {
                ByteBuf buffer = those[i];
                if (buffer != null) {
                    those[i] = null;
                    buffer.release();
                }
            }
        }
    }
}
