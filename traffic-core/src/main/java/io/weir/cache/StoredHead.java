package io.weir.cache;

import io.weir.http.FieldName;
import io.weir.http.Fields;
import io.weir.http.ResponseHead;
import io.weir.http.StoredFields;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Status and fields of a stored response, without its length and age, and what was understood of
 * them; what is seldom asked for is read from the fields again, because there may be millions of
 * these. Replaced as a whole when the node says that the response is still good. Immutable.
 *
 * @param receivedNanos when it came or was last confirmed
 * @param freshNanos how long after {@code receivedNanos} it may be used without asking; may be
 *     negative
 * @param age in seconds that it had then
 * @param modified Last-Modified in seconds since 1970, as an unsigned number; {@link #NO_DATE} when
 *     not said
 * @param made when the node made it, or it came, in the same way
 * @param staleWhileRevalidate in seconds after the end of freshness
 * @param staleIfError the same
 * @param flags of {@link #ALWAYS_ASK} and its like
 */
record StoredHead(
        short status,
        byte flags,
        @Nullable String reason,
        StoredFields fields,
        long receivedNanos,
        long freshNanos,
        int age,
        int modified,
        int made,
        int staleWhileRevalidate,
        int staleIfError) {

    static final FieldName SURROGATE_KEY = FieldName.of("Surrogate-Key");
    static final FieldName CACHE_TAG = FieldName.of("Cache-Tag");

    /** {@link #freshNanos} where nothing gives a time. */
    static final long NO_TIME = Long.MIN_VALUE / 2;

    /** {@link #modified} where there is no date. */
    static final int NO_DATE = -1;

    /** {@code no-cache}: never used without asking. */
    static final int ALWAYS_ASK = 1;

    /** {@code must-revalidate} and its like: never used when stale. */
    static final int NEVER_STALE = 2;

    /** May be used for requests with Authorization. */
    static final int FOR_AUTHORIZED = 4;

    /** {@code no-transform}. */
    static final int NO_TRANSFORM = 8;

    /** A date as this keeps it; {@link #NO_DATE} for one that is negative or too far away. */
    static int date(long seconds) {
        return seconds < 0 || seconds >= 0xffff_ffffL ? NO_DATE : (int) seconds;
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** Whether it may be used for all that {@code other} may be, and for as long. */
    boolean asGoodAs(StoredHead other, long now) {
        return flags == other.flags && freshLeft(now) >= other.freshLeft(now);
    }

    /** The entity tag, if there is one that is well-formed. */
    @Nullable String etag() {
        String tag = fields.getAll(FieldName.ETAG);
        return tag != null && EntityTags.valid(tag) ? tag : null;
    }

    /** Last-Modified in seconds since 1970; negative when not said. */
    long lastModified() {
        return modified == NO_DATE ? -1 : Integer.toUnsignedLong(modified);
    }

    /** When the node made it, or it came, in seconds since 1970. */
    long date() {
        return Integer.toUnsignedLong(made);
    }

    /** Whether the node can be asked if it is still good. */
    boolean validatable() {
        return modified != NO_DATE || etag() != null;
    }

    /** Nanoseconds that are left before it is stale; negative when it is. */
    long freshLeft(long now) {
        return freshNanos - (now - receivedNanos);
    }

    /** The age in seconds (RFC 9111 section 4.2.3). */
    long ageNow(long now) {
        return age + Math.max(0, TimeUnit.NANOSECONDS.toSeconds(now - receivedNanos));
    }

    /** Fills an empty head; length and age are still to be added. */
    void fill(ResponseHead head) {
        String phrase = reason;
        head.setStatus(status, phrase != null ? phrase : "OK");
        fields.addTo(head);
    }

    Fields toFields() {
        return fields.toFields();
    }

    /** What it can be purged by: {@code Surrogate-Key} and {@code Cache-Tag}. */
    List<String> tags() {
        String keys = fields.getAll(SURROGATE_KEY);
        String tags = fields.getAll(CACHE_TAG);
        if (keys == null && tags == null) {
            return List.of();
        }
        List<String> all = new ArrayList<>();
        for (String text : new String[] {keys, tags}) {
            for (String tag : text == null ? new String[0] : text.split("[ ,\t]+", -1)) {
                if (!tag.isEmpty()) {
                    all.add(tag);
                }
            }
        }
        return List.copyOf(all);
    }

    /** Bytes of heap that it takes, about. */
    int weight() {
        return 56 + fields.weight();
    }

    /**
     * The same, to be asked about before its next use; when the node fails it may be used as long
     * as it might have been otherwise (RFC 5861 section 4).
     */
    StoredHead expired(long now) {
        return new StoredHead(
                status,
                flags,
                reason,
                fields,
                now,
                Math.min(-1, freshLeft(now)),
                (int) Math.min(ageNow(now), Integer.MAX_VALUE),
                modified,
                made,
                0,
                staleIfError);
    }
}
