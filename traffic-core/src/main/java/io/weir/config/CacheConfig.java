package io.weir.config;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;

/**
 * The HTTP cache of one virtual server (ZXTM {@code web_cache}).
 *
 * @param maxTime ceiling for the time that a response is used without asking its node
 * @param errorPageTime the same for responses of status 400 and above
 * @param refreshTime window before the end of that time in which one request per second goes to a
 *     node ahead of time; zero for none
 * @param controlOut Cache-Control of every response from the cache; null leaves the node's
 * @param heuristic whether a response without a time gets a tenth of its age
 * @param errorStatuses statuses that are kept for {@code errorPageTime} although the node gave no
 *     time
 * @param normalizeQuery whether the order of parameters does not matter
 * @param clientControl whether clients may ask for a response that is newer than the stored one
 * @param staleWhileRevalidate how long a stale response may be used while it is asked about, where
 *     the node does not say
 * @param staleIfError the same while nodes fail
 * @param coalesceWait how long a request waits for the response to an equal one; zero for not at
 *     all
 * @param cacheStatus whether responses tell what the cache did in {@code Cache-Status}
 * @param cacheInfo the same in {@code X-Cache-Info}
 */
public record CacheConfig(
        boolean enabled,
        Duration maxTime,
        Duration errorPageTime,
        Duration refreshTime,
        @Nullable String controlOut,
        boolean heuristic,
        List<Integer> errorStatuses,
        boolean normalizeQuery,
        boolean clientControl,
        Duration staleWhileRevalidate,
        Duration staleIfError,
        Duration coalesceWait,
        boolean cacheStatus,
        boolean cacheInfo) {

    public CacheConfig {
        errorStatuses = List.copyOf(errorStatuses);
    }

    /**
     * The store that all virtual servers share.
     *
     * @param size bytes of memory, metadata included
     * @param maxObject the longest response that is kept; 0 for a fiftieth of {@code size}
     * @param maxPathLength of a target that is looked up
     * @param diskSize bytes of files in which responses are kept as well; 0 for none
     * @param diskDirectory where these files are; null for {@code cache} in the state directory
     */
    public record Store(
            long size,
            long maxObject,
            int maxPathLength,
            long diskSize,
            @Nullable String diskDirectory) {

        /** A store in memory only. */
        public Store(long size, long maxObject, int maxPathLength) {
            this(size, maxObject, maxPathLength, 0, null);
        }

        /** The longest response that is kept, in bytes; never more than 512 MiB. */
        public long objectLimit() {
            long wanted = maxObject > 0 ? Math.min(maxObject, size / 2) : size / 50;
            return Math.min(wanted, 512L << 20);
        }
    }
}
