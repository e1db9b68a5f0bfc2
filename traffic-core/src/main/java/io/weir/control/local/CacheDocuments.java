package io.weir.control.local;

import io.weir.cache.CacheContents;
import io.weir.cache.Outcome;
import io.weir.control.store.Json;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;

/** What the façade answers about the cache, as plain documents like {@link Documents}. */
public final class CacheDocuments {

    private CacheDocuments() {}

    /** Figures of the store and of each virtual server. */
    public static Map<String, @Nullable Object> figures(CacheContents.Figures of) {
        return Json.object(
                "size",
                of.size(),
                "bytes",
                of.entryBytes(),
                "memory-bytes",
                of.memoryBytes(),
                "disk-bytes",
                of.diskBytes(),
                "disk-responses",
                of.diskResponses(),
                "disk-failures",
                of.diskFailures(),
                "virtual-servers",
                of.zones().stream().map(CacheDocuments::zone).toList());
    }

    private static Map<String, @Nullable Object> zone(CacheContents.ZoneFigures of) {
        Map<String, @Nullable Object> requests = new LinkedHashMap<>();
        for (Outcome outcome : Outcome.values()) {
            requests.put(outcome.word(), of.count(outcome));
        }
        return Json.object(
                "name", of.virtualServer(),
                "responses", of.responses(),
                "bytes", of.bytes(),
                "requests", requests,
                "served-bytes", of.served(),
                "stored", of.stored(),
                "evicted", of.evicted());
    }

    /** What fits a query. */
    public static Map<String, @Nullable Object> listing(CacheContents.Listing of) {
        return Json.object(
                "matching", of.matching(),
                "bytes", of.bytes(),
                "items", of.items().stream().map(CacheDocuments::item).toList());
    }

    private static Map<String, @Nullable Object> item(CacheContents.Item of) {
        return Json.object(
                "virtual-server", of.virtualServer(),
                "scheme", of.secure() ? "https" : "http",
                "host", of.host(),
                "path", of.target(),
                "status", of.status(),
                "variant", of.variant(),
                "bytes", of.bytes(),
                "length", of.length(),
                "hits", of.hits(),
                "age-seconds", of.ageSeconds(),
                "fresh-seconds", of.freshSeconds(),
                "unused-seconds", of.unusedSeconds(),
                "codings", of.codings(),
                "tags", of.tags());
    }

    /** What a purge did. */
    public static Map<String, @Nullable Object> purged(CacheContents.Purged of) {
        return Json.object("responses", of.responses(), "bytes", of.bytes());
    }
}
