package io.weir.wire.dns;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledHeapByteBuf;
import io.netty.channel.Channel;

/**
 * Has what comes from name servers read into arrays. Netty's decoder leaves it to the buffer to
 * notice that a message is shorter than it says, which buffers outside the heap do not do where
 * their checks are switched off; the end of an array cannot be passed. Safe for every thread.
 */
final class ArrayBuffers extends AbstractByteBufAllocator {

    private static final ArrayBuffers INSTANCE = new ArrayBuffers();

    private ArrayBuffers() {
        super(false);
    }

    /** Has {@code channel}, which has not been registered yet, use them. */
    static <C extends Channel> C in(C channel) {
        channel.config().setAllocator(INSTANCE);
        return channel;
    }

    @Override
    protected ByteBuf newHeapBuffer(int capacity, int most) {
        return new UnpooledHeapByteBuf(this, capacity, most);
    }

    @Override
    protected ByteBuf newDirectBuffer(int capacity, int most) {
        return newHeapBuffer(capacity, most);
    }

    @Override
    public boolean isDirectBufferPooled() {
        return false;
    }
}
