package io.weir.config.load;

import io.weir.config.CacheConfig;
import io.weir.config.CompressionConfig;
import io.weir.config.CompressionConfig.Coding;
import io.weir.config.CompressionConfig.EtagRewrite;
import io.weir.config.load.Node.Mapping;
import io.weir.config.load.Node.Scalar;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Makes the records of cache and compression out of checked sections. Stateless. */
final class CacheBinder {

    private CacheBinder() {}

    /** {@code true}, {@code false}, or a mapping, which switches the cache on. */
    static CacheConfig cache(Section server) {
        Section s = server.section("cache");
        return new CacheConfig(
                enabled(server, "cache", s),
                s.time("max-time"),
                s.time("error-page-time"),
                s.time("refresh-time"),
                s.textOrNull("control-out"),
                s.flag("heuristic"),
                statuses(s),
                s.flag("normalize-query"),
                s.flag("client-control"),
                s.time("stale-while-revalidate"),
                s.time("stale-if-error"),
                s.time("coalesce-wait"),
                s.flag("cache-status"),
                s.flag("cache-info"));
    }

    private static boolean enabled(Section server, String key, Section mapping) {
        Node node = server.node(key);
        if (node instanceof Mapping) {
            return mapping.flag("enabled");
        }
        return node instanceof Scalar scalar && Section.truth(scalar.text());
    }

    private static List<Integer> statuses(Section s) {
        return s.texts("error-statuses").stream().map(Integer::valueOf).toList();
    }

    static CompressionConfig compression(Section server) {
        Section s = server.section("compression");
        List<Coding> codings = new ArrayList<>();
        for (String coding : s.texts("codings")) {
            codings.add(Coding.valueOf(coding.toUpperCase(Locale.ROOT)));
        }
        return new CompressionConfig(
                enabled(server, "compression", s),
                codings,
                s.count("level"),
                s.flag("fast"),
                s.count("brotli-level"),
                s.count("zstd-level"),
                s.count("stored-level"),
                s.size("min-size"),
                s.size("max-size"),
                s.flag("no-size"),
                s.flag("decompress"),
                s.texts("include-mime"),
                s.choice("etag-rewrite", EtagRewrite.class));
    }

    static CacheConfig.Store store(Section s) {
        return new CacheConfig.Store(
                s.size("size"),
                s.size("max-object"),
                s.count("max-path-length"),
                s.size("disk-size"),
                s.textOrNull("disk-directory"));
    }
}
