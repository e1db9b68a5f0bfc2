package io.weir.exchange;

import io.netty.buffer.ByteBuf;
import io.weir.cache.Body;
import io.weir.cache.Filling;

import java.util.ArrayDeque;

/**
 * Puts a node's response into the store and sends it to the client from there, so that a slow
 * client does not slow the node, and those who wait for the same response, down. A response that
 * turns out too long for the store goes on to the client alone. Confined to one event loop.
 */
final class FillingSource extends StoredSource {

    private final Filling filling;
    private final ArrayDeque<ByteBuf> past = new ArrayDeque<>();
    private boolean spilled;
    private boolean nodeEnded;
    private boolean alone;

    /**
     * @param filling whose body is held once more for this source
     */
    FillingSource(Exchange x, Filling filling) {
        super(x, filling.body(), 0, -1);
        this.filling = filling;
    }

    @Override
    public void nodeData(ByteBuf piece) {
        if (!spilled && filling.append(piece, exchange().context().nanos())) {
            piece.release();
            if (!alone) {
                pull();
            }
            return;
        }
        if (!spilled) {
            spilled = true;
            filling.tooLong();
        }
        past.add(piece);
        if (alone) {
            exchange().finish();
            return;
        }
        pull();
        if (!past.isEmpty()) {
            exchange().attempts().pauseResponse(true);
        }
    }

    @Override
    public void nodeEnd() {
        nodeEnded = true;
        if (!spilled) {
            filling.complete();
        }
        if (alone) {
            exchange().finish();
        } else {
            pull();
        }
    }

    @Override
    void emptied(Body.State state) {
        if (!spilled) {
            if (state == Body.State.BROKEN) {
                super.emptied(state);
            }
            return;
        }
        while (!past.isEmpty()) {
            if (!exchange().answer().clientTakesMore()) {
                return;
            }
            exchange().answer().storedData(past.remove());
        }
        if (nodeEnded) {
            finished();
        } else {
            exchange().attempts().pauseResponse(false);
        }
    }

    @Override
    public boolean clientGone() {
        alone = !spilled && !nodeEnded;
        return alone;
    }

    @Override
    public void release() {
        past.forEach(ByteBuf::release);
        past.clear();
        filling.abandon();
        super.release();
    }
}
