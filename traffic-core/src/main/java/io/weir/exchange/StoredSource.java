package io.weir.exchange;

import io.netty.buffer.ByteBuf;
import io.weir.cache.Body;
import io.weir.fault.TrafficFault;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Sends a stored body, or a part of one, as fast as the client takes it; where the body is still
 * growing it follows the filler. Confined to one event loop, but for the wake-up by the filler.
 */
class StoredSource implements BodySource {

    private static final int PIECE = 256 * 1024;

    private final Exchange x;
    private final Body body;
    private final long to;
    private long at;
    private boolean pulling;
    private boolean ended;
    private boolean released;
    private @Nullable Runnable watcher;

    /**
     * @param body held for this source, which lets go of it
     * @param from index of the first byte
     * @param to index behind the last byte; negative for all there will be
     */
    StoredSource(Exchange x, Body body, long from, long to) {
        this.x = x;
        this.body = body;
        this.at = from;
        this.to = to;
    }

    Body body() {
        return body;
    }

    Exchange exchange() {
        return x;
    }

    /** Whether the client has everything that is there. */
    boolean drained() {
        return at == body.written();
    }

    @Override
    public void pull() {
        if (pulling || ended || released) {
            return;
        }
        pulling = true;
        try {
            send();
        } finally {
            pulling = false;
        }
    }

    private void send() {
        while (!released) {
            Body.State state = body.state();
            long there = body.end(at);
            long end = to >= 0 ? to : state == Body.State.COMPLETE ? there : Long.MAX_VALUE;
            if (at >= end) {
                finished();
                return;
            }
            if (at >= there) {
                emptied(state);
                return;
            }
            if (!x.answer().clientTakesMore()) {
                return;
            }
            ByteBuf piece = body.slice(at, (int) Math.min(PIECE, end - at));
            at += piece.readableBytes();
            x.answer().storedData(piece);
        }
    }

    /** The client has all of it. */
    void finished() {
        ended = true;
        x.answer().end(null);
    }

    /** The client has what is there, and it is not the whole. */
    void emptied(Body.State state) {
        if (state == Body.State.BROKEN) {
            ended = true;
            x.fail(new TrafficFault.NodeBroke("the response that others wait for too broke off"));
            return;
        }
        x.answer().flush();
        if (watcher == null) {
            Runnable mine = new Watcher();
            watcher = mine;
            body.watch(mine);
        }
    }

    /** Goes on when more of the body has come. Called by the filler. */
    private final class Watcher implements Runnable {
        private final AtomicBoolean woken = new AtomicBoolean();

        @Override
        public void run() {
            if (woken.compareAndSet(false, true)) {
                x.context().executor().execute(this::goOn);
            }
        }

        private void goOn() {
            woken.set(false);
            x.context().tick();
            pull();
            if (!released && !ended) {
                x.answer().flush();
            }
        }
    }

    @Override
    public void nodeData(ByteBuf piece) {
        piece.release();
    }

    @Override
    public void nodeEnd() {}

    @Override
    public boolean clientGone() {
        return false;
    }

    @Override
    public void release() {
        if (released) {
            return;
        }
        released = true;
        if (watcher != null) {
            body.unwatch(watcher);
        }
        body.letGo();
    }
}
