package io.weir.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which keys there are for a target besides the two that consist of nothing else, for whoever
 * removes all that is stored of the target. Safe for every thread.
 */
final class TargetKeys {

    private final ConcurrentHashMap<CacheKey, Set<CacheKey>> byTarget = new ConcurrentHashMap<>();

    /** Something is going to be stored under {@code key}. */
    void add(CacheKey key) {
        if (!key.isPlain()) {
            byTarget.compute(
                    key.plain(),
                    (target, keys) -> {
                        Set<CacheKey> all = keys == null ? ConcurrentHashMap.newKeySet(1) : keys;
                        all.add(key);
                        return all;
                    });
        }
    }

    /** Nothing is stored under {@code key} any more. */
    void remove(CacheKey key) {
        if (!key.isPlain()) {
            byTarget.computeIfPresent(
                    key.plain(),
                    (target, keys) -> {
                        keys.remove(key);
                        return keys.isEmpty() ? null : keys;
                    });
        }
    }

    /** All keys of the target that {@code key} has, for both schemes. */
    List<CacheKey> of(CacheKey key) {
        CacheKey plain = key.plain();
        List<CacheKey> all = new ArrayList<>(byTarget.getOrDefault(plain, Set.of()));
        all.add(plain);
        all.add(plain.otherScheme());
        return all;
    }
}
