package io.weir.exchange;

import io.weir.cache.RequestShape;
import io.weir.http.FieldName;
import io.weir.http.ResponseHead;

import org.jspecify.annotations.Nullable;

/**
 * Removes from the store what an unsafe request has made untrue, as soon as the node has said that
 * it did what it was asked for, and whatever rules make of its answer (RFC 9111 section 4.4).
 */
final class InvalidateInCache implements Step {

    @Override
    public Next run(Exchange x) {
        CacheUse use = x.cacheUse();
        ResponseHead response = x.response();
        if (use != null
                && response != null
                && x.answer().isOfNode()
                && !x.request().method().safe()
                && response.status() >= 200
                && response.status() < 400) {
            use.access().store().invalidate(use.key());
            invalidateNamed(use, response.get(FieldName.LOCATION));
            invalidateNamed(use, response.get(FieldName.CONTENT_LOCATION));
        }
        return Next.CONTINUE;
    }

    /** Another target of the same host that the response names. */
    private static void invalidateNamed(CacheUse use, @Nullable String reference) {
        String target = use.key().targetOf(reference);
        if (target != null) {
            CacheAccess cache = use.access();
            boolean normal = cache.config().normalizeQuery();
            String stored = normal ? RequestShape.normalized(target) : target;
            cache.store().invalidate(use.key(), stored);
        }
    }
}
