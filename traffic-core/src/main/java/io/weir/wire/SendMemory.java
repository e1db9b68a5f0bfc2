package io.weir.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.unix.IovArray;

import org.jspecify.annotations.Nullable;

/**
 * Buffers in which the connections of one event loop gather what is small, and the vector by which
 * one of them sends two buffers at once. The buffer that came back last is taken first, because it
 * is still in the processor's caches. Confined to one event loop.
 */
final class SendMemory {

    /** Length of those that are kept: a head and a small body. */
    static final int SIZE = 2 * 1024;

    /** Buffers that are kept: as many as a {@link SendBatch} can have in use at once. */
    private static final int MOST = 64;

    // struct msghdr of Linux on 64 bits, of which the rest is 0.
    private static final int MESSAGE = 56;
    private static final int MESSAGE_PARTS = 16;
    private static final int MESSAGE_COUNT = 24;

    private final ByteBuf[] kept = new ByteBuf[MOST];
    private int count;
    private boolean released;
    private @Nullable IovArray vector;
    private @Nullable ByteBuf message;

    /** An empty buffer with room for {@code size} bytes at least; the caller becomes its owner. */
    ByteBuf take(ByteBufAllocator allocator, int size) {
        if (size > SIZE || count == 0) {
            return allocator.directBuffer(Math.max(size, SIZE));
        }
        return kept[--count];
    }

    /** Takes back a buffer that has no other owner. */
    void giveBack(ByteBuf buffer) {
        if (released || count == MOST || buffer.capacity() != SIZE) {
            buffer.release();
        } else {
            kept[count++] = buffer.clear();
        }
    }

    /**
     * The parts of one send: buffers that have an address; null when everything was let go of.
     *
     * @param second null for none
     */
    @Nullable IovArray vector(ByteBuf first, @Nullable ByteBuf second) {
        if (released) {
            return null;
        }
        IovArray parts = vector;
        if (parts == null) {
            parts = new IovArray(2);
            vector = parts;
        }
        parts.clear();
        parts.add(first, first.readerIndex(), first.readableBytes());
        if (second != null) {
            parts.add(second, second.readerIndex(), second.readableBytes());
        }
        return parts;
    }

    /**
     * The address of a struct msghdr with these {@link #vector parts}, which is good until it is
     * asked for again; 0 when everything was let go of.
     */
    long message(ByteBuf first, @Nullable ByteBuf second) {
        IovArray parts = vector(first, second);
        if (parts == null) {
            return 0;
        }
        ByteBuf header = message;
        if (header == null) {
            header = Unpooled.directBuffer(MESSAGE, MESSAGE).writeZero(MESSAGE);
            message = header;
        }
        // In the byte order of the machines whose system calls are known.
        header.setLongLE(MESSAGE_PARTS, parts.memoryAddress(0));
        header.setLongLE(MESSAGE_COUNT, parts.count());
        return header.memoryAddress();
    }

    /** Lets go of what is kept, and keeps nothing from now on. */
    void release() {
        released = true;
        IovArray parts = vector;
        if (parts != null) {
            vector = null;
            parts.release();
        }
        ByteBuf header = message;
        if (header != null) {
            message = null;
            header.release();
        }
        while (count > 0) {
            kept[--count].release();
        }
    }
}
