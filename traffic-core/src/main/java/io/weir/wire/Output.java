package io.weir.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.weir.http.Fields;
import io.weir.http.RequestHead;
import io.weir.http.ResponseHead;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * What one connection is going to send: heads and small pieces are gathered into one buffer, so
 * that a head and a small body leave in one system call; large pieces are passed on as they are.
 * Confined to one event loop.
 *
 * <p>What was gathered goes straight to the socket where nothing stands or waits in between: the
 * kernel nearly always takes all of it, and then Netty need not keep account of it. Whatever it
 * does not take goes the usual way, through the pipeline.
 */
public final class Output {

    private static final Logger LOG = LoggerFactory.getLogger(Output.class);

    /**
     * Pieces up to this size are copied: that is cheaper than a vector, and what they were read
     * into is free for the next read.
     */
    private static final int COPY_LIMIT = 4096;

    private static final int FIRST_CAPACITY = 1024;
    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LAST_CHUNK_LINE = "0\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final ChannelHandlerContext ctx;
    private final byte[][] scratch;
    private final SendBatch batch;
    private final SendMemory memory;
    private final KernelPipe pipe;
    private final @Nullable Straight straight;
    private @Nullable ByteBuf gathered;

    /** A large piece that follows what was gathered, and that nothing follows yet. */
    private @Nullable ByteBuf behind;

    private boolean written;
    private boolean batched;
    private long total;
    private long flushed;

    /**
     * @param scratch one array that all connections of the event loop share for building heads
     * @param batch of the event loop
     * @param memory of the event loop
     * @param pipe of the event loop
     */
    Output(
            ChannelHandlerContext ctx,
            byte[][] scratch,
            SendBatch batch,
            SendMemory memory,
            KernelPipe pipe) {
        this.ctx = ctx;
        this.scratch = scratch;
        this.batch = batch;
        this.memory = memory;
        this.pipe = pipe;
        this.straight = Straight.of(ctx);
    }

    /** Bytes written so far, flushed or not. */
    long total() {
        return total;
    }

    /** Of those, how many were handed on; the others wait in here. */
    long flushed() {
        return flushed;
    }

    private byte[] room(int length) {
        byte[] array = scratch[0];
        if (array.length < length) {
            array = new byte[length * 2];
            scratch[0] = array;
        }
        return array;
    }

    private ByteBuf gather(int more) {
        ByteBuf buffer = gathered;
        if (behind != null || buffer != null && buffer.writableBytes() < more) {
            passOn();
            buffer = null;
        }
        if (buffer == null) {
            // What has to wait takes no more memory than it needs.
            buffer =
                    straight()
                            ? memory.take(ctx.alloc(), more)
                            : ctx.alloc().directBuffer(Math.max(FIRST_CAPACITY, more));
            gathered = buffer;
        }
        return buffer;
    }

    /** What is here goes the usual way. */
    private void passOn() {
        ByteBuf buffer = gathered;
        ByteBuf piece = behind;
        gathered = null;
        behind = null;
        if (buffer != null) {
            pass(buffer);
        }
        if (piece != null) {
            pass(piece);
        }
    }

    private void pass(ByteBuf buffer) {
        written = true;
        ctx.write(buffer, ctx.voidPromise());
    }

    /**
     * Writes a request head with {@code tail}, further lines and the empty one.
     *
     * @param bodyHint bytes of body that are expected to follow soon
     */
    void head(RequestHead head, byte[] tail, int bodyHint) {
        byte[] out = room(head.startLineLength() + head.encodedLength() + tail.length);
        int at = head.encode(out, head.encodeStartLine(out, 0));
        System.arraycopy(tail, 0, out, at, tail.length);
        at += tail.length;
        total += at;
        gather(bodyHint > COPY_LIMIT ? at : at + bodyHint).writeBytes(out, 0, at);
    }

    /** As {@link #head(RequestHead, byte[], int)} for a response. */
    void head(ResponseHead head, byte[] tail, int bodyHint) {
        byte[] out = room(head.startLineLength() + head.encodedLength() + tail.length);
        int at = head.encode(out, head.encodeStartLine(out, 0));
        System.arraycopy(tail, 0, out, at, tail.length);
        at += tail.length;
        total += at;
        gather(bodyHint > COPY_LIMIT ? at : at + bodyHint).writeBytes(out, 0, at);
    }

    /** Writes bytes that are small. */
    void bytes(byte[] octets) {
        total += octets.length;
        gather(octets.length).writeBytes(octets);
    }

    /** Writes a piece of a body, or of a stream, as it is; becomes its owner. */
    public void data(ByteBuf piece) {
        int length = piece.readableBytes();
        total += length;
        ByteBuf buffer = gathered;
        if (length <= COPY_LIMIT
                && (buffer == null || buffer.writableBytes() >= length || length <= 512)) {
            gather(length).writeBytes(piece);
            piece.release();
        } else if (behind == null && straight()) {
            behind = piece;
        } else {
            passOn();
            pass(piece);
        }
    }

    /** Whether bytes may be sent {@link #unread} now. */
    public boolean takesUnread() {
        return straight() && pipe.usable();
    }

    /**
     * Sends what was written, and behind it bytes out of the pipe of the event loop; what the
     * kernel does not take is read, and goes the usual way.
     */
    public void unread(int bytes) {
        total += bytes;
        flushed = total;
        Straight way = straight;
        int left = way != null && sentAhead(way) ? way.send(pipe, bytes) : bytes;
        if (left > 0) {
            try {
                passOn();
                pass(pipe.takeOut(ctx.alloc(), left));
                written = false;
                ctx.flush();
            } catch (IOException | OutOfMemoryError lost) {
                LOG.debug("{} is cut: {}", ctx.channel(), lost.toString());
                // Nobody may take what follows, or the end, for the rest of what was to come.
                if (ctx.channel().isActive()) {
                    Closing.resetOnClose(ctx.channel());
                }
                Closing.cut(ctx.channel());
            }
        }
    }

    /** Whether the kernel has all that was written, and waits for what follows it at once. */
    private boolean sentAhead(Straight way) {
        ByteBuf first = gathered != null ? gathered : behind;
        if (written || first == null) {
            return !written;
        }
        way.sendAhead(first, gathered != null ? behind : null, memory);
        return letGo() || sendStraight(way);
    }

    /** Writes a piece of a body as one chunk; becomes its owner. */
    void chunk(ByteBuf piece) {
        int length = piece.readableBytes();
        ByteBuf buffer = gather(10);
        int shift = 28;
        while (shift > 0 && length >>> shift == 0) {
            shift -= 4;
        }
        int digits = shift / 4 + 1;
        for (; shift >= 0; shift -= 4) {
            buffer.writeByte(HEX[length >>> shift & 15]);
        }
        buffer.writeBytes(CRLF);
        total += digits + 2;
        data(piece);
        bytes(CRLF);
    }

    /** Ends a chunked body. */
    void lastChunk(@Nullable Fields trailers) {
        if (trailers == null || trailers.fieldCount() == 0) {
            bytes(LAST_CHUNK);
            return;
        }
        byte[] out = room(trailers.encodedLength());
        int length = trailers.encode(out, 0);
        ByteBuf buffer = gather(length + LAST_CHUNK.length);
        total += length + LAST_CHUNK.length;
        buffer.writeBytes(LAST_CHUNK_LINE).writeBytes(out, 0, length).writeBytes(CRLF);
    }

    /** Hands everything to the kernel when the event loop has handled what is ready now. */
    public void flushSoon() {
        if (batched || !pending()) {
            return;
        }
        batched = batch.add(this, total - flushed);
        if (!batched) {
            flush();
        }
    }

    /** The batch that it was added to is sent. */
    void sendBatched() {
        batched = false;
        flush();
    }

    /** Hands everything to the kernel, as far as it takes it. */
    public void flush() {
        flushed = total;
        if (straight != null && !written && sendStraight(straight)) {
            return;
        }
        passOn();
        if (written) {
            written = false;
            ctx.flush();
        }
    }

    /** Whether the kernel has taken all that is here. */
    private boolean sendStraight(Straight way) {
        ByteBuf buffer = gathered;
        ByteBuf piece = behind;
        if (buffer != null && piece != null) {
            way.send(buffer, piece, memory);
        } else if (buffer != null) {
            way.send(buffer);
        } else if (piece != null) {
            way.send(piece);
        }
        return letGo();
    }

    /** Lets go of what the kernel has taken; whether that is all. */
    private boolean letGo() {
        ByteBuf buffer = gathered;
        ByteBuf piece = behind;
        if (buffer != null && !buffer.isReadable()) {
            gathered = null;
            memory.giveBack(buffer);
        }
        if (piece != null && !piece.isReadable()) {
            behind = null;
            piece.release();
        }
        return gathered == null && behind == null;
    }

    private boolean straight() {
        return straight != null && !written && straight.open();
    }

    /** Whether something waits for {@link #flush}. */
    boolean pending() {
        return gathered != null || behind != null || written;
    }

    /** Releases what was never flushed, when the connection is gone. */
    public void drop() {
        ByteBuf buffer = gathered;
        ByteBuf piece = behind;
        gathered = null;
        behind = null;
        if (buffer != null) {
            buffer.release();
        }
        if (piece != null) {
            piece.release();
        }
    }
}
