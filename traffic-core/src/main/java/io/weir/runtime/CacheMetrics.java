package io.weir.runtime;

import io.weir.cache.CacheContents.Figures;
import io.weir.cache.CacheContents.ZoneFigures;
import io.weir.cache.Outcome;
import io.weir.metrics.CoreFamilies;
import io.weir.metrics.MetricSink;
import io.weir.metrics.MetricSource;

import java.util.function.Supplier;

/** The figures of the cache, read when the metrics page is written. */
public final class CacheMetrics implements MetricSource {

    private final Supplier<Figures> figures;

    public CacheMetrics(Supplier<Figures> figures) {
        this.figures = figures;
    }

    @Override
    public void collect(MetricSink sink) {
        Figures now = figures.get();
        for (ZoneFigures zone : now.zones()) {
            String name = zone.virtualServer();
            for (Outcome outcome : Outcome.values()) {
                sink.sample(CoreFamilies.CACHE_REQUESTS, zone.count(outcome), name, outcome.word());
            }
            sink.sample(CoreFamilies.CACHE_SERVED, zone.served(), name);
            sink.sample(CoreFamilies.CACHE_STORED, zone.stored(), name);
            sink.sample(CoreFamilies.CACHE_EVICTIONS, zone.evicted(), name);
            sink.sample(CoreFamilies.CACHE_RESPONSES, zone.responses(), name);
            sink.sample(CoreFamilies.CACHE_BYTES, zone.bytes(), name);
        }
        sink.sample(CoreFamilies.CACHE_MEMORY, now.memoryBytes());
        sink.sample(CoreFamilies.CACHE_SIZE, now.size());
    }
}
