package io.weir.runtime;

import io.weir.cache.CacheContents.Figures;
import io.weir.cache.CacheContents.ZoneFigures;
import io.weir.cache.Outcome;
import io.weir.metrics.CacheFamilies;
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
                sink.sample(CacheFamilies.REQUESTS, zone.count(outcome), name, outcome.word());
            }
            sink.sample(CacheFamilies.SERVED, zone.served(), name);
            sink.sample(CacheFamilies.STORED, zone.stored(), name);
            sink.sample(CacheFamilies.EVICTIONS, zone.evicted(), name);
            sink.sample(CacheFamilies.RESPONSES, zone.responses(), name);
            sink.sample(CacheFamilies.BYTES, zone.bytes(), name);
        }
        sink.sample(CacheFamilies.MEMORY, now.memoryBytes());
        sink.sample(CacheFamilies.SIZE, now.size());
    }
}
