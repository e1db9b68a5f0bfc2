package io.weir.cache;

import java.util.Locale;

/** What the cache was to one request; the same words serve the log, the figures and the fields. */
public enum Outcome {
    /** Nothing was stored that fits. */
    MISS,
    /** A fresh response came from the store. */
    HIT,
    /** A stale response came from the store, as allowed. */
    STALE,
    /** The node said that the stored response is still good. */
    REVALIDATED,
    /**
     * The response of another client's request, under way at the same time, served this one too.
     */
    COALESCED,
    /** The request is none that the cache looks at. */
    BYPASS;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** The outcome in lower case. */
    public String word() {
        return word;
    }
}
