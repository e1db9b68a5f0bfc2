package io.weir.exchange;

import io.weir.cache.CacheStore;
import io.weir.cache.CacheZone;
import io.weir.cache.StorePolicy;
import io.weir.config.CacheConfig;

/**
 * The cache as the steps of one virtual server see it. Immutable.
 *
 * @param zone the virtual server's part of the store
 */
public record CacheAccess(
        CacheStore store, CacheZone zone, CacheConfig config, StorePolicy policy) {

    /** The cache of a virtual server called {@code name} with {@code config}. */
    public static CacheAccess of(CacheStore store, String name, CacheConfig config) {
        return new CacheAccess(store, store.zone(name), config, new StorePolicy(config));
    }
}
