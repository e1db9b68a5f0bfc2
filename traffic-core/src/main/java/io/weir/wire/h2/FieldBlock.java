package io.weir.wire.h2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

import org.jspecify.annotations.Nullable;

/**
 * A field block that comes in several frames: put together within limits of bytes and of frames, so
 * that CONTINUATION without end (CVE-2024-27316 and kin) gets nowhere. Confined to one event loop.
 */
final class FieldBlock {

    /** Frames of one block; each one holds thousands of bytes where the sender means well. */
    private static final int MAX_FRAMES = 32;

    /** Frames of one block that hold nothing. */
    private static final int MAX_EMPTY = 3;

    private final int maxBytes;
    private int stream;
    private boolean endStream;
    private int frames;
    private int empty;
    private @Nullable ByteBuf bytes;

    FieldBlock(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** The stream of the block that is being put together; 0 when there is none. */
    int stream() {
        return stream;
    }

    /** Bytes that the block holds. */
    int held() {
        ByteBuf block = bytes;
        return block == null ? 0 : block.capacity();
    }

    /** Whether the stream ends with the block. */
    boolean endStream() {
        return endStream;
    }

    void begin(ByteBufAllocator allocator, int id, boolean end, ByteBuf in, int length)
            throws ConnectionError {
        stream = id;
        endStream = end;
        frames = 0;
        empty = 0;
        bytes = allocator.directBuffer(Math.max(2 * length, 256));
        add(in, length);
    }

    /** Adds the next {@code length} bytes of {@code in}. */
    void add(ByteBuf in, int length) throws ConnectionError {
        ByteBuf block = bytes;
        if (block == null) {
            throw new IllegalStateException("no field block has begun");
        }
        empty += length == 0 ? 1 : 0;
        if (++frames > MAX_FRAMES || empty > MAX_EMPTY) {
            throw new ConnectionError(
                    ErrorCode.ENHANCE_YOUR_CALM, "too many CONTINUATION frames in one field block");
        }
        if (block.readableBytes() + length > maxBytes) {
            throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, "a field block is too long");
        }
        block.writeBytes(in, length);
    }

    /** The whole block; the caller becomes its owner. */
    ByteBuf take() {
        ByteBuf block = bytes;
        if (block == null) {
            throw new IllegalStateException("no field block has begun");
        }
        bytes = null;
        stream = 0;
        return block;
    }

    /** Releases what has come. */
    void drop() {
        ByteBuf block = bytes;
        if (block != null) {
            bytes = null;
            stream = 0;
            block.release();
        }
    }
}
