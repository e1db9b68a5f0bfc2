package io.weir.config;

import java.time.Duration;

/**
 * When a node that answers is left out because it does so worse than it should.
 *
 * @param interval how often nodes are judged by what they did since the last time
 * @param minRequests fewer of them say nothing
 * @param maxErrorRate per cent of requests that may fail or be answered with 5xx; 0 for any
 * @param latencyFactor how many times as long as the others a node may take; 0 for any
 * @param minLatency nobody is slow below this
 * @param maxEjected per cent of the pool's nodes that may be left out at a time
 * @param ejectionTime the first time; twice as long each time it happens again
 * @param maxEjectionTime longest
 */
public record OutlierConfig(
        boolean enabled,
        Duration interval,
        int minRequests,
        int maxErrorRate,
        int latencyFactor,
        Duration minLatency,
        int maxEjected,
        Duration ejectionTime,
        Duration maxEjectionTime) {

    /** Nobody is left out. */
    public static final OutlierConfig OFF =
            new OutlierConfig(
                    false,
                    Duration.ofSeconds(10),
                    20,
                    50,
                    3,
                    Duration.ofMillis(100),
                    50,
                    Duration.ofSeconds(30),
                    Duration.ofMinutes(10));
}
