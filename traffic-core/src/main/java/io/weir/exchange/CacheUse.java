package io.weir.exchange;

import io.weir.cache.CacheKey;
import io.weir.cache.Directives;
import io.weir.cache.Fill;
import io.weir.cache.Outcome;
import io.weir.cache.Preconditions;
import io.weir.cache.Stored;
import io.weir.fault.TrafficFault;
import io.weir.http.RequestHead;
import io.weir.time.DeadlineWheel.Deadline;

import org.jspecify.annotations.Nullable;

/**
 * What the cache has to do with one exchange: what it found, what it fetches, whom it waits for.
 * Confined to the event loop of its exchange.
 */
final class CacheUse {

    private final CacheAccess access;
    private final CacheKey key;
    private final Directives asked;
    private final Preconditions conditions;
    private @Nullable Fill filling;
    private @Nullable Stored stale;
    private @Nullable FetchRest rest;
    private @Nullable Fill awaited;
    private @Nullable Runnable wake;
    private @Nullable Deadline patience;
    private boolean confirmed;

    CacheUse(CacheAccess access, CacheKey key, Directives asked, Preconditions conditions) {
        this.access = access;
        this.key = key;
        this.asked = asked;
        this.conditions = conditions;
    }

    CacheAccess access() {
        return access;
    }

    CacheKey key() {
        return key;
    }

    Directives asked() {
        return asked;
    }

    Preconditions conditions() {
        return conditions;
    }

    /** What the answer of the node is to be stored for; null when it is not stored. */
    @Nullable Fill filling() {
        return filling;
    }

    void fills(@Nullable Fill fill) {
        filling = fill;
    }

    /** The stored response that the node is asked about; null when there is none. */
    @Nullable Stored stale() {
        return stale;
    }

    /** Keeps {@code found}, whose body is held, to ask about it or to fall back on it. */
    void keep(@Nullable Stored found) {
        stale = found;
    }

    /** Takes what was kept, with its hold. */
    @Nullable Stored take() {
        Stored found = stale;
        stale = null;
        return found;
    }

    /** What the node is asked for of a response of which parts are stored; null for the whole. */
    @Nullable FetchRest rest() {
        return rest;
    }

    void fetches(@Nullable FetchRest missing) {
        rest = missing;
    }

    /** Those who wait for the node's word may have {@code good}, which it has confirmed. */
    void confirmedFill(Exchange x, Stored good) {
        Fill fill = filling;
        filling = null;
        if (fill != null) {
            fill.confirmed(good, x.context().nanos());
        }
    }

    /** Whether the node has said that what is kept is still good; the answer waits for its end. */
    boolean takeConfirmed() {
        boolean was = confirmed;
        confirmed = false;
        return was;
    }

    void confirm() {
        confirmed = true;
    }

    /** Answers {@code x} with what the node has confirmed. */
    void serveConfirmed(Exchange x) {
        Stored found = take();
        conditions.restore(x.request());
        if (found == null) {
            x.fail(new TrafficFault.Internal("nothing was stored that the node could confirm"));
            return;
        }
        confirmedFill(x, found);
        if (x.inBackground()) {
            found.body().letGo();
            x.finish();
            return;
        }
        ServeStored.serve(x, this, found, Outcome.REVALIDATED);
        x.goOnStored();
    }

    /** The request as the client meant it, while the node was asked about a stored response. */
    RequestHead requestOfClient(RequestHead request) {
        if (stale != null) {
            conditions.restore(request);
        }
        return request;
    }

    // ---- waiting for another exchange's fetch

    /**
     * Waits until {@code fill} is decided or the patience is over.
     *
     * @return false when it is decided already
     */
    boolean await(Exchange x, Fill fill) {
        LoopContext loop = x.context();
        Runnable onLoop = () -> decided(x, fill);
        Runnable tell =
                () ->
                        loop.executor()
                                .execute(
                                        () -> {
                                            loop.tick();
                                            onLoop.run();
                                        });
        if (!fill.await(tell)) {
            return false;
        }
        awaited = fill;
        wake = tell;
        Deadline deadline = new Patience(this, x);
        patience = deadline;
        loop.deadlines().set(deadline, loop.nanos(), access.config().coalesceWait().toNanos());
        return true;
    }

    private static final class Patience extends Deadline {
        private final CacheUse use;
        private final Exchange x;

        Patience(CacheUse use, Exchange x) {
            this.use = use;
            this.x = x;
        }

        @Override
        protected void expired() {
            use.goOnAlone(x);
        }
    }

    private void decided(Exchange x, Fill fill) {
        Stored held = fill.offered();
        if (awaited == fill) {
            stopWaiting(x);
            if (!LookInCache.serveCoalesced(x, this, fill)) {
                alone(x);
            }
        }
        if (held != null) {
            held.body().letGo();
        }
    }

    private void goOnAlone(Exchange x) {
        if (awaited != null) {
            stopWaiting(x);
            alone(x);
        }
    }

    private void alone(Exchange x) {
        LookInCache.askNode(x, this, access.store().fetches().join(key, x.request(), true).fill());
        x.resume();
    }

    private void stopWaiting(Exchange x) {
        Fill fill = awaited;
        Runnable told = wake;
        awaited = null;
        wake = null;
        if (fill != null && told != null) {
            fill.leave(told);
        }
        Deadline deadline = patience;
        patience = null;
        if (deadline != null) {
            x.context().deadlines().forget(deadline);
        }
    }

    // ---- the end

    /**
     * Answers a failing exchange from the store where that is allowed.
     *
     * @return whether it did
     */
    boolean rescue(Exchange x, TrafficFault fault) {
        Stored found = stale;
        if (found == null
                || fault instanceof TrafficFault.ClientGone
                || !io.weir.cache.Reuse.onError(found, asked, x.context().nanos())) {
            return false;
        }
        stopWaiting(x);
        refuse();
        stale = null;
        ServeStored.serve(x, this, found, Outcome.STALE);
        return true;
    }

    /** Those who wait for this exchange's answer have to go on by themselves. */
    void refuse() {
        Fill fill = filling;
        filling = null;
        if (fill != null) {
            fill.refuse();
        }
    }

    /** The exchange is over. */
    void close(Exchange x) {
        stopWaiting(x);
        refuse();
        Stored found = stale;
        stale = null;
        if (found != null) {
            found.body().letGo();
        }
        FetchRest fetched = rest;
        rest = null;
        if (fetched != null) {
            fetched.close();
        }
    }
}
