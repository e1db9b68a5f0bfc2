package io.weir.cache;

import io.weir.http.FieldName;
import io.weir.http.HttpDate;
import io.weir.http.ResponseHead;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/** What the head of a node's answer says about a stored response. */
public enum Confirmation {
    /** It is about this one. */
    SAME,
    /** The node has something else by now. */
    ANOTHER,
    /** It says nothing by which the two could be compared. */
    UNSURE;

    /** Whether a 304 with these fields is about {@code stored} (RFC 9111 section 4.3.4). */
    public static boolean notModified(ResponseHead said, Stored stored, Instant now) {
        String tag = said.get(FieldName.ETAG);
        String own = stored.head().etag();
        if (tag != null && own != null) {
            return EntityTags.opaque(tag).equals(EntityTags.opaque(own));
        }
        return tag != null || dates(said, stored, now) != ANOTHER;
    }

    /**
     * What a 200 to HEAD says about {@code stored} (RFC 9111 section 4.3.5): the validators that
     * came have to be those that are stored, and so has the length. Without any validator nothing
     * is confirmed, because another body may be just as long.
     */
    public static Confirmation ofHead(ResponseHead said, Stored stored, Instant now) {
        String length = said.get(FieldName.CONTENT_LENGTH);
        if (length != null && !length.equals(Long.toString(stored.body().written()))) {
            return ANOTHER;
        }
        Confirmation dates = dates(said, stored, now);
        String tag = said.get(FieldName.ETAG);
        if (tag == null || dates == ANOTHER) {
            return dates;
        }
        String own = stored.head().etag();
        return own != null && EntityTags.opaque(tag).equals(EntityTags.opaque(own))
                ? SAME
                : ANOTHER;
    }

    private static Confirmation dates(ResponseHead said, Stored stored, Instant now) {
        Long modified = seconds(said.get(FieldName.LAST_MODIFIED), now);
        if (modified == null) {
            return UNSURE;
        }
        return modified == stored.head().lastModified() ? SAME : ANOTHER;
    }

    private static @Nullable Long seconds(@Nullable String date, Instant now) {
        return date == null ? null : HttpDate.parse(date, now);
    }
}
