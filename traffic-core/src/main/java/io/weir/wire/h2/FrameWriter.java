package io.weir.wire.h2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;

import org.jspecify.annotations.Nullable;

/**
 * Writes frames. Small ones are gathered in one buffer, about as large as a TLS record, so that
 * what many streams have to say leaves in one piece; large bodies are passed on as they are.
 * Confined to one event loop.
 */
final class FrameWriter {

    /** Pieces of bodies up to this size are copied; that is cheaper than a vector. */
    private static final int COPY_LIMIT = 4096;

    private static final int GATHERED = 16 * 1024;

    private final ChannelHandlerContext ctx;
    private int maxFrame = Frames.SMALLEST_MAX_FRAME;
    private @Nullable ByteBuf gathered;
    private boolean written;
    private int unflushed;

    FrameWriter(ChannelHandlerContext ctx) {
        this.ctx = ctx;
    }

    /** The largest payload that the peer takes. */
    void maxFrame(int bytes) {
        maxFrame = bytes;
    }

    int maxFrame() {
        return maxFrame;
    }

    private ByteBuf gather(int more) {
        ByteBuf buffer = gathered;
        if (buffer != null && buffer.writableBytes() < more) {
            passOn(buffer);
            buffer = null;
        }
        if (buffer == null) {
            buffer = ctx.alloc().directBuffer(Math.max(GATHERED, more));
            gathered = buffer;
        }
        return buffer;
    }

    private void passOn(ByteBuf buffer) {
        gathered = null;
        written = true;
        unflushed += buffer.readableBytes();
        ctx.write(buffer, ctx.voidPromise());
    }

    private static ByteBuf header(ByteBuf to, int length, int type, int flags, int stream) {
        return to.writeMedium(length).writeByte(type).writeByte(flags).writeInt(stream);
    }

    private ByteBuf frame(int length, int type, int flags, int stream) {
        return header(gather(Frames.HEADER_LENGTH + length), length, type, flags, stream);
    }

    /** Writes SETTINGS: pairs of an identifier and a value. */
    void settings(long... pairs) {
        ByteBuf to = frame(pairs.length / 2 * 6, Frames.SETTINGS, 0, 0);
        for (int i = 0; i < pairs.length; i += 2) {
            to.writeShort((int) pairs[i]).writeInt((int) pairs[i + 1]);
        }
    }

    void settingsAck() {
        frame(0, Frames.SETTINGS, Frames.ACK, 0);
    }

    void ping(boolean ack, long payload) {
        frame(8, Frames.PING, ack ? Frames.ACK : 0, 0).writeLong(payload);
    }

    void windowUpdate(int stream, int increment) {
        frame(4, Frames.WINDOW_UPDATE, 0, stream).writeInt(increment);
    }

    void reset(int stream, ErrorCode code) {
        frame(4, Frames.RST_STREAM, 0, stream).writeInt(code.number());
    }

    void goAway(int lastStream, ErrorCode code) {
        frame(8, Frames.GOAWAY, 0, 0).writeInt(lastStream).writeInt(code.number());
    }

    /** Writes bytes that are no frame: the preface of a connection to a node. */
    void raw(byte[] bytes) {
        gather(bytes.length).writeBytes(bytes);
    }

    /**
     * Writes a field block, in as many frames as it takes.
     *
     * @return bytes written, framing included
     */
    int headers(int stream, byte[] block, int length, boolean end) {
        int flags = end ? Frames.END_STREAM : 0;
        if (length <= maxFrame) {
            frame(length, Frames.HEADERS, flags | Frames.END_HEADERS, stream)
                    .writeBytes(block, 0, length);
            return Frames.HEADER_LENGTH + length;
        }
        frame(maxFrame, Frames.HEADERS, flags, stream).writeBytes(block, 0, maxFrame);
        int total = Frames.HEADER_LENGTH + maxFrame;
        for (int at = maxFrame; at < length; at += maxFrame) {
            int part = Math.min(maxFrame, length - at);
            int last = at + part == length ? Frames.END_HEADERS : 0;
            frame(part, Frames.CONTINUATION, last, stream).writeBytes(block, at, part);
            total += Frames.HEADER_LENGTH + part;
        }
        return total;
    }

    /** Writes one DATA frame with all of {@code piece}; becomes its owner. */
    void data(int stream, ByteBuf piece, boolean end) {
        int length = piece.readableBytes();
        int flags = end ? Frames.END_STREAM : 0;
        if (length <= COPY_LIMIT) {
            frame(length, Frames.DATA, flags, stream).writeBytes(piece);
            piece.release();
            return;
        }
        header(gather(Frames.HEADER_LENGTH), length, Frames.DATA, flags, stream);
        ByteBuf before = gathered;
        if (before != null) {
            passOn(before);
        }
        unflushed += length;
        ctx.write(piece, ctx.voidPromise());
    }

    /** Writes an empty DATA frame that ends the stream. */
    void end(int stream) {
        frame(0, Frames.DATA, Frames.END_STREAM, stream);
    }

    /** Hands everything to the kernel, as far as it takes it. */
    void flush() {
        ByteBuf buffer = gathered;
        if (buffer != null) {
            passOn(buffer);
        }
        if (written) {
            written = false;
            unflushed = 0;
            ctx.flush();
        }
    }

    /** Bytes that were passed on and wait for {@link #flush}. */
    int unflushed() {
        return unflushed;
    }

    /** Whether something waits for {@link #flush}. */
    boolean pending() {
        return gathered != null || written;
    }

    /** Releases what was never flushed, when the connection is gone. */
    void drop() {
        ByteBuf buffer = gathered;
        if (buffer != null) {
            gathered = null;
            buffer.release();
        }
    }
}
