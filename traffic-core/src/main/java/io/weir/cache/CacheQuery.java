package io.weir.cache;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;

/**
 * Which stored responses are meant; everything that is given has to fit. Immutable.
 *
 * @param virtualServer its name; null for all
 * @param secure whether clients ask over TLS; null for both
 * @param host as clients give it, in lower case, with a port where they give one
 * @param target path and query
 * @param tag one of {@code Surrogate-Key} or {@code Cache-Tag}; null for all
 */
public record CacheQuery(
        @Nullable String virtualServer,
        @Nullable Boolean secure,
        Wildcard host,
        Wildcard target,
        @Nullable String tag) {

    /** Everything that is stored. */
    public static final CacheQuery ALL =
            new CacheQuery(null, null, Wildcard.ANY, Wildcard.ANY, null);

    public CacheQuery {
        host = new Wildcard(host.text().toLowerCase(Locale.ROOT));
    }

    /** Whether nothing narrows it. */
    public boolean everything() {
        return virtualServer == null && secure == null && host.any() && target.any() && tag == null;
    }

    /** Whether {@code key} fits, as far as a key can tell. */
    boolean fits(CacheKey key) {
        return (virtualServer == null || virtualServer.equals(key.zone().name()))
                && (secure == null || secure == key.secure())
                && host.fits(key.host())
                && target.fits(key.target());
    }

    /** Whether {@code stored}, whose key fits, fits as well. */
    boolean fits(Stored stored) {
        return tag == null || stored.tags().contains(tag);
    }

    /** Whether a response with that key and those tags fits. */
    boolean fits(CacheKey key, List<String> tags) {
        return (tag == null || tags.contains(tag)) && fits(key);
    }
}
