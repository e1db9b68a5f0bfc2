package io.weir.cache;

import io.weir.http.FieldName;
import io.weir.http.RequestHead;
import io.weir.http.ResponseHead;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * Parts of responses in the store: kept where a strong entity tag says what they are parts of,
 * joined with others of the same (RFC 9111 sections 3.3 and 3.4), served to those who ask for bytes
 * that are all there, and whole responses as soon as nothing is missing. Safe for every thread.
 */
public final class Parts {

    /** Longest part that is kept: it is copied to its place on an event loop. */
    private static final long MOST_BYTES = 4L << 20;

    private final CacheStore store;

    Parts(CacheStore store) {
        this.store = store;
    }

    /**
     * The incomplete response out of which {@code request} can be answered, fresh or not, with its
     * body held for the caller; null when there is none.
     */
    public @Nullable Stored find(
            CacheKey key, RequestHead request, Preconditions conditions, Instant now) {
        for (Stored each : store.variants(key)) {
            Body body = each.body();
            if (body.inParts() && each.vary().matches(request)) {
                ByteRange range = conditions.range(each, body.expected(), now);
                boolean there =
                        range != null
                                && range.satisfiable()
                                && body.end(range.first()) > range.last();
                return there && body.hold() ? each : null;
            }
        }
        return null;
    }

    /** Whether parts of the response for {@code request} are there. */
    public boolean any(CacheKey key, RequestHead request) {
        for (Stored each : store.variants(key)) {
            if (each.body().inParts() && each.vary().matches(request)) {
                return true;
            }
        }
        return false;
    }

    /**
     * What is missing of a response.
     *
     * @param known with its body held
     * @param tag strong, of {@code known}
     */
    public record Rest(Stored known, ByteRange missing, String tag) {}

    /** A response for {@code request} of which not much is missing; null when there is none. */
    public @Nullable Rest incomplete(CacheKey key, RequestHead request) {
        for (Stored each : store.variants(key)) {
            Body body = each.body();
            if (body.inParts() && each.fits(request) && body.hold()) {
                ByteRange missing = body.missing();
                String tag = each.head().etag();
                if (missing != null
                        && missing.length() <= MOST_BYTES
                        && missing.length() < body.expected()
                        && tag != null) {
                    return new Rest(each, missing, tag);
                }
                body.letGo();
            }
        }
        return null;
    }

    /** The same as {@link #begin} for the bytes that {@code rest} says, and for no others. */
    public Fetches.Begun beginRest(
            Rest rest,
            StorePolicy policy,
            RequestHead request,
            ResponseHead response,
            long length,
            StorePolicy.Times times) {
        Stored known = rest.known();
        ContentRange range = ContentRange.parse(response.getAll(FieldName.CONTENT_RANGE));
        StorePolicy.Decision decision = policy.decidePart(request, response, range, length, times);
        StoredHead head = decision.head();
        VaryKey vary = decision.vary();
        if (head == null || vary == null || range == null) {
            return Fetches.Begun.no(decision.reason());
        }
        boolean fits =
                range.first() == rest.missing().first()
                        && range.last() == rest.missing().last()
                        && range.total() == known.body().expected()
                        && vary.same(known.vary())
                        && sameTag(known.head(), head);
        if (!fits) {
            return Fetches.Begun.no("content-range");
        }
        if (!known.body().reserveMissing()) {
            return Fetches.Begun.no("no-room");
        }
        return store.fetches()
                .begun(
                        new Fetches.Place(
                                known.key(), vary, head, part -> fill(known, part, range)),
                        length,
                        range.total());
    }

    private void fill(Stored known, Stored part, ContentRange range) {
        if (known.body().hold()) {
            join(known, part, range);
        }
        part.body().letGo();
    }

    /** Decides whether the part that has begun is kept, and makes room for it. */
    public Fetches.Begun begin(
            CacheKey key,
            StorePolicy policy,
            RequestHead request,
            ResponseHead response,
            long length,
            StorePolicy.Times times) {
        ContentRange range = ContentRange.parse(response.getAll(FieldName.CONTENT_RANGE));
        StorePolicy.Decision decision = policy.decidePart(request, response, range, length, times);
        StoredHead head = decision.head();
        VaryKey vary = decision.vary();
        if (head == null || vary == null || range == null) {
            return Fetches.Begun.no(decision.reason());
        }
        if (length > MOST_BYTES) {
            return Fetches.Begun.no("too-large");
        }
        return store.fetches()
                .begun(
                        new Fetches.Place(
                                key.kept(),
                                vary,
                                head,
                                part -> put(part, range, times.sentNanos())),
                        length,
                        range.total());
    }

    /** Takes a part that is complete, with one hold on its body. */
    private void put(Stored part, ContentRange range, long asked) {
        Stored known = known(part, range.total());
        if (known == null) {
            begin(part, range, asked);
        } else {
            join(known, part, range);
        }
        part.body().letGo();
    }

    /** What {@code part} is a part of, held; null when no other part is there. */
    private @Nullable Stored known(Stored part, long total) {
        for (Stored each : store.variants(part.key())) {
            if (each.body().inParts()
                    && each.vary().same(part.vary())
                    && each.body().expected() == total
                    && sameTag(each, part)
                    && each.body().hold()) {
                return each;
            }
        }
        return null;
    }

    static boolean sameTag(Stored a, Stored b) {
        return sameTag(a.head(), b.head());
    }

    private static boolean sameTag(StoredHead a, StoredHead b) {
        String tag = a.etag();
        String other = b.etag();
        return tag != null && other != null && EntityTags.strongMatch(tag, other);
    }

    private void begin(Stored part, ContentRange range, long asked) {
        Body body = store.newBodyInParts((int) range.total());
        Stored first = new Stored(part.key(), part.vary(), part.head(), body);
        if (!body.add(part.body(), (int) range.first())) {
            body.letGo();
        } else if (body.inParts()) {
            store.putIncomplete(first, asked);
        } else {
            store.put(first, asked);
        }
    }

    private void join(Stored known, Stored part, ContentRange range) {
        if (known.body().add(part.body(), (int) range.first())) {
            // The latest word of the node counts for all of it.
            known.head(part.head());
            store.grown(known);
        }
        known.body().letGo();
    }
}
