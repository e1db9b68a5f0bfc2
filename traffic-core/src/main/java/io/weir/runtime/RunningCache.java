package io.weir.runtime;

import io.weir.cache.CacheContents;
import io.weir.cache.CacheStore;
import io.weir.compress.Encoders;
import io.weir.config.CacheConfig;
import io.weir.config.VirtualServerConfig;
import io.weir.event.EventBus;
import io.weir.event.EventTag;
import io.weir.exchange.CacheAccess;
import io.weir.exchange.CompressAccess;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;

/**
 * The cache that all virtual servers share, and what compresses responses for it. Changes come one
 * after the other.
 */
final class RunningCache {

    private final EventBus events;
    private final ScheduledExecutorService compressor;
    private final CacheStore store;

    /**
     * @param state directory of what is to outlive the process; null for none
     * @param compressor the thread on which stored responses are compressed; stopped with the cache
     */
    RunningCache(
            CacheConfig.Store config,
            @Nullable Path state,
            Ticker ticker,
            EventBus events,
            ScheduledExecutorService compressor) {
        this.events = events;
        this.compressor = compressor;
        this.store = new CacheStore(config, ticker);
        useDisk(config, state);
    }

    private void useDisk(CacheConfig.Store config, @Nullable Path state) {
        String named = config.diskDirectory();
        Path directory =
                named != null ? Path.of(named) : state == null ? null : state.resolve("cache");
        if (config.diskSize() == 0 || directory == null) {
            return;
        }
        try {
            store.useDisk(directory, config.diskSize());
        } catch (IOException e) {
            events.emit(
                    EventTag.CACHEDISKFAIL, "responses are kept in memory only: " + e.getMessage());
        }
    }

    /** The cache as {@code vs} uses it; null when it uses none. */
    @Nullable CacheAccess of(VirtualServerConfig vs) {
        return vs.cache().enabled() ? CacheAccess.of(store, vs.name(), vs.cache()) : null;
    }

    /** Compression as {@code vs} uses it; null when it uses none. */
    @Nullable CompressAccess compression(VirtualServerConfig vs) {
        return vs.compression().enabled()
                ? new CompressAccess(
                        vs.compression(), new Encoders(vs.compression()), store, compressor)
                : null;
    }

    /** A configuration with virtual servers of these names comes into force. */
    void configure(CacheConfig.Store config, Set<String> servers) {
        store.configure(config);
        store.retainZones(servers);
        store.readDisk();
    }

    CacheContents contents() {
        return store.contents();
    }

    void stop() {
        compressor.shutdownNow();
        store.close();
    }
}
