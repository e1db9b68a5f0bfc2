package io.weir.cache;

import io.weir.http.FieldName;
import io.weir.http.Fields;
import io.weir.http.HttpDate;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * How long a response may be used (RFC 9111 sections 4.2.1 to 4.2.3), in whole seconds.
 *
 * @param lifetime from the moment that the response was made; negative when nothing says so
 * @param explicit whether the node said so itself
 * @param age that the response had when it came
 */
record Freshness(long lifetime, boolean explicit, long age) {

    /** Longest time that a guess gives. */
    private static final long MOST_GUESSED = 24 * 3600;

    /**
     * Judges a response.
     *
     * @param now when its head came
     * @param delay seconds between the request and the head
     * @param guess whether a response without a time gets a tenth of its age (section 4.2.2)
     */
    static Freshness of(Fields head, Directives said, Instant now, long delay, boolean guess) {
        Long date = date(head, FieldName.DATE, now);
        long made = date == null ? now.getEpochSecond() : date;
        long age = age(head, now.getEpochSecond(), made, delay);
        if (said.sharedMaxAge() != Directives.ABSENT) {
            return new Freshness(said.sharedMaxAge(), true, age);
        }
        if (said.maxAge() != Directives.ABSENT) {
            return new Freshness(said.maxAge(), true, age);
        }
        if (head.contains(FieldName.EXPIRES) && !Directives.hasTargeted(head)) {
            Long expires = date(head, FieldName.EXPIRES, now);
            // An invalid date, "0" above all, is one in the past (section 5.3).
            long lifetime = expires == null ? 0 : Math.clamp(expires - made, 0, Directives.MOST);
            return new Freshness(lifetime, true, age);
        }
        Long modified = guess ? date(head, FieldName.LAST_MODIFIED, now) : null;
        if (modified != null && modified <= made) {
            return new Freshness(Math.min((made - modified) / 10, MOST_GUESSED), false, age);
        }
        return new Freshness(-1, false, age);
    }

    /** The value of the only field called {@code name}, if it is a date. */
    static @Nullable Long date(Fields head, FieldName name, Instant now) {
        String text = head.getAll(name);
        return text == null ? null : HttpDate.parse(text, now);
    }

    /** Section 4.2.3. */
    private static long age(Fields head, long now, long made, long delay) {
        long apparent = Math.max(0, now - made);
        return Math.min(Directives.MOST, Math.max(apparent, ageField(head) + delay));
    }

    /** Section 5.1: the first member of a list; what is no number counts for nothing. */
    private static long ageField(Fields head) {
        String text = head.get(FieldName.AGE);
        if (text == null) {
            return 0;
        }
        int comma = text.indexOf(',');
        text = (comma < 0 ? text : text.substring(0, comma)).strip();
        if (text.isEmpty() || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return 0;
        }
        return text.length() > 10
                ? Directives.MOST
                : Math.min(Directives.MOST, Long.parseLong(text));
    }
}
