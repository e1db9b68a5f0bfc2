package io.weir.exchange;

import io.weir.cache.Body;
import io.weir.cache.ByteRange;
import io.weir.cache.Outcome;
import io.weir.cache.Stored;
import io.weir.config.CacheConfig;
import io.weir.http.DigestFields;
import io.weir.http.FieldName;
import io.weir.http.Method;
import io.weir.http.ResponseHead;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** Makes responses out of stored ones: whole, in part, or "not modified". Stateless. */
final class ServeStored {

    private static final FieldName CACHE_STATUS = FieldName.of("Cache-Status");
    private static final FieldName CACHE_INFO = FieldName.of("X-Cache-Info");

    private ServeStored() {}

    /** Writes down what the cache was to {@code x}. */
    static void note(Exchange x, CacheAccess cache, Outcome outcome, String detail) {
        x.record().cacheOutcome = outcome;
        x.record().cacheDetail = detail;
        if (outcome != Outcome.REVALIDATED) {
            x.record().cacheMiss = outcome == Outcome.MISS ? detail : "";
        }
    }

    /**
     * Makes {@code stored}, whose body is held for this, the answer of {@code x}; the way goes on
     * behind the store.
     */
    static void serve(Exchange x, CacheUse use, Stored stored, Outcome outcome) {
        serve(x, use, stored, outcome, "");
    }

    /**
     * @param detail why the node had to be asked all the same; empty when it had not
     */
    static void serve(Exchange x, CacheUse use, Stored stored, Outcome outcome, String detail) {
        CacheAccess cache = use.access();
        note(x, cache, outcome, detail);
        Body body = stored.body();
        long now = x.context().nanos();
        stored.used(now);
        long length = body.expected() >= 0 ? body.expected() : body.written();
        boolean conditional = use.conditions().any();
        Instant wall = conditional ? x.context().ticker().now() : Instant.EPOCH;
        ResponseHead head = x.context().responseHead();
        stored.fill(head);
        if (conditional && use.conditions().notModified(stored, wall)) {
            body.letGo();
            notModified(head);
            finish(x, cache, head, stored, now);
            answer(x, head, 0, null, stored);
            return;
        }
        ByteRange range =
                conditional && x.request().method() == Method.GET
                        ? use.conditions().range(stored, length, wall)
                        : null;
        if (range != null && !range.satisfiable()) {
            body.letGo();
            x.context().giveBack(head);
            unsatisfiable(x, cache, stored, length, now);
            return;
        }
        long from = range == null ? 0 : range.first();
        long to = range == null ? length : range.last() + 1;
        if (range != null) {
            head.setStatus(206, "Partial Content");
            DigestFields.removeForPart(head);
            head.set(
                    FieldName.CONTENT_RANGE,
                    "bytes " + range.first() + "-" + range.last() + "/" + length);
        }
        if (head.status() != 204) {
            head.add(FieldName.CONTENT_LENGTH, to - from);
        }
        finish(x, cache, head, stored, now);
        if (x.request().method() == Method.HEAD || to == from) {
            body.letGo();
            answer(x, head, 0, null, stored);
            return;
        }
        cache.zone().served(to - from);
        answer(x, head, to - from, new StoredSource(x, body, from, to), stored);
    }

    /** RFC 9110 section 15.4.5: what describes a body goes, as there is none. */
    private static void notModified(ResponseHead head) {
        head.setStatus(304, "Not Modified");
        head.remove(FieldName.CONTENT_TYPE);
        head.remove(FieldName.CONTENT_ENCODING);
        head.remove(FieldName.CONTENT_RANGE);
        if (head.contains(FieldName.ETAG)) {
            head.remove(FieldName.LAST_MODIFIED);
        }
    }

    private static void unsatisfiable(
            Exchange x, CacheAccess cache, Stored stored, long length, long now) {
        ResponseHead head = x.context().responseHead();
        head.setStatus(416, "Range Not Satisfiable");
        head.add(FieldName.CONTENT_RANGE, "bytes */" + length);
        head.add(FieldName.CONTENT_LENGTH, "0");
        finish(x, cache, head, stored, now);
        answer(x, head, 0, null, null);
    }

    private static void finish(
            Exchange x, CacheAccess cache, ResponseHead head, Stored stored, long now) {
        head.add(FieldName.AGE, stored.age(now));
        CacheConfig config = cache.config();
        String control = config.controlOut();
        if (control != null) {
            head.set(FieldName.CACHE_CONTROL, control);
        }
        diagnose(x, cache, head, stored, now);
    }

    /** Says in the response what the cache did (RFC 9211). */
    static void diagnose(
            Exchange x, CacheAccess cache, ResponseHead head, @Nullable Stored stored, long now) {
        CacheConfig config = cache.config();
        Outcome outcome = x.record().cacheOutcome();
        if (outcome == null) {
            return;
        }
        if (config.cacheStatus()) {
            head.add(CACHE_STATUS, status(x, outcome, stored, now));
        }
        if (config.cacheInfo()) {
            String detail = x.record().cacheDetail();
            head.set(
                    CACHE_INFO,
                    outcome.word() + (detail == null || detail.isEmpty() ? "" : "; " + detail));
        }
    }

    private static String missed(String why) {
        return switch (why) {
            case "stale" -> "; fwd=stale";
            case "request" -> "; fwd=request";
            case "variant" -> "; fwd=vary-miss";
            case "partial" -> "; fwd=partial";
            case "only-if-cached" -> "; detail=only-if-cached";
            default -> "; fwd=uri-miss";
        };
    }

    /** A member of the list that RFC 9211 section 2 describes. */
    private static String status(Exchange x, Outcome outcome, @Nullable Stored stored, long now) {
        StringBuilder text = new StringBuilder("weir");
        switch (outcome) {
            case HIT, STALE -> text.append("; hit");
            case MISS -> text.append(missed(x.record().cacheMiss));
            case REVALIDATED ->
                    text.append(missed(x.record().cacheMiss)).append("; fwd-status=304");
            case COALESCED -> text.append("; fwd=uri-miss; collapsed");
            case BYPASS ->
                    text.append(
                            "method".equals(x.record().cacheDetail())
                                    ? "; fwd=method"
                                    : "; fwd=bypass");
        }
        if (stored != null) {
            text.append("; ttl=").append(TimeUnit.NANOSECONDS.toSeconds(stored.freshLeft(now)));
        } else if (x.record().cacheStored) {
            text.append("; stored");
        } else if (outcome == Outcome.MISS) {
            String detail = x.record().cacheDetail();
            if (detail != null && !detail.equals(x.record().cacheMiss)) {
                text.append("; detail=").append(detail);
            }
        }
        return text.toString();
    }

    private static void answer(
            Exchange x,
            ResponseHead head,
            long length,
            @Nullable BodySource from,
            @Nullable Stored what) {
        x.answer().ofStore(head, length, from, what);
        x.record().replyNanos = x.context().nanos();
    }
}
