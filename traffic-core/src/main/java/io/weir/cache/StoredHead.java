package io.weir.cache;

import io.weir.http.Fields;
import io.weir.http.ResponseHead;
import io.weir.http.StoredFields;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Status and fields of a stored response, without its length and age, and what was understood of
 * them. Replaced as a whole when the node says that the response is still good. Immutable.
 *
 * @param receivedNanos when it came or was last confirmed
 * @param age in seconds that it had then
 * @param freshNanos how long after {@code receivedNanos} it may be used without asking; may be
 *     negative
 * @param lastModified in seconds since 1970; negative when not said
 * @param date when the node made it, or it came, in seconds since 1970
 * @param staleWhileRevalidate in seconds after the end of freshness
 * @param staleIfError the same
 * @param flags of {@link #ALWAYS_ASK} and its like
 */
record StoredHead(
        int status,
        @Nullable String reason,
        StoredFields fields,
        long receivedNanos,
        long age,
        long freshNanos,
        @Nullable String etag,
        long lastModified,
        long date,
        long staleWhileRevalidate,
        long staleIfError,
        int flags,
        List<String> tags) {

    /** {@link #freshNanos} where nothing gives a time. */
    static final long NO_TIME = Long.MIN_VALUE / 2;

    /** {@code no-cache}: never used without asking. */
    static final int ALWAYS_ASK = 1;

    /** {@code must-revalidate} and its like: never used when stale. */
    static final int NEVER_STALE = 2;

    /** May be used for requests with Authorization. */
    static final int FOR_AUTHORIZED = 4;

    /** {@code no-transform}. */
    static final int NO_TRANSFORM = 8;

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** Whether the node can be asked if it is still good. */
    boolean validatable() {
        return etag != null || lastModified >= 0;
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

    /** Bytes of heap that it takes, about. */
    int weight() {
        int weight = 88 + fields.weight();
        String tag = etag;
        weight += tag == null ? 0 : 48 + tag.length();
        for (String each : tags) {
            weight += 48 + each.length();
        }
        return weight;
    }

    /** The same, confirmed at another time or by another response. */
    StoredHead expired(long now) {
        return new StoredHead(
                status,
                reason,
                fields,
                now,
                ageNow(now),
                -1,
                etag,
                lastModified,
                date,
                staleWhileRevalidate,
                staleIfError,
                flags,
                tags);
    }
}
