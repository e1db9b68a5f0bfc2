package io.weir.wire.h2;

import io.netty.buffer.ByteBuf;
import io.weir.exchange.Held;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;

/**
 * One stream: its state, what waits for the peer's window, and how much of what came has been
 * taken. Confined to one event loop.
 */
abstract class H2Stream {

    final int id;

    /** What the peer may still take, and we may still be sent; negative after a smaller setting. */
    long sendWindow;

    int receiveWindow;

    /** Bytes that came, and for which the peer has not been given new room. */
    int untaken;

    /** Bytes that were taken, and for which the peer has not been given new room. */
    int taken;

    /** Whether a client's request counts among those that may turn out to hold memory. */
    boolean claims;

    boolean paused;
    boolean remoteClosed;
    boolean localClosed;

    /** Whether the stream stands in the queue of those that wait for the connection. */
    boolean queued;

    private @Nullable ArrayDeque<ByteBuf> waiting;
    private int waitingBytes;
    private boolean ends;
    private byte @Nullable [] trailers;
    long bytesWritten;

    H2Stream(int id, int sendWindow, int receiveWindow) {
        this.id = id;
        this.sendWindow = sendWindow;
        this.receiveWindow = receiveWindow;
    }

    /**
     * A piece of body has come.
     *
     * @param piece null when the frame had no data; the stream becomes its owner
     * @param end whether the peer has sent everything
     */
    abstract void received(@Nullable ByteBuf piece, boolean end) throws ConnectionError;

    /** All that {@link #received} was given for now has been. */
    abstract void readComplete();

    /** Whether the answer has begun. */
    abstract boolean answered();

    /** The peer has given the stream up. */
    abstract void peerReset(long code);

    /** The connection has gone, or ends the stream by itself. */
    abstract void cut(String why);

    /** Part of what waited has left. */
    abstract void drained();

    /** The last byte has left. */
    abstract void sent();

    // ---- what waits to be sent

    int waitingBytes() {
        return waitingBytes;
    }

    boolean waits() {
        ArrayDeque<ByteBuf> pieces = waiting;
        return pieces != null && !pieces.isEmpty();
    }

    boolean ends() {
        return ends;
    }

    /** Nothing will follow; {@code block} is the trailer section, null for none. */
    void endWith(byte @Nullable [] block) {
        ends = true;
        trailers = block;
    }

    byte @Nullable [] trailers() {
        return trailers;
    }

    void enqueue(ByteBuf piece) {
        ArrayDeque<ByteBuf> pieces = waiting;
        if (pieces == null) {
            pieces = new ArrayDeque<>();
            waiting = pieces;
        }
        waitingBytes += piece.readableBytes();
        Held.add(pieces, piece);
    }

    /** The next piece, of at most {@code most} bytes; the caller becomes its owner. */
    ByteBuf next(int most) {
        ArrayDeque<ByteBuf> pieces = waiting;
        ByteBuf first = pieces == null ? null : pieces.peek();
        if (pieces == null || first == null) {
            throw new IllegalStateException("nothing waits on stream " + id);
        }
        if (first.readableBytes() <= most) {
            pieces.remove();
            waitingBytes -= first.readableBytes();
            return first;
        }
        waitingBytes -= most;
        return first.readRetainedSlice(most);
    }

    /** Releases what waits. */
    void drop() {
        ArrayDeque<ByteBuf> pieces = waiting;
        if (pieces != null) {
            waiting = null;
            waitingBytes = 0;
            pieces.forEach(ByteBuf::release);
        }
    }
}
