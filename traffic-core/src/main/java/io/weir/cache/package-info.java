/**
 * What the HTTP cache decides and keeps: freshness, keys, variants, validation, and the bounded
 * store with its bodies outside the heap. Start at {@link io.weir.cache.CacheStore}, then {@link
 * io.weir.cache.StorePolicy}. The way of a request through the cache belongs to {@code
 * io.weir.exchange}; no sockets here.
 */
@NullMarked
package io.weir.cache;

import org.jspecify.annotations.NullMarked;
