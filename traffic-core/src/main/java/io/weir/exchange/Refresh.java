package io.weir.exchange;

import io.weir.cache.Directives;
import io.weir.cache.Fetches;
import io.weir.cache.Preconditions;
import io.weir.cache.Stored;
import io.weir.http.FieldName;
import io.weir.http.Method;
import io.weir.http.RequestHead;

/**
 * Asks a node about a stored response while clients still get it: an exchange without a client.
 * Stateless.
 */
final class Refresh {

    private Refresh() {}

    /** Asks about {@code stored}, at most once a second and once at a time. */
    static void start(Exchange x, CacheUse use, Stored stored) {
        CacheAccess cache = use.access();
        if (x.request().method() != Method.GET
                || !stored.refreshDue(x.context().nanos())
                || !stored.body().hold()) {
            return;
        }
        Fetches.Joined joined = cache.store().fetches().join(use.key(), x.request(), false);
        if (!joined.filler()) {
            stored.body().letGo();
            return;
        }
        RequestHead head = x.request().copy();
        head.remove(FieldName.RANGE);
        head.remove(FieldName.IF_RANGE);
        head.remove(FieldName.CACHE_CONTROL);
        head.remove(FieldName.PRAGMA);
        Preconditions.of(new RequestHead()).restore(head);
        CacheUse background =
                new CacheUse(cache, use.key(), Directives.ofRequest(head), Preconditions.of(head));
        background.keep(stored);
        Exchange refresh = x.inBackground(head);
        refresh.cacheUse(background);
        LookInCache.askNode(refresh, background, joined.fill());
        x.context().executor().execute(refresh::beginInBackground);
    }
}
