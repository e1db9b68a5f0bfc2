package io.weir.testkit;

import io.weir.config.CacheConfig;
import io.weir.config.CompressionConfig;
import io.weir.config.CompressionConfig.Coding;
import io.weir.config.CompressionConfig.EtagRewrite;

import java.time.Duration;
import java.util.List;

/** Cache and compression as they are when a configuration does not speak of them. */
public final class CacheDefaults {

    /** Off, with ZXTM's times. */
    public static final CacheConfig CACHE =
            new CacheConfig(
                    false,
                    Duration.ofSeconds(600),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(2),
                    null,
                    false,
                    List.of(),
                    true,
                    true,
                    Duration.ZERO,
                    Duration.ZERO,
                    Duration.ofSeconds(5),
                    false,
                    false);

    /** Off, with ZXTM's sizes. */
    public static final CompressionConfig COMPRESSION =
            new CompressionConfig(
                    false,
                    List.of(Coding.ZSTD, Coding.BR, Coding.GZIP),
                    1,
                    false,
                    4,
                    3,
                    6,
                    1000,
                    10_000_000,
                    true,
                    true,
                    List.of(
                            "text/*",
                            "application/json",
                            "application/javascript",
                            "application/xml",
                            "application/xhtml+xml",
                            "application/rss+xml",
                            "application/atom+xml",
                            "application/manifest+json",
                            "application/ld+json",
                            "application/vnd.api+json",
                            "application/wasm",
                            "image/svg+xml"),
                    EtagRewrite.WRAP);

    /** A modest part of the memory of any machine. */
    public static final CacheConfig.Store STORE = new CacheConfig.Store(128L << 20, 0, 2048);

    private CacheDefaults() {}
}
