package io.weir.wire;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;

/**
 * The pool of all buffers, but that what a socket reads into is small: for connections that are
 * read while memory is short. Safe for every thread.
 */
final class SmallReads extends AbstractByteBufAllocator {

    static final SmallReads INSTANCE = new SmallReads();

    private static final int MOST = 8 * 1024;

    private SmallReads() {
        super(true);
    }

    @Override
    public ByteBuf ioBuffer(int initialCapacity) {
        return PooledByteBufAllocator.DEFAULT.ioBuffer(Math.min(initialCapacity, MOST));
    }

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
        return PooledByteBufAllocator.DEFAULT.heapBuffer(initialCapacity, maxCapacity);
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
        return PooledByteBufAllocator.DEFAULT.directBuffer(initialCapacity, maxCapacity);
    }

    @Override
    public boolean isDirectBufferPooled() {
        return true;
    }
}
