package io.weir.wire.h2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;

import java.util.ArrayDeque;

/**
 * Sends bodies as fast as the peer's windows and the socket allow. Streams that wait for the
 * connection take turns, one frame each. Confined to one event loop.
 */
final class SendFlow {

    /** Control frames of the peer that a frame of body pays for. */
    private static final int WORK = 2;

    /** Bytes of body that pay for one more: some peers give room whenever they have read a bit. */
    private static final int BYTES_OF_WORK = 512;

    private final Channel channel;
    private final FrameWriter out;
    private final FloodGuard guard;
    private final ArrayDeque<H2Stream> queue = new ArrayDeque<>();
    private long window = Frames.DEFAULT_WINDOW;
    private int initialWindow = Frames.DEFAULT_WINDOW;
    private int waiting;
    private boolean turning;

    SendFlow(Channel channel, FrameWriter out, FloodGuard guard) {
        this.channel = channel;
        this.out = out;
        this.guard = guard;
    }

    /** Bytes that wait, of all streams. */
    int waiting() {
        return waiting;
    }

    /** What the peer may take on the connection, all streams together. */
    long window() {
        return window;
    }

    /** The window that the peer gives to new streams. */
    int initialWindow() {
        return initialWindow;
    }

    void initialWindow(int bytes) {
        initialWindow = bytes;
    }

    /** Sends a piece of body when it can be, else later; becomes its owner. */
    void data(H2Stream stream, ByteBuf piece, boolean last) {
        int length = piece.readableBytes();
        if (last) {
            stream.endWith(null);
        }
        if (!stream.waits()
                && length <= stream.sendWindow
                && length <= window
                && length <= out.maxFrame()
                && channel.isWritable()) {
            write(stream, piece, last);
        } else {
            waiting += length;
            stream.enqueue(piece);
            pump(stream, Integer.MAX_VALUE);
        }
    }

    /** Ends the stream behind what waits; {@code trailers} is a whole block, null for none. */
    void end(H2Stream stream, byte[] trailers) {
        stream.endWith(trailers.length == 0 ? null : trailers);
        if (!stream.waits()) {
            writeEnd(stream);
        }
    }

    private void write(H2Stream stream, ByteBuf piece, boolean last) {
        int length = piece.readableBytes();
        stream.sendWindow -= length;
        window -= length;
        stream.bytesWritten += Frames.HEADER_LENGTH + length;
        guard.work(WORK + length / BYTES_OF_WORK);
        out.data(stream.id, piece, last);
        if (last) {
            closed(stream);
        }
    }

    private void writeEnd(H2Stream stream) {
        byte[] trailers = stream.trailers();
        if (trailers == null) {
            out.end(stream.id);
            stream.bytesWritten += Frames.HEADER_LENGTH;
        } else {
            stream.bytesWritten += out.headers(stream.id, trailers, trailers.length, true);
        }
        closed(stream);
    }

    private static void closed(H2Stream stream) {
        stream.localClosed = true;
        stream.sent();
    }

    /**
     * Sends what waits on {@code stream}.
     *
     * @param frames at most
     */
    private void pump(H2Stream stream, int frames) {
        boolean moved = false;
        for (int i = 0; i < frames && stream.waits() && !stream.localClosed; i++) {
            long most = Math.min(Math.min(stream.sendWindow, window), out.maxFrame());
            if (most <= 0 || !channel.isWritable()) {
                break;
            }
            ByteBuf piece = stream.next((int) most);
            waiting -= piece.readableBytes();
            write(stream, piece, stream.ends() && stream.trailers() == null && !stream.waits());
            moved = true;
        }
        if (stream.localClosed) {
            return;
        }
        if (!stream.waits() && stream.ends()) {
            writeEnd(stream);
            return;
        }
        if (stream.waits() && stream.sendWindow > 0 && !stream.queued) {
            stream.queued = true;
            queue.add(stream);
        }
        if (moved) {
            stream.drained();
        }
    }

    /** The peer has room on {@code stream}. */
    void streamOpened(H2Stream stream) {
        if (stream.waits() && !stream.queued) {
            pump(stream, Integer.MAX_VALUE);
        }
    }

    /**
     * Gives the connection {@code increment} bytes more; false when that is more than there can be.
     */
    boolean widen(int increment) {
        window += increment;
        if (window > Integer.MAX_VALUE) {
            return false;
        }
        turn();
        return true;
    }

    /** The connection has room, in its window or its socket: each stream in turn sends a frame. */
    void turn() {
        if (turning) {
            return;
        }
        turning = true;
        try {
            while (!queue.isEmpty() && window > 0 && channel.isWritable()) {
                H2Stream stream = queue.remove();
                stream.queued = false;
                pump(stream, 1);
            }
        } finally {
            turning = false;
        }
    }

    /** The stream has gone, and what waits on it is going to be dropped. */
    void forget(H2Stream stream) {
        waiting -= stream.waitingBytes();
        if (stream.queued) {
            stream.queued = false;
            queue.remove(stream);
        }
    }
}
