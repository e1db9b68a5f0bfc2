package io.weir.cache;

import io.weir.config.CacheConfig;
import io.weir.http.FieldName;
import io.weir.http.Fields;
import io.weir.http.Framing;
import io.weir.http.Method;
import io.weir.http.RequestHead;
import io.weir.http.ResponseHead;
import io.weir.http.StoredFields;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Decides whether a response is stored, and with what head (RFC 9111 sections 3 and 3.1 to 3.5).
 * Safe for every thread; one per configuration of a virtual server.
 */
public final class StorePolicy {

    /** RFC 9110 section 15: statuses that this cache understands. */
    private static final Set<Integer> UNDERSTOOD =
            Set.of(
                    200, 201, 202, 203, 204, 205, 300, 301, 302, 303, 307, 308, 400, 401, 402, 403,
                    404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 421, 422,
                    426, 500, 501, 502, 503, 504, 505);

    /** RFC 9111 section 3.1, and what Weir writes itself whenever it sends. */
    private static final Set<FieldName> NOT_KEPT =
            Set.of(
                    FieldName.AGE,
                    FieldName.CONTENT_LENGTH,
                    FieldName.TRAILER,
                    FieldName.PROXY_AUTHENTICATE,
                    FieldName.PROXY_AUTHORIZATION);

    private static final Set<String> FOR_CACHES =
            Stream.of(StoredHead.SURROGATE_KEY, StoredHead.CACHE_TAG, Directives.TARGETED)
                    .map(name -> name.toString().toLowerCase(Locale.ROOT))
                    .collect(Collectors.toUnmodifiableSet());

    /** What a part says of itself alone. */
    private static final Set<String> OF_PART =
            Set.of("content-range", "content-digest", "content-md5");

    private static final FieldName PROXY_INFO = FieldName.of("Proxy-Authentication-Info");

    private final CacheConfig config;
    private final StoredFields.Shapes shapes = new StoredFields.Shapes();

    public StorePolicy(CacheConfig config) {
        this.config = config;
    }

    /** Whether nodes speak to caches alone by the field called {@code name}. */
    public static boolean forCaches(FieldName name) {
        return FOR_CACHES.contains(name.toString().toLowerCase(Locale.ROOT));
    }

    /**
     * What was decided.
     *
     * @param head null when the response is not stored
     * @param reason why not, in a word; empty when it is
     */
    record Decision(@Nullable StoredHead head, @Nullable VaryKey vary, String reason) {
        static Decision no(String reason) {
            return new Decision(null, null, reason);
        }
    }

    /** When a request went out and its answer came. */
    public record Times(long sentNanos, long receivedNanos, Instant received) {
        long delaySeconds() {
            return Math.max(0, TimeUnit.NANOSECONDS.toSeconds(receivedNanos - sentNanos));
        }
    }

    Decision decide(RequestHead request, ResponseHead response, long length, Times times) {
        int status = response.status();
        if (request.method() != Method.GET || status < 200 || status == 206 || status == 304) {
            return Decision.no("status");
        }
        if (length == Framing.UNTIL_CLOSE) {
            return Decision.no("no-length");
        }
        return decide(request, response, status, Set.of(), times);
    }

    /**
     * Decides whether a part is kept (RFC 9111 section 3.3): only one that says which bytes of what
     * it is, strongly enough for others to be put beside it. Its head is that of the whole.
     */
    Decision decidePart(
            RequestHead request,
            ResponseHead response,
            @Nullable ContentRange range,
            long length,
            Times times) {
        if (request.method() != Method.GET || response.status() != 206) {
            return Decision.no("status");
        }
        if (range == null || range.length() != length) {
            return Decision.no("content-range");
        }
        String tag = response.getAll(FieldName.ETAG);
        if (tag == null || !EntityTags.valid(tag) || EntityTags.weak(tag)) {
            return Decision.no("no-strong-etag");
        }
        return decide(request, response, 200, OF_PART, times);
    }

    /**
     * @param notKept fields, in lower case, that are not stored whatever they say
     */
    private Decision decide(
            RequestHead request, ResponseHead response, int status, Set<String> notKept, Times t) {
        Directives said = Directives.ofResponse(response);
        boolean understood = UNDERSTOOD.contains(status);
        if (said.mustUnderstand() ? !understood : said.noStore()) {
            return Decision.no(said.mustUnderstand() ? "not-understood" : "no-store");
        }
        if (said.isPrivate()) {
            return Decision.no("private");
        }
        if (Directives.ofRequest(request).noStore()) {
            return Decision.no("request-no-store");
        }
        boolean forAuthorized =
                said.isPublic()
                        || said.mustRevalidate()
                        || said.sharedMaxAge() != Directives.ABSENT;
        if (request.contains(FieldName.AUTHORIZATION) && !forAuthorized) {
            return Decision.no("authorization");
        }
        Set<String> dropped = dropped(said, notKept);
        if (response.contains(FieldName.SET_COOKIE) && !dropped.contains("set-cookie")) {
            return Decision.no("set-cookie");
        }
        VaryKey vary = VaryKey.of(response, request);
        if (vary == null) {
            return Decision.no("vary");
        }
        String reason = status == response.status() ? response.reason() : null;
        StoredHead head = head(response, status, reason, said, forAuthorized, dropped, t);
        if (head == null) {
            return Decision.no("head-too-large");
        }
        return worth(head, vary, t.receivedNanos());
    }

    /** Whether there will ever be a use for it. */
    private Decision worth(StoredHead head, VaryKey vary, long now) {
        boolean fresh = head.freshLeft(now) > 0 && !head.has(StoredHead.ALWAYS_ASK);
        boolean lateUse = head.staleWhileRevalidate() > 0 || head.staleIfError() > 0;
        if (head.freshNanos() == StoredHead.NO_TIME) {
            boolean asked = head.has(StoredHead.ALWAYS_ASK) && head.validatable();
            return asked ? new Decision(head, vary, "") : Decision.no("no-freshness");
        }
        return fresh || head.validatable() || lateUse
                ? new Decision(head, vary, "")
                : Decision.no("stale");
    }

    private static Set<String> dropped(Directives said, Set<String> notKept) {
        List<String> names = said.fieldsNotKept();
        if (names.isEmpty()) {
            return notKept;
        }
        Set<String> lower = new HashSet<>(notKept);
        names.forEach(name -> lower.add(name.toLowerCase(Locale.ROOT)));
        return lower;
    }

    private @Nullable StoredHead head(
            Fields response,
            int status,
            @Nullable String phrase,
            Directives said,
            boolean forAuthorized,
            Set<String> dropped,
            Times times) {
        Freshness freshness =
                Freshness.of(
                        response, said, times.received(), times.delaySeconds(), config.heuristic());
        if (!response.contains(FieldName.DATE)) {
            // RFC 9110 section 6.6.1: whoever stores it says when it came.
            response.add(
                    FieldName.DATE,
                    io.weir.http.HttpDate.format(times.received().getEpochSecond()));
        }
        StoredFields fields = StoredFields.of(response, i -> kept(response, i, dropped), shapes);
        if (fields == null) {
            return null;
        }
        Long date = Freshness.date(response, FieldName.DATE, times.received());
        Long modified = Freshness.date(response, FieldName.LAST_MODIFIED, times.received());
        int flags =
                (said.noCache() ? StoredHead.ALWAYS_ASK : 0)
                        | (said.neverStale() ? StoredHead.NEVER_STALE : 0)
                        | (forAuthorized ? StoredHead.FOR_AUTHORIZED : 0)
                        | (said.noTransform() ? StoredHead.NO_TRANSFORM : 0);
        return new StoredHead(
                (short) status,
                (byte) flags,
                phrase == null || phrase.equals("OK") ? null : phrase.intern(),
                fields,
                times.receivedNanos(),
                freshNanos(status, freshness),
                (int) Math.min(freshness.age(), Integer.MAX_VALUE),
                StoredHead.date(modified == null ? -1 : modified),
                StoredHead.date(date == null ? times.received().getEpochSecond() : date),
                seconds(said.staleWhileRevalidate(), config.staleWhileRevalidate().toSeconds()),
                seconds(said.staleIfError(), config.staleIfError().toSeconds()));
    }

    private static int seconds(long said, long otherwise) {
        return (int) Math.min(said == Directives.ABSENT ? otherwise : said, Integer.MAX_VALUE);
    }

    private long freshNanos(int status, Freshness freshness) {
        boolean error = status >= 400;
        long ceiling = (error ? config.errorPageTime() : config.maxTime()).toNanos();
        if (freshness.lifetime() < 0) {
            return config.errorStatuses().contains(status) ? ceiling : StoredHead.NO_TIME;
        }
        long left = TimeUnit.SECONDS.toNanos(freshness.lifetime() - freshness.age());
        return Math.min(left, ceiling);
    }

    private static boolean kept(Fields response, int i, Set<String> dropped) {
        FieldName known = response.knownName(i);
        if (known != null && (NOT_KEPT.contains(known) || known.hopByHop())) {
            return false;
        }
        if (known == null && response.named(i, PROXY_INFO)) {
            return false;
        }
        return dropped.isEmpty() || !dropped.contains(response.name(i).toLowerCase(Locale.ROOT));
    }

    /**
     * The stored head after the node has said with {@code notModified} that it is still good (RFC
     * 9111 sections 3.2 and 4.3.4); null when the new fields make it one that may not be stored.
     */
    @Nullable StoredHead updated(StoredHead stored, ResponseHead notModified, Times times) {
        Fields merged = stored.toFields();
        for (int i = 0; i < notModified.size(); i++) {
            if (notModified.present(i) && updates(notModified, i)) {
                merged.remove(FieldName.of(notModified.name(i)));
            }
        }
        for (int i = 0; i < notModified.size(); i++) {
            if (notModified.present(i) && updates(notModified, i)) {
                merged.add(FieldName.of(notModified.name(i)), notModified.value(i));
            }
        }
        int age = notModified.find(FieldName.AGE, 0);
        if (age >= 0) {
            merged.set(FieldName.AGE, notModified.value(age));
        }
        if (!notModified.contains(FieldName.DATE)) {
            merged.set(
                    FieldName.DATE,
                    io.weir.http.HttpDate.format(times.received().getEpochSecond()));
        }
        Directives said = Directives.ofResponse(merged);
        Set<String> dropped = dropped(said, Set.of());
        if (said.noStore() || said.isPrivate()) {
            return null;
        }
        boolean forAuthorized =
                said.isPublic()
                        || said.mustRevalidate()
                        || said.sharedMaxAge() != Directives.ABSENT;
        return head(merged, stored.status(), stored.reason(), said, forAuthorized, dropped, times);
    }

    /** What describes the stored bytes stays as it is. */
    private static boolean updates(Fields notModified, int i) {
        FieldName name = notModified.knownName(i);
        return name != FieldName.CONTENT_LENGTH
                && name != FieldName.CONTENT_ENCODING
                && name != FieldName.CONTENT_RANGE
                && name != FieldName.AGE
                && name != FieldName.SET_COOKIE
                && (name == null || !NOT_KEPT.contains(name) && !name.hopByHop());
    }
}
