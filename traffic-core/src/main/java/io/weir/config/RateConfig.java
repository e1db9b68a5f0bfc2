package io.weir.config;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * A rate class: how many requests may go on in a second. Keys follow ZXTM's rate catalogue; 0 means
 * "no limit".
 *
 * @param maxRatePerMinute spread evenly over its seconds; of two limits the lower one holds
 * @param maxQueue requests that may wait, those of all contexts together
 * @param queueTimeout longest wait
 * @param maxContexts values of contexts remembered at a time
 * @param note for people
 */
public record RateConfig(
        String name,
        int maxRatePerSecond,
        int maxRatePerMinute,
        int maxQueue,
        Duration queueTimeout,
        int maxContexts,
        @Nullable String note) {

    /** Which requests share the rate of a class that a virtual server names. */
    public enum Context {
        /** All of them. */
        NONE,
        /** Those that come from one address. */
        CLIENT_ADDRESS
    }
}
