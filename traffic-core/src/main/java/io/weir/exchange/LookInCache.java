package io.weir.exchange;

import io.weir.cache.Body;
import io.weir.cache.CacheKey;
import io.weir.cache.CacheStore;
import io.weir.cache.Directives;
import io.weir.cache.Fetches;
import io.weir.cache.Fill;
import io.weir.cache.Outcome;
import io.weir.cache.Preconditions;
import io.weir.cache.RequestShape;
import io.weir.cache.Reuse;
import io.weir.cache.Stored;
import io.weir.http.FieldName;
import io.weir.http.Method;
import io.weir.http.RequestHead;
import io.weir.pool.Pool;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/**
 * Answers from the store where it can; otherwise decides whether the answer of the node will be
 * stored, whether the node is only asked if a stored one is still good, and whether to wait for the
 * answer to an equal request instead.
 */
final class LookInCache implements Step {

    private static final Answered NOT_STORED =
            new Answered(
                    504,
                    "Gateway Timeout",
                    "text/plain",
                    "nothing is stored for this request\n"
                            .getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                    Map.of());

    private final @Nullable CacheAccess access;

    LookInCache(@Nullable CacheAccess access) {
        this.access = access;
    }

    @Override
    public Next run(Exchange x) {
        CacheAccess cache = access;
        return cache == null ? Next.CONTINUE : look(x, cache, true);
    }

    /**
     * @param disk whether a response on the disk is worth waiting for
     */
    static Next look(Exchange x, CacheAccess cache, boolean disk) {
        RequestHead request = x.request();
        String unfit = unfit(x, cache);
        if (unfit != null) {
            ServeStored.note(x, cache, Outcome.BYPASS, unfit);
            if (!request.method().safe()) {
                x.cacheUse(use(x, cache, request));
            }
            return Next.CONTINUE;
        }
        CacheUse use = use(x, cache, request);
        x.cacheUse(use);
        Stored found = cache.store().find(use.key(), request, x.context().nanos());
        Reuse reuse =
                found == null
                        ? Reuse.NEVER
                        : Reuse.of(
                                found, request, use.asked(), cache.config(), x.context().nanos());
        if (found == null && disk && DiskWait.begin(x, cache, use.key())) {
            return Next.WAIT;
        }
        if (found == null || reuse == Reuse.NEVER) {
            if (found != null) {
                found.body().letGo();
            }
            return found == null && servedPart(x, use, request)
                    ? Next.STORED
                    : missed(x, use, request);
        }
        switch (reuse) {
            case FRESH, STALE_WANTED -> {}
            case REFRESH, WHILE_REVALIDATING -> Refresh.start(x, use, found);
            default -> {
                use.keep(found);
                return missed(x, use, request);
            }
        }
        boolean fresh = reuse == Reuse.FRESH || reuse == Reuse.REFRESH;
        ServeStored.serve(x, use, found, fresh ? Outcome.HIT : Outcome.STALE);
        return Next.STORED;
    }

    /** Whether all that is asked for lies in parts that are stored, and fresh. */
    private static boolean servedPart(Exchange x, CacheUse use, RequestHead request) {
        if (use.conditions().range() == null || request.method() != Method.GET) {
            return false;
        }
        CacheAccess cache = use.access();
        Stored found =
                cache.store()
                        .parts()
                        .find(use.key(), request, use.conditions(), x.context().ticker().now());
        if (found == null) {
            return false;
        }
        switch (Reuse.of(found, request, use.asked(), cache.config(), x.context().nanos())) {
            case FRESH, REFRESH -> {
                ServeStored.serve(x, use, found, Outcome.HIT);
                return true;
            }
            default -> {
                found.body().letGo();
                return false;
            }
        }
    }

    /** Why the cache has nothing to do with the request, in a word; null when it has. */
    private static @Nullable String unfit(Exchange x, CacheAccess cache) {
        RequestHead request = x.request();
        if (x.attempts().byName()) {
            // What one node says is not what another one would.
            return "node";
        }
        String wish = CacheWish.unfit(x.cacheWishIfAny(), x.editedByRules());
        String unfit =
                wish != null
                        ? wish
                        : RequestShape.unfit(
                                request, x.requestLength(), cache.store().maxPathLength());
        boolean precondition =
                request.contains(FieldName.IF_MATCH)
                        || request.contains(FieldName.IF_UNMODIFIED_SINCE);
        return unfit == null && precondition ? "precondition" : unfit;
    }

    /** Whether the store alone would answer the request as it is now. */
    static boolean wouldAnswer(Exchange x, CacheAccess cache, Pool pool) {
        RequestHead request = x.request();
        if (unfit(x, cache) != null) {
            return false;
        }
        long now = x.context().nanos();
        Stored found = cache.store().find(key(x, cache, request, pool), request, now);
        if (found == null) {
            return false;
        }
        Directives asked = Directives.ofRequest(request);
        Reuse reuse = Reuse.of(found, request, asked, cache.config(), now);
        found.body().letGo();
        return reuse.withoutAsking();
    }

    private static CacheKey key(Exchange x, CacheAccess cache, RequestHead request, Pool pool) {
        String wished = CacheWish.keyOf(x.cacheWishIfAny());
        return RequestShape.key(
                cache.zone(),
                x.client().secure(),
                request,
                pool == x.server().pool() ? wished : "pool:" + pool.name() + "\n" + wished,
                cache.config().normalizeQuery());
    }

    private static CacheUse use(Exchange x, CacheAccess cache, RequestHead request) {
        CacheKey key = key(x, cache, request, x.pool());
        return new CacheUse(cache, key, Directives.ofRequest(request), Preconditions.of(request));
    }

    private static Next missed(Exchange x, CacheUse use, RequestHead request) {
        CacheAccess cache = use.access();
        if (use.asked().onlyIfCached() && cache.config().clientControl()) {
            ServeStored.note(x, cache, Outcome.MISS, "only-if-cached");
            return new Next.Answer(NOT_STORED);
        }
        ServeStored.note(x, cache, Outcome.MISS, why(x, use));
        if (request.method() == Method.HEAD) {
            // Its answer is not one to store; a stale one may still help when the node fails.
            return Next.CONTINUE;
        }
        boolean alone =
                use.conditions().range() != null
                        || use.conditions().any() && use.stale() == null
                        || use.stale() != null && use.stale().alwaysAsk()
                        || use.asked().noStore()
                        || request.contains(FieldName.AUTHORIZATION)
                        || cache.config().coalesceWait().isZero();
        Fetches.Joined joined = cache.store().fetches().join(use.key(), request, alone);
        if (joined.filler()) {
            askNode(x, use, joined.fill());
            return Next.CONTINUE;
        }
        if (use.await(x, joined.fill())) {
            return Next.WAIT;
        }
        if (readyToServe(x, use, joined.fill())) {
            return Next.STORED;
        }
        askNode(x, use, cache.store().fetches().join(use.key(), request, true).fill());
        return Next.CONTINUE;
    }

    /** Why the node has to be asked, in a word; empty when nothing is stored. */
    private static String why(Exchange x, CacheUse use) {
        Stored found = use.stale();
        if (found == null) {
            CacheStore store = use.access().store();
            if (store.parts().any(use.key(), x.request())) {
                return "partial";
            }
            return store.holds(use.key()) ? "variant" : "";
        }
        boolean fresh = found.freshLeft(x.context().nanos()) > 0 && !found.alwaysAsk();
        return fresh ? "request" : "stale";
    }

    /** Makes the answer of the node the one that {@code fill} is about. */
    static void askNode(Exchange x, CacheUse use, Fill fill) {
        use.fills(fill);
        Stored stale = use.stale();
        if (stale == null) {
            use.fetches(FetchRest.begin(x, use));
        } else if (stale.validatable()) {
            Preconditions.askAbout(stale, x.request());
        }
    }

    /** Answers with what another exchange has fetched; false when that does not fit. */
    static boolean serveCoalesced(Exchange x, CacheUse use, Fill fill) {
        if (!readyToServe(x, use, fill)) {
            return false;
        }
        x.goOnStored();
        return true;
    }

    /** Whether {@code stored}, which has just come, may be used without asking again. */
    private static boolean mayBeUsed(Exchange x, CacheUse use, Stored stored) {
        return Reuse.of(
                        stored,
                        x.request(),
                        use.asked(),
                        use.access().config(),
                        x.context().nanos())
                .withoutAsking();
    }

    private static boolean readyToServe(Exchange x, CacheUse use, Fill fill) {
        Stored offered = fill.offered();
        long patience = use.access().config().coalesceWait().toNanos();
        if (offered == null
                || fill.stalled(x.context().nanos(), patience)
                || offered.body().state() == Body.State.BROKEN
                || !offered.fits(x.request())
                || !mayBeUsed(x, use, offered)
                || !offered.body().hold()) {
            return false;
        }
        Stored before = use.take();
        if (before != null) {
            before.body().letGo();
        }
        ServeStored.serve(x, use, offered, Outcome.COALESCED);
        return true;
    }
}
