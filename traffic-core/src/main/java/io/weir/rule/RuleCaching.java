package io.weir.rule;

import org.jspecify.annotations.Nullable;

/**
 * What a rule may ask of cache and compression for its exchange (TrafficScript's {@code
 * http.cache.*} and {@code http.compress.*}). Confined to the event loop of the exchange; without
 * effect where the virtual server has no cache, or no compression.
 */
public interface RuleCaching {

    /**
     * Keeps the exchange away from the cache, or takes that back. A rule that says {@code true}
     * also vouches that fields which rules have added to the request, or removed from it, do not
     * choose the answer.
     */
    void cache(boolean wanted);

    /**
     * Adds {@code key} to what stored responses are found by, so that a rule can tell variants
     * apart that {@code Vary} does not name; it vouches like {@link #cache}.
     *
     * @param key at most 1024 characters are used; empty for none
     */
    void cacheKey(String key);

    /**
     * Whether the store would answer the request as it is now, without a node. A rule that lets it
     * answer ends its list with {@link RuleOutcome.Stop}.
     *
     * @param pool in whose context the look-up happens; null for the one in force
     */
    boolean cached(@Nullable String pool);

    /**
     * Compresses the response for clients that can decode it although its media type or size is
     * none that the configuration lists, or leaves it as it is.
     */
    void compress(boolean wanted);
}
