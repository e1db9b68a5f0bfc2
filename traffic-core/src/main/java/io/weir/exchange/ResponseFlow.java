package io.weir.exchange;

import io.netty.buffer.ByteBuf;
import io.weir.http.BodySink;
import io.weir.http.Fields;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The response body of one exchange on its way from the node side through the filters to the client
 * side. It waits here until the head has been sent, and the node is not read while the client is
 * full. Confined to one event loop.
 */
final class ResponseFlow {

    private final ClientSide client;

    /** Who gets the body first. */
    private BodySink taker;

    private @Nullable List<ResponseFilter> filters;
    private @Nullable Link last;
    private @Nullable ArrayDeque<ByteBuf> held;
    private @Nullable Fields trailers;
    private boolean open;
    private boolean endHeld;
    private boolean complete;
    private boolean bodiless;
    private int heldBytes;
    private long awaited;
    private @Nullable Runnable whenThere;

    ResponseFlow(ClientSide client) {
        this.client = client;
        this.taker = client;
    }

    /** Where a filter sends to: the one that was added behind it, or the client. */
    private static final class Link implements BodySink {
        private BodySink to;

        Link(BodySink to) {
            this.to = to;
        }

        @Override
        public void data(ByteBuf piece) {
            to.data(piece);
        }

        @Override
        public void end(@Nullable Fields trailers) {
            to.end(trailers);
        }
    }

    /** Adds a filter behind those that are there; only before the head is sent. */
    void filter(Function<BodySink, ResponseFilter> maker) {
        if (open) {
            throw new IllegalStateException("the response has begun");
        }
        Link link = new Link(client);
        ResponseFilter filter = maker.apply(link);
        Link before = last;
        if (before == null) {
            taker = filter;
        } else {
            before.to = filter;
        }
        last = link;
        List<ResponseFilter> list = filters;
        if (list == null) {
            list = new ArrayList<>(2);
            filters = list;
        }
        list.add(filter);
    }

    /** Whatever comes, nothing of it goes to the client; only before the head is sent. */
    void withoutBody() {
        releaseFilters();
        bodiless = true;
        taker =
                new BodySink() {
                    @Override
                    public void data(ByteBuf piece) {
                        piece.release();
                    }

                    @Override
                    public void end(@Nullable Fields none) {
                        client.end(null);
                    }
                };
    }

    /** Bytes that wait. */
    int heldBytes() {
        return heldBytes;
    }

    /** Whether the head has been sent, so that the body may follow. */
    boolean open() {
        return open;
    }

    /** Whether nothing has come yet, and nothing stands in its way. */
    boolean untouched() {
        return held == null && !endHeld && filters == null;
    }

    /** Whether the whole body has been handed on. */
    boolean complete() {
        return complete;
    }

    /** A piece of the body; the flow becomes its owner. */
    void data(ByteBuf piece, @Nullable NodeSide side) {
        if (open) {
            taker.data(piece);
            holdBack(side);
            return;
        }
        ArrayDeque<ByteBuf> waiting = held;
        if (waiting == null) {
            waiting = new ArrayDeque<>();
            held = waiting;
        }
        waiting.add(piece);
        heldBytes += piece.readableBytes();
        if (whenThere != null && heldBytes <= awaited) {
            return;
        }
        if (side != null) {
            side.pauseResponse(true);
        }
        there();
    }

    /** Whether the next bytes of the body may go to the client unread. */
    boolean passesUnread() {
        return open && filters == null && !bodiless && client.takesUnread();
    }

    /** The next {@code bytes} of the body lie unread in the pipe of the event loop. */
    void unread(int bytes, @Nullable NodeSide side) {
        client.unread(bytes);
        holdBack(side);
    }

    /**
     * Gives what waits here to {@code other}, which is to get all that comes later.
     *
     * @return whether that is the whole body
     */
    boolean handOver(BodySource other) {
        ArrayDeque<ByteBuf> waiting = held;
        boolean whole = endHeld;
        held = null;
        heldBytes = 0;
        endHeld = false;
        trailers = null;
        if (waiting != null) {
            waiting.forEach(other::nodeData);
        }
        return whole;
    }

    /** Calls {@code done} when the whole body is there, or more than {@code bytes} of it. */
    void await(long bytes, @Nullable NodeSide side, Runnable done) {
        if (endHeld || side == null || heldBytes > bytes) {
            done.run();
            return;
        }
        awaited = bytes;
        whenThere = done;
        side.pauseResponse(false);
    }

    private void there() {
        Runnable done = whenThere;
        if (done != null) {
            whenThere = null;
            done.run();
        }
    }

    /** A copy of the body; null unless the whole of it waits here. */
    byte @Nullable [] body() {
        return endHeld ? Held.copy(held, heldBytes) : null;
    }

    /**
     * The body has ended.
     *
     * @return whether the client has all of it now; otherwise {@link #begin} will hand it on
     */
    boolean end(@Nullable Fields last) {
        if (!open) {
            endHeld = true;
            trailers = last;
            there();
            return false;
        }
        taker.end(last);
        complete = true;
        return true;
    }

    /**
     * The head has been sent: what waited follows.
     *
     * @return whether the client has the whole body now
     */
    boolean begin(@Nullable NodeSide side) {
        open = true;
        ArrayDeque<ByteBuf> waiting = held;
        if (waiting != null) {
            held = null;
            waiting.forEach(taker::data);
        }
        if (endHeld) {
            return end(trailers);
        }
        if (waiting != null && side != null && client.writable()) {
            side.pauseResponse(false);
        }
        return false;
    }

    /** The node has nothing more for now. */
    void flush() {
        List<ResponseFilter> list = filters;
        if (list != null) {
            for (int i = 0; i < list.size(); i++) {
                list.get(i).flush();
            }
        }
        client.flushSoon();
    }

    private void holdBack(@Nullable NodeSide side) {
        if (side != null && !client.writable()) {
            // What waits only to be flushed does not make the client slow.
            client.flush();
            if (!client.writable()) {
                side.pauseResponse(true);
            }
        }
    }

    /** Forgets the body of an answer that nobody will see, and the filters made for it. */
    void forget() {
        ArrayDeque<ByteBuf> waiting = held;
        if (waiting != null) {
            held = null;
            waiting.forEach(ByteBuf::release);
        }
        heldBytes = 0;
        endHeld = false;
        trailers = null;
        whenThere = null;
        if (!open) {
            releaseFilters();
        }
    }

    private void releaseFilters() {
        List<ResponseFilter> list = filters;
        if (list != null) {
            list.forEach(ResponseFilter::release);
            filters = null;
            last = null;
            taker = client;
        }
    }

    /** Whether the whole body has come, and waits. */
    boolean ended() {
        return endHeld;
    }

    /** Releases what waits, here and in the filters. */
    void drop() {
        whenThere = null;
        ArrayDeque<ByteBuf> waiting = held;
        if (waiting != null) {
            held = null;
            waiting.forEach(ByteBuf::release);
        }
        List<ResponseFilter> list = filters;
        if (list != null) {
            list.forEach(ResponseFilter::release);
        }
    }
}
