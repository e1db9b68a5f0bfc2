package io.weir.config.load;

import io.weir.config.CacheConfig;
import io.weir.config.CompressionConfig;

import java.util.Locale;

/** Writes the keys of cache and compression in their canonical form. Stateless. */
final class CacheWriter {

    private CacheWriter() {}

    static void cache(YamlWriter out, CacheConfig c) {
        out.open("cache");
        out.bare("enabled", c.enabled());
        out.time("max-time", c.maxTime());
        out.time("error-page-time", c.errorPageTime());
        out.time("refresh-time", c.refreshTime());
        out.string("control-out", c.controlOut());
        out.bare("heuristic", c.heuristic());
        out.bares("error-statuses", c.errorStatuses());
        out.bare("normalize-query", c.normalizeQuery());
        out.bare("client-control", c.clientControl());
        out.time("stale-while-revalidate", c.staleWhileRevalidate());
        out.time("stale-if-error", c.staleIfError());
        out.time("coalesce-wait", c.coalesceWait());
        out.bare("cache-status", c.cacheStatus());
        out.bare("cache-info", c.cacheInfo());
        out.close();
    }

    static void compression(YamlWriter out, CompressionConfig c) {
        out.open("compression");
        out.bare("enabled", c.enabled());
        out.strings(
                "codings",
                c.codings().stream().map(each -> each.name().toLowerCase(Locale.ROOT)).toList());
        out.bare("level", c.level());
        out.bare("fast", c.fast());
        out.bare("brotli-level", c.brotliLevel());
        out.bare("zstd-level", c.zstdLevel());
        out.bare("stored-level", c.storedLevel());
        out.size("min-size", c.minSize());
        out.size("max-size", c.maxSize());
        out.bare("no-size", c.noSize());
        out.bare("decompress", c.decompress());
        out.strings("include-mime", c.includeMime());
        out.word("etag-rewrite", c.etagRewrite());
        out.close();
    }

    static void store(YamlWriter out, CacheConfig.Store s) {
        out.open("cache");
        out.size("size", s.size());
        out.size("max-object", s.maxObject());
        out.bare("max-path-length", s.maxPathLength());
        out.size("disk-size", s.diskSize());
        out.string("disk-directory", s.diskDirectory());
        out.close();
    }
}
