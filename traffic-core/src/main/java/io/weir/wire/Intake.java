package io.weir.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;

import org.jspecify.annotations.Nullable;

/**
 * What a client has sent and nobody has taken yet, and whether its socket is read: bytes behind a
 * request wait here until its response is complete, and while they do no more are read. Confined to
 * one event loop.
 */
final class Intake {

    private final Channel channel;

    private @Nullable ByteBuf waiting;
    private boolean busy;
    private boolean paused;
    private boolean reading = true;
    private boolean ended;

    Intake(Channel channel) {
        this.channel = channel;
    }

    /** Puts what waited in front of {@code in}; the caller becomes the owner of both. */
    ByteBuf behindWaiting(ByteBuf in) {
        ByteBuf before = take();
        return before == null ? in : Unpooled.wrappedBuffer(before, in);
    }

    /** Takes what waits; null when nothing does. */
    @Nullable ByteBuf take() {
        ByteBuf before = waiting;
        waiting = null;
        return before;
    }

    /** Keeps {@code in} until more has come; becomes its owner. */
    void keep(ByteBuf in) {
        waiting = in;
    }

    /** Throws away what waits. */
    void drop() {
        ByteBuf before = take();
        if (before != null) {
            before.release();
        }
    }

    /** Whether bytes wait. */
    boolean waits() {
        return waiting != null;
    }

    /** Bytes are about to be taken; {@link #taken} follows. */
    void taking() {
        if (busy) {
            throw new IllegalStateException("reading while reading");
        }
        busy = true;
    }

    /**
     * As many bytes were taken as could be.
     *
     * @param in its rest waits; owned by the intake from now on
     * @param wanted whether anybody will want that rest
     */
    void taken(ByteBuf in, boolean wanted) {
        busy = false;
        if (wanted && in.isReadable()) {
            waiting = in;
        } else {
            in.release();
        }
    }

    /** Whether bytes are being taken at this moment. */
    boolean busy() {
        return busy;
    }

    /** Whether the taker of the request body is full. */
    boolean paused() {
        return paused;
    }

    /** The taker of the request body is full, or not any more. */
    void pause(boolean full) {
        paused = full;
        if (!busy) {
            update();
        }
    }

    /** Nobody is full any more; {@link #update} follows when it suits. */
    void forgetPause() {
        paused = false;
    }

    /** Reads from the socket, or stops it, as things are now. */
    void update() {
        if (ended) {
            // Everything was read; Netty has ended its interest in the socket's input for good.
            return;
        }
        boolean wanted = waiting == null && !paused;
        if (wanted != reading) {
            reading = wanted;
            channel.config().setAutoRead(wanted);
        }
    }

    /** The client has closed its side; whether that is news. */
    boolean end() {
        boolean news = !ended;
        ended = true;
        return news;
    }

    /** Whether the client has closed its side. */
    boolean ended() {
        return ended;
    }

    /** Whether the client has closed its side and everything that it sent before was taken. */
    boolean exhausted() {
        return ended && waiting == null && !busy;
    }
}
