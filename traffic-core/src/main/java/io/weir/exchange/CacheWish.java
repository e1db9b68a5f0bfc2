package io.weir.exchange;

import io.weir.rule.RuleCaching;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What the rules of one exchange, or the shape of its request, want of cache and compression.
 * Confined to one event loop.
 */
final class CacheWish implements RuleCaching {

    /** A longer text is told from others by its digest. */
    private static final int MAX_KEY = 1024;

    private final Exchange x;
    private @Nullable String goesPast;
    private boolean vouched;
    private boolean refused;
    private String key = "";
    private @Nullable Boolean compress;

    CacheWish(Exchange x) {
        this.x = x;
    }

    /** Keeps the exchange away from the cache, whatever rules say, for the reason {@code why}. */
    void goPast(String why) {
        goesPast = why;
    }

    /**
     * Why the exchange has nothing to do with the cache, in a word; null when it may have.
     *
     * @param edited whether rules have added or removed fields of the request
     */
    static @Nullable String unfit(@Nullable CacheWish wish, boolean edited) {
        if (wish == null) {
            return edited ? "rule" : null;
        }
        return wish.goesPast != null
                ? wish.goesPast
                : wish.refused || edited && !wish.vouched ? "rule" : null;
    }

    /** Whether a rule forbids that the answer is stored. */
    static boolean refuses(@Nullable CacheWish wish) {
        return wish != null && wish.refused;
    }

    /** What a rule adds to the key; empty for nothing. */
    static String keyOf(@Nullable CacheWish wish) {
        return wish == null ? "" : wish.key;
    }

    /** What a rule says about compression; null for nothing. */
    static @Nullable Boolean compression(@Nullable CacheWish wish) {
        return wish == null ? null : wish.compress;
    }

    @Override
    public void cache(boolean wanted) {
        refused = !wanted;
        vouched = wanted;
    }

    @Override
    public void cacheKey(String text) {
        key = text.isEmpty() ? "" : part(text);
        vouched = true;
    }

    /** Never the same for two texts, nor equal to a part with something behind it. */
    private static String part(String text) {
        return text.length() > MAX_KEY
                ? "digest:" + digest(text) + "\n"
                : "key:" + text.length() + ":" + text + "\n";
    }

    private static String digest(String text) {
        // By its 16-bit units: in UTF-8, halves of pairs would all be the same.
        ByteBuffer units = ByteBuffer.allocate(text.length() * 2);
        units.asCharBuffer().put(text);
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(units.array()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    @Override
    public boolean cached(@Nullable String pool) {
        CacheAccess cache = x.server().cache();
        return cache != null
                && LookInCache.wouldAnswer(
                        x, cache, pool == null ? x.pool() : x.server().pool(pool));
    }

    @Override
    public void compress(boolean wanted) {
        compress = wanted;
    }
}
