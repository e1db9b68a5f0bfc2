package io.weir.config;

import java.time.Duration;

/**
 * When a whole pool is left alone because hardly any of its answers is good: a circuit breaker.
 *
 * @param interval over which requests are judged
 * @param minRequests fewer of them say nothing
 * @param maxErrorRate per cent of them that may fail or be answered with 5xx
 * @param openTime how long no requests are sent; twice as long each time it happens again at once
 * @param maxOpenTime longest
 * @param probes requests that are let through after it, all of which have to succeed
 */
public record BreakerConfig(
        boolean enabled,
        Duration interval,
        int minRequests,
        int maxErrorRate,
        Duration openTime,
        Duration maxOpenTime,
        int probes) {

    /** The pool is never left alone. */
    public static final BreakerConfig OFF =
            new BreakerConfig(
                    false,
                    Duration.ofSeconds(10),
                    20,
                    50,
                    Duration.ofSeconds(5),
                    Duration.ofMinutes(1),
                    3);
}
