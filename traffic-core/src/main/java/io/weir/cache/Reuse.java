package io.weir.cache;

import io.weir.config.CacheConfig;
import io.weir.http.FieldName;
import io.weir.http.RequestHead;

import java.util.concurrent.TimeUnit;

/** Decides whether a stored response may be used for a request (RFC 9111 section 4). Stateless. */
public enum Reuse {
    /** It is fresh. */
    FRESH,
    /** It is fresh for a moment more: use it, and ask the node ahead of time. */
    REFRESH,
    /** It is stale, may be used all the same, and the node is asked meanwhile (RFC 5861). */
    WHILE_REVALIDATING,
    /** It is stale, and the client said that this is good enough. */
    STALE_WANTED,
    /** The node has to be asked first. */
    ASK,
    /** It must not be used for this request at all. */
    NEVER;

    /** Whether the stored response answers the request. */
    public boolean withoutAsking() {
        return this != NEVER && this != ASK;
    }

    /** What to do with {@code stored}. */
    public static Reuse of(
            Stored stored, RequestHead request, Directives asked, CacheConfig config, long now) {
        StoredHead head = stored.head();
        if (!head.has(StoredHead.FOR_AUTHORIZED) && request.contains(FieldName.AUTHORIZATION)) {
            return NEVER;
        }
        if (head.has(StoredHead.ALWAYS_ASK)) {
            return ASK;
        }
        long left = head.freshLeft(now);
        if (config.clientControl()) {
            long need = asked.minFresh() > 0 ? TimeUnit.SECONDS.toNanos(asked.minFresh()) : 0;
            boolean tooOld =
                    asked.maxAge() != Directives.ABSENT && head.ageNow(now) > asked.maxAge();
            if (asked.noCache() || asked.noStore() || tooOld || left > 0 && left < need) {
                return ASK;
            }
        }
        if (left > 0) {
            long window = config.refreshTime().toNanos();
            boolean soon = left < window && head.freshNanos() > 2 * window;
            return soon ? REFRESH : FRESH;
        }
        return stale(head, -left, asked, config);
    }

    private static Reuse stale(StoredHead head, long late, Directives asked, CacheConfig config) {
        if (head.has(StoredHead.NEVER_STALE)) {
            return ASK;
        }
        if (within(late, head.staleWhileRevalidate())) {
            return WHILE_REVALIDATING;
        }
        boolean wanted = config.clientControl() && asked.maxStale() != Directives.ABSENT;
        return wanted && within(late, asked.maxStale()) ? STALE_WANTED : ASK;
    }

    /** Whether a stale response may be used because the node fails (RFC 5861 section 4). */
    public static boolean onError(Stored stored, Directives asked, long now) {
        StoredHead head = stored.head();
        if (head.has(StoredHead.NEVER_STALE) || head.has(StoredHead.ALWAYS_ASK)) {
            return false;
        }
        long late = -head.freshLeft(now);
        return late <= 0 || within(late, head.staleIfError()) || within(late, asked.staleIfError());
    }

    private static boolean within(long lateNanos, long seconds) {
        return seconds > 0 && lateNanos <= TimeUnit.SECONDS.toNanos(seconds);
    }
}
