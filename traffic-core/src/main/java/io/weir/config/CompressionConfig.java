package io.weir.config;

import java.util.List;

/**
 * Compression of responses on their way to clients (ZXTM {@code gzip}).
 *
 * @param codings in the order of preference, among those that the client likes equally
 * @param level of gzip and deflate, 1 to 9
 * @param fast whether gzip goes over a body once only, whatever the level
 * @param brotliLevel 0 to 11
 * @param zstdLevel 1 to 19
 * @param storedLevel of gzip for responses in the cache, which are compressed once
 * @param minSize shorter responses are sent as they are
 * @param maxSize longer ones too; 0 for no limit
 * @param noSize whether responses of unknown length are compressed
 * @param decompress whether what nodes have compressed is decoded for clients that do not say that
 *     they can
 * @param includeMime media types, each with a wildcard for its end perhaps
 * @param etagRewrite what becomes of the entity tag of a compressed response
 */
public record CompressionConfig(
        boolean enabled,
        List<Coding> codings,
        int level,
        boolean fast,
        int brotliLevel,
        int zstdLevel,
        int storedLevel,
        long minSize,
        long maxSize,
        boolean noSize,
        boolean decompress,
        List<String> includeMime,
        EtagRewrite etagRewrite) {

    public CompressionConfig {
        codings = List.copyOf(codings);
        includeMime = List.copyOf(includeMime);
    }

    /** A content coding. */
    public enum Coding {
        ZSTD,
        BR,
        GZIP,
        DEFLATE
    }

    /** What becomes of the entity tag. */
    public enum EtagRewrite {
        /** It is removed. */
        DELETE,
        /** It stays as it is. */
        IGNORE,
        /** It becomes a weak one. */
        WEAKEN,
        /** It gets a mark, which is taken out again when the client sends it back. */
        WRAP
    }
}
