package io.weir.exchange;

import io.netty.buffer.ByteBuf;
import io.weir.cache.ByteRange;
import io.weir.cache.Fetches;
import io.weir.cache.Filling;
import io.weir.cache.Outcome;
import io.weir.cache.Parts;
import io.weir.cache.Stored;
import io.weir.fault.TrafficFault;
import io.weir.http.FieldName;
import io.weir.http.RequestHead;
import io.weir.http.ResponseHead;

import org.jspecify.annotations.Nullable;

/**
 * The fetch of what is missing of a response of which parts are stored, for a client that wants the
 * whole (RFC 9111 section 3.4): the node sends a part only if it still has the same, and the client
 * gets the whole when the part is there. Confined to the event loop of its exchange.
 */
final class FetchRest implements BodySource {

    private final Exchange x;
    private final CacheUse use;
    private final Stored known;
    private final Parts.Rest rest;
    private @Nullable Filling filling;

    private FetchRest(Exchange x, CacheUse use, Parts.Rest rest) {
        this.x = x;
        this.use = use;
        this.known = rest.known();
        this.rest = rest;
    }

    /** Makes the request of {@code x} ask for the rest; null when it asks for the whole. */
    static @Nullable FetchRest begin(Exchange x, CacheUse use) {
        RequestHead request = x.request();
        boolean whole =
                use.conditions().any()
                        || use.asked().noStore()
                        || x.inBackground()
                        // They would meet a part that no client has asked for.
                        || !x.server().rules().response().isEmpty();
        Parts.Rest rest =
                whole ? null : use.access().store().parts().incomplete(use.key(), request);
        if (rest == null) {
            return null;
        }
        ByteRange missing = rest.missing();
        request.add(FieldName.RANGE, "bytes=" + missing.first() + "-" + missing.last());
        request.add(FieldName.IF_RANGE, rest.tag());
        return new FetchRest(x, use, rest);
    }

    /** What the node says to it; null when its answer is not a part, and goes on as usual. */
    @Nullable Next answered(ResponseHead response) {
        restore(x.request());
        int status = response.status();
        if (status != 206 && status != 416) {
            return null;
        }
        Fetches fetches = use.access().store().fetches();
        Fetches.Begun begun =
                x.answer().flow().untouched()
                        ? use.access()
                                .store()
                                .parts()
                                .beginRest(
                                        rest,
                                        use.access().policy(),
                                        x.request(),
                                        response,
                                        x.answer().length(),
                                        StoreInCache.times(x))
                        : null;
        Stored part = begun == null ? null : begun.stored();
        if (begun == null || part == null) {
            askForWhole();
            return Next.WAIT;
        }
        filling =
                new Filling(
                        fetches,
                        fetches.join(use.key(), x.request(), true).fill(),
                        part,
                        x.context().nanos(),
                        begun.place());
        x.answer().storing(response, this, part);
        return Next.WAIT;
    }

    /** Takes away what the client did not ask for. */
    private static void restore(RequestHead request) {
        request.remove(FieldName.RANGE);
        request.remove(FieldName.IF_RANGE);
    }

    /** The node has sent a part that does not fit, or there is no room for it. */
    private void askForWhole() {
        use.access().store().remove(known);
        use.fetches(null);
        close();
        x.attempts().release(false);
        x.forgetResponseBody();
        // Not from within the step that is still running.
        int again = x.server().path().chooseNode();
        x.context().executor().execute(() -> x.goOnAt(again));
    }

    @Override
    public void pull() {}

    @Override
    public void nodeData(ByteBuf piece) {
        Filling into = filling;
        boolean fits = into != null && into.append(piece, x.context().nanos());
        piece.release();
        if (!fits) {
            x.fail(new TrafficFault.NodeBroke("a part is longer than its head says"));
        }
    }

    @Override
    public void nodeEnd() {
        Filling into = filling;
        if (into != null) {
            into.complete();
        }
        if (known.body().inParts() || !known.body().hold()) {
            x.fail(new TrafficFault.NodeBroke("the rest of a stored response does not fit"));
            return;
        }
        x.record().cacheStored = true;
        use.confirmedFill(x, known);
        ServeStored.serve(x, use, known, Outcome.MISS, "partial");
        x.goOnStored();
    }

    @Override
    public boolean clientGone() {
        return false;
    }

    @Override
    public void release() {
        Filling into = filling;
        if (into != null) {
            into.abandon();
        }
    }

    /** The exchange is over. */
    void close() {
        release();
        known.body().letGo();
    }
}
