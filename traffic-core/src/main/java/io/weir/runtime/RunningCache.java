package io.weir.runtime;

import io.weir.cache.CacheContents;
import io.weir.cache.CacheStore;
import io.weir.compress.Encoders;
import io.weir.config.CacheConfig;
import io.weir.config.CompressionConfig;
import io.weir.config.VirtualServerConfig;
import io.weir.event.EventBus;
import io.weir.event.EventTag;
import io.weir.exchange.CacheAccess;
import io.weir.exchange.CompressAccess;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Collectors;

/**
 * The cache that all virtual servers share, and what compresses responses for it. Changes come one
 * after the other.
 */
final class RunningCache {

    private final EventBus events;
    private final ScheduledExecutorService compressor;
    private final CacheStore store;

    /** Those of virtual servers in force, and of ones that are going to be. */
    private final Map<CompressionConfig, Encoders> encoders = new HashMap<>();

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
        CompressionConfig config = vs.compression();
        return config.enabled()
                ? new CompressAccess(
                        config, encoders.computeIfAbsent(config, Encoders::new), store, compressor)
                : null;
    }

    /** A configuration with these virtual servers comes into force. */
    void configure(CacheConfig.Store config, Collection<VirtualServerConfig> servers) {
        store.configure(config);
        store.retainZones(servers.stream().map(VirtualServerConfig::name).toList());
        store.readDisk();
        Set<CompressionConfig> used =
                servers.stream().map(VirtualServerConfig::compression).collect(Collectors.toSet());
        encoders.entrySet()
                .removeIf(
                        each -> {
                            boolean over = !used.contains(each.getKey());
                            if (over) {
                                each.getValue().close();
                            }
                            return over;
                        });
    }

    CacheContents contents() {
        return store.contents();
    }

    void stop() {
        compressor.shutdownNow();
        encoders.values().forEach(Encoders::close);
        store.close();
    }
}
