package io.weir.config;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * Which exchanges of a virtual server are kept for those who ask what happened, and who is told
 * their ids.
 *
 * @param errors whether those that Weir or a node ended with an error are kept
 * @param slowAfter those whose answer took so long to begin are kept; zero for none
 * @param sample one in so many of the others is kept; 0 for none
 * @param responseHeader field that tells clients the id; null for none
 * @param nodeHeader field that tells nodes the id, which replaces what the client sent; null for
 *     none
 */
public record ExplainConfig(
        boolean errors,
        Duration slowAfter,
        int sample,
        @Nullable String responseHeader,
        @Nullable String nodeHeader) {

    /** What is kept unless the configuration says otherwise. */
    public static final ExplainConfig STANDARD =
            new ExplainConfig(true, Duration.ofSeconds(1), 1000, null, null);

    /**
     * How many are kept of all virtual servers together.
     *
     * @param maxExchanges 0 keeps none
     * @param maxMemory bytes
     */
    public record Store(int maxExchanges, long maxMemory) {

        /** What is kept unless the configuration says otherwise. */
        public static final Store STANDARD = new Store(2000, 8 << 20);
    }
}
