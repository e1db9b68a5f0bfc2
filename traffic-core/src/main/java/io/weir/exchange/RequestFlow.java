package io.weir.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weir.http.Fields;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;

/**
 * The request body of one exchange on its way from the client side to the node side. It waits here
 * while no node side is there, and the client is not read while its taker is full. Confined to one
 * event loop.
 */
final class RequestFlow {

    private final ClientSide client;
    private final int limit;

    private @Nullable ArrayDeque<ByteBuf> held;
    private @Nullable Fields trailers;
    private int heldBytes;
    private boolean paused;
    private boolean begun;
    private boolean complete;
    private long awaited;
    private @Nullable Runnable whenThere;

    /**
     * @param limit bytes held before the client is not read any more
     * @param complete whether there is no body at all
     */
    RequestFlow(ClientSide client, int limit, boolean complete) {
        this.client = client;
        this.limit = limit;
        this.complete = complete;
    }

    /** Bytes that wait. */
    int heldBytes() {
        return heldBytes;
    }

    /** Whether the whole request, as far as the client is concerned, has come. */
    boolean complete() {
        return complete;
    }

    /** Whether a piece of the body has left for a node, so that it cannot be sent again. */
    boolean begun() {
        return begun;
    }

    /** The request was a switch of protocols: from now on the client may send without an end. */
    void reopen() {
        complete = false;
    }

    /** A piece from the client; the flow becomes its owner. */
    void data(ByteBuf piece, @Nullable NodeSide side) {
        if (side != null) {
            begun = true;
            side.data(piece);
            holdBack(side);
            return;
        }
        ArrayDeque<ByteBuf> waiting = held;
        if (waiting == null) {
            waiting = new ArrayDeque<>();
            held = waiting;
        }
        heldBytes += piece.readableBytes();
        Held.add(waiting, piece);
        if (whenThere != null) {
            if (heldBytes > awaited) {
                there();
            }
        } else if (heldBytes >= limit) {
            paused = true;
            client.pauseRequest(true);
        }
    }

    /** Calls {@code done} when the whole body is there, or more than {@code bytes} of it. */
    void await(long bytes, Runnable done) {
        if (complete || heldBytes > bytes) {
            done.run();
            return;
        }
        awaited = bytes;
        whenThere = done;
        if (paused) {
            paused = false;
            client.pauseRequest(false);
        }
    }

    private void there() {
        Runnable done = whenThere;
        whenThere = null;
        if (!complete && heldBytes >= limit) {
            paused = true;
            client.pauseRequest(true);
        }
        if (done != null) {
            done.run();
        }
    }

    /** A copy of the body; null unless the whole of it waits here. */
    byte @Nullable [] body() {
        return complete && !begun ? Held.copy(held, heldBytes) : null;
    }

    /** Puts {@code body} in the place of what waits. */
    void replace(byte[] body) {
        drop();
        heldBytes = 0;
        trailers = null;
        if (body.length > 0) {
            ArrayDeque<ByteBuf> waiting = new ArrayDeque<>();
            waiting.add(Unpooled.wrappedBuffer(body));
            held = waiting;
            heldBytes = body.length;
        }
    }

    /** The client has sent everything. */
    void end(@Nullable Fields last, @Nullable NodeSide side) {
        complete = true;
        if (side != null) {
            side.end(last);
        } else {
            trailers = last;
            if (whenThere != null) {
                there();
            }
        }
    }

    /** A node side is there and has the head: what waited follows. */
    void startOn(NodeSide side) {
        ArrayDeque<ByteBuf> waiting = held;
        if (waiting != null) {
            held = null;
            heldBytes = 0;
            for (ByteBuf piece : waiting) {
                begun = true;
                side.data(piece);
            }
        }
        if (complete) {
            side.end(trailers);
        }
        side.flushSoon();
        holdBack(side);
    }

    /** The node takes data again. */
    void nodeWritable(NodeSide side) {
        if (paused && side.writable()) {
            paused = false;
            client.pauseRequest(false);
        }
    }

    private void holdBack(NodeSide side) {
        if (!side.writable()) {
            side.flush();
        }
        boolean full = !side.writable();
        if (full != paused) {
            paused = full;
            client.pauseRequest(full);
        }
    }

    /** Releases what waits. */
    void drop() {
        ArrayDeque<ByteBuf> waiting = held;
        if (waiting != null) {
            held = null;
            waiting.forEach(ByteBuf::release);
        }
        whenThere = null;
    }
}
