package io.weir.metrics;

import java.util.List;

/** The metric families of the HTTP cache, described for readers in docs/metrics.md. */
public final class CacheFamilies {

    private static final FamilyTable TABLE = new FamilyTable();
    private static final String VS = "virtual_server";

    public static final MetricFamily REQUESTS =
            TABLE.counter(
                    "weir_cache_requests_total",
                    "Requests by what the cache was to them: hit, stale, revalidated, coalesced,"
                            + " miss, bypass.",
                    VS,
                    "outcome");
    public static final MetricFamily SERVED =
            TABLE.counter(
                    "weir_cache_served_bytes_total",
                    "Bytes of bodies that came out of the cache.",
                    VS);
    public static final MetricFamily STORED =
            TABLE.counter("weir_cache_stored_total", "Responses put into the cache.", VS);
    public static final MetricFamily EVICTIONS =
            TABLE.counter(
                    "weir_cache_evictions_total",
                    "Responses that left the cache to make room for others.",
                    VS);
    public static final MetricFamily RESPONSES =
            TABLE.gauge("weir_cache_responses", "Responses in the cache.", VS);
    public static final MetricFamily BYTES =
            TABLE.gauge("weir_cache_bytes", "Bytes that they take, metadata included.", VS);
    public static final MetricFamily MEMORY =
            TABLE.gauge(
                    "weir_cache_memory_bytes",
                    "Memory outside the heap for bodies that are stored, under way, or still"
                            + " read.");
    public static final MetricFamily SIZE =
            TABLE.gauge("weir_cache_size_bytes", "What global.cache.size allows.");

    /** Every family above. */
    static final List<MetricFamily> ALL = TABLE.all();

    private CacheFamilies() {}
}
