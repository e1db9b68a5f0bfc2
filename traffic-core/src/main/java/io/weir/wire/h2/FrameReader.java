package io.weir.wire.h2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

import org.jspecify.annotations.Nullable;

/**
 * Cuts the bytes of a connection into frames. A frame that comes in pieces is put together in one
 * buffer of its own size, so that each byte is copied once at most. Confined to one event loop.
 */
final class FrameReader {

    /** Takes frames. */
    interface Sink {

        /**
         * One frame.
         *
         * @param in borrowed; its payload is the next {@code length} bytes, of which any number may
         *     be read
         */
        void frame(int type, int flags, int stream, ByteBuf in, int length) throws ConnectionError;

        /** Whether further frames are wanted. */
        boolean reads();
    }

    private final Sink sink;
    private final ByteBufAllocator allocator;
    private final int maxFrame;
    private @Nullable ByteBuf part;

    /**
     * @param maxFrame the SETTINGS_MAX_FRAME_SIZE that the peer was told
     */
    FrameReader(Sink sink, ByteBufAllocator allocator, int maxFrame) {
        this.sink = sink;
        this.allocator = allocator;
        this.maxFrame = maxFrame;
    }

    /** Whether a frame has begun and its end has not come. */
    boolean partial() {
        return part != null;
    }

    /** Bytes that it holds. */
    int partBytes() {
        ByteBuf begun = part;
        return begun == null ? 0 : begun.capacity();
    }

    /** Reads every whole frame of {@code in}, which it borrows, and keeps the rest. */
    void read(ByteBuf in) throws ConnectionError {
        while (sink.reads() && in.isReadable()) {
            ByteBuf begun = part;
            if (begun != null) {
                if (!complete(begun, in)) {
                    return;
                }
                continue;
            }
            int there = in.readableBytes();
            if (there >= Frames.HEADER_LENGTH) {
                int length = length(in);
                if (there >= Frames.HEADER_LENGTH + length) {
                    handOn(in, length);
                    continue;
                }
                begin(in, Frames.HEADER_LENGTH + length);
            } else {
                begin(in, Frames.HEADER_LENGTH);
            }
            return;
        }
    }

    private int length(ByteBuf in) throws ConnectionError {
        int length = in.getUnsignedMedium(in.readerIndex());
        if (length > maxFrame) {
            throw new ConnectionError(
                    ErrorCode.FRAME_SIZE_ERROR, "a frame of " + length + " bytes is too long");
        }
        return length;
    }

    private void begin(ByteBuf in, int whole) {
        part = allocator.directBuffer(whole).writeBytes(in);
    }

    /** Adds to the frame that has begun; true when it was completed and handed on. */
    private boolean complete(ByteBuf begun, ByteBuf in) throws ConnectionError {
        if (begun.readableBytes() < Frames.HEADER_LENGTH) {
            int missing = Frames.HEADER_LENGTH - begun.readableBytes();
            begun.writeBytes(in, Math.min(missing, in.readableBytes()));
            if (begun.readableBytes() < Frames.HEADER_LENGTH) {
                return false;
            }
        }
        int length = length(begun);
        int missing = Frames.HEADER_LENGTH + length - begun.readableBytes();
        begun.ensureWritable(missing).writeBytes(in, Math.min(missing, in.readableBytes()));
        if (begun.readableBytes() < Frames.HEADER_LENGTH + length) {
            return false;
        }
        part = null;
        try {
            handOn(begun, length);
        } finally {
            begun.release();
        }
        return true;
    }

    private void handOn(ByteBuf in, int length) throws ConnectionError {
        int at = in.readerIndex();
        int type = in.getUnsignedByte(at + 3);
        int flags = in.getUnsignedByte(at + 4);
        int stream = in.getInt(at + 5) & Integer.MAX_VALUE;
        in.readerIndex(at + Frames.HEADER_LENGTH);
        sink.frame(type, flags, stream, in, length);
        in.readerIndex(at + Frames.HEADER_LENGTH + length);
    }

    /** Releases what was kept. */
    void drop() {
        ByteBuf begun = part;
        if (begun != null) {
            part = null;
            begun.release();
        }
    }
}
