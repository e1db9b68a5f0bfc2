package io.weir.cache;

import io.weir.http.FieldName;
import io.weir.http.HttpDate;
import io.weir.http.RequestHead;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * What a client asked about a response that it has already (RFC 9110 section 13): kept apart from
 * the request, because the request to the node may ask about the stored response instead.
 * Immutable.
 *
 * @param noneMatch value of If-None-Match
 * @param modifiedSince value of If-Modified-Since
 * @param range value of Range
 * @param ifRange value of If-Range
 */
public record Preconditions(
        @Nullable String noneMatch,
        @Nullable String modifiedSince,
        @Nullable String range,
        @Nullable String ifRange) {

    private static final Preconditions NONE = new Preconditions(null, null, null, null);

    /** The preconditions of {@code request}. */
    public static Preconditions of(RequestHead request) {
        String noneMatch = request.getAll(FieldName.IF_NONE_MATCH);
        String since = request.getAll(FieldName.IF_MODIFIED_SINCE);
        String range = request.getAll(FieldName.RANGE);
        if (noneMatch == null && since == null && range == null) {
            return NONE;
        }
        return new Preconditions(noneMatch, since, range, request.getAll(FieldName.IF_RANGE));
    }

    /** Whether the request names validators or a range at all. */
    public boolean any() {
        return noneMatch != null || modifiedSince != null || range != null;
    }

    /** Whether the client has the stored response already (RFC 9111 section 4.3.2). */
    public boolean notModified(Stored stored, Instant now) {
        StoredHead head = stored.head();
        if (head.status() != 200) {
            return false;
        }
        String tags = noneMatch;
        if (tags != null) {
            return EntityTags.listed(tags, head.etag());
        }
        String since = modifiedSince;
        Long time = since == null ? null : HttpDate.parse(since, now);
        if (time == null) {
            return false;
        }
        long modified = head.lastModified() >= 0 ? head.lastModified() : head.date();
        return modified <= time;
    }

    /** The part that is to be sent of a stored response of {@code length}; null for all of it. */
    public @Nullable ByteRange range(Stored stored, long length, Instant now) {
        String wanted = range;
        StoredHead head = stored.head();
        if (wanted == null || head.status() != 200) {
            return null;
        }
        String condition = ifRange;
        if (condition != null && !stillTheSame(condition.strip(), head, now)) {
            return null;
        }
        return ByteRange.of(wanted, length);
    }

    /** RFC 9110 section 13.1.5: strong validators only. */
    private static boolean stillTheSame(String condition, StoredHead head, Instant now) {
        if (EntityTags.valid(condition)) {
            String tag = head.etag();
            return tag != null && EntityTags.strongMatch(tag, condition);
        }
        Long time = HttpDate.parse(condition, now);
        return time != null
                && head.lastModified() == time
                && head.date() - head.lastModified() >= 1;
    }

    /** Makes {@code request} ask whether {@code stored} is still good. */
    public static void askAbout(Stored stored, RequestHead request) {
        StoredHead head = stored.head();
        request.remove(FieldName.IF_NONE_MATCH);
        request.remove(FieldName.IF_MODIFIED_SINCE);
        String tag = head.etag();
        if (tag != null) {
            request.add(FieldName.IF_NONE_MATCH, tag);
        }
        if (head.lastModified() >= 0) {
            request.add(FieldName.IF_MODIFIED_SINCE, HttpDate.format(head.lastModified()));
        }
    }

    /** Puts the client's own preconditions back. */
    public void restore(RequestHead request) {
        request.remove(FieldName.IF_NONE_MATCH);
        request.remove(FieldName.IF_MODIFIED_SINCE);
        String tags = noneMatch;
        if (tags != null) {
            request.add(FieldName.IF_NONE_MATCH, tags);
        }
        String since = modifiedSince;
        if (since != null) {
            request.add(FieldName.IF_MODIFIED_SINCE, since);
        }
    }
}
