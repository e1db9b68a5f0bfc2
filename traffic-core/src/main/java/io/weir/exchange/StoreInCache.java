package io.weir.exchange;

import io.weir.cache.CacheStore;
import io.weir.cache.Confirmation;
import io.weir.cache.Fetches;
import io.weir.cache.Fill;
import io.weir.cache.Filling;
import io.weir.cache.Outcome;
import io.weir.cache.Reuse;
import io.weir.cache.StorePolicy;
import io.weir.cache.Stored;
import io.weir.http.Method;
import io.weir.http.RequestHead;
import io.weir.http.ResponseHead;

import org.jspecify.annotations.Nullable;

/**
 * Stores the node's answer as the rules left it, and renews a stored one that the node has
 * confirmed.
 */
final class StoreInCache implements Step {

    private final @Nullable CacheAccess access;

    StoreInCache(@Nullable CacheAccess access) {
        this.access = access;
    }

    @Override
    public Next run(Exchange x) {
        CacheAccess cache = access;
        ResponseHead response = x.response();
        if (cache == null || response == null) {
            return Next.CONTINUE;
        }
        CacheUse use = x.cacheUse();
        if (use == null || x.answer().isOwn() || !x.request().method().safe()) {
            ServeStored.diagnose(x, cache, response, null, 0);
            return Next.CONTINUE;
        }
        Stored stale = use.stale();
        if (stale != null) {
            Next next = judged(x, use, stale, response);
            if (next != null) {
                return next;
            }
        }
        FetchRest rest = use.rest();
        if (rest != null) {
            Next next = rest.answered(response);
            if (next != null) {
                return next;
            }
        }
        store(x, use, response);
        ResponseHead sent = x.response();
        if (sent != null) {
            ServeStored.diagnose(x, cache, sent, null, 0);
        }
        return Next.CONTINUE;
    }

    /** What the node says about a stored response; null when it has sent a new one. */
    private static @Nullable Next judged(
            Exchange x, CacheUse use, Stored stale, ResponseHead response) {
        CacheAccess cache = use.access();
        boolean asked = use.filling() != null;
        if (response.status() == 304 && asked && stale.validatable()) {
            Stored good =
                    Confirmation.notModified(response, stale, x.context().ticker().now())
                            ? confirm(x, use, stale)
                            : null;
            if (good == null) {
                // It may not be kept, or the node speaks of one that is not stored: this client
                // gets it as the last one.
                cache.store().remove(stale);
                use.refuse();
            } else if (good != stale) {
                use.keep(good);
                stale.body().letGo();
            }
            use.confirm();
            if (x.answer().flow().ended()) {
                // A rule has waited, and the end came meanwhile; not from within this step.
                x.context().executor().execute(() -> confirmedEnd(x));
            }
            return Next.WAIT;
        }
        if (response.status() >= 500 && Reuse.onError(stale, use.asked(), x.context().nanos())) {
            use.refuse();
            use.take();
            x.attempts().release(false);
            ServeStored.serve(x, use, stale, Outcome.STALE);
            return Next.STORED;
        }
        if (x.request().method() == Method.HEAD && response.status() == 200) {
            headed(x, use, stale, response);
        }
        return null;
    }

    private static void confirmedEnd(Exchange x) {
        x.context().tick();
        x.attempts().nodeEnd(null);
    }

    private static @Nullable Stored confirm(Exchange x, CacheUse use, Stored stale) {
        CacheAccess cache = use.access();
        RequestHead request = use.requestOfClient(x.request());
        ResponseHead response = x.response();
        return response == null
                ? null
                : cache.store().confirm(stale, cache.policy(), request, response, times(x));
    }

    /** RFC 9111 section 4.3.5: what the answer to HEAD says about the stored one. */
    private static void headed(Exchange x, CacheUse use, Stored stale, ResponseHead response) {
        switch (Confirmation.ofHead(response, stale, x.context().ticker().now())) {
            case SAME -> {
                Stored good = confirm(x, use, stale);
                if (good != null && good != stale) {
                    good.body().letGo();
                }
            }
            case ANOTHER -> use.access().store().remove(stale);
            case UNSURE -> {}
        }
    }

    private static void store(Exchange x, CacheUse use, ResponseHead response) {
        Fill fill = use.filling();
        if (fill == null) {
            return;
        }
        CacheAccess cache = use.access();
        if (CacheWish.refuses(x.cacheWishIfAny()) || !x.answer().flow().untouched()) {
            // A rule forbids it, or has read or replaced the body.
            x.record().cacheDetail = "rule";
            use.refuse();
            return;
        }
        boolean ranged = use.conditions().range() != null;
        Fetches.Begun begun = begin(x, use, response);
        Stored stored = begun.stored();
        if (stored == null) {
            x.record().cacheDetail = begun.reason();
            Stored before = use.stale();
            if (before != null && response.status() < 500 && !ranged) {
                cache.store().remove(before);
            }
            use.refuse();
            return;
        }
        x.record().cacheStored = true;
        use.fills(null);
        stored.body().hold();
        Filling filling =
                new Filling(
                        cache.store().fetches(), fill, stored, x.context().nanos(), begun.place());
        x.answer().storing(response, new FillingSource(x, filling), stored);
    }

    private static Fetches.Begun begin(Exchange x, CacheUse use, ResponseHead response) {
        CacheStore store = use.access().store();
        StorePolicy policy = use.access().policy();
        RequestHead request = use.requestOfClient(x.request());
        long length = x.answer().length();
        // Nothing but a part says of itself that the range is all that it depends on.
        return use.conditions().range() != null
                ? store.parts().begin(use.key(), policy, request, response, length, times(x))
                : store.fetches().begin(use.key(), policy, request, response, length, times(x));
    }

    static StorePolicy.Times times(Exchange x) {
        return new StorePolicy.Times(
                x.record().sentNanos(), x.context().nanos(), x.context().ticker().now());
    }
}
