package io.weir.control;

import org.jspecify.annotations.Nullable;

/**
 * How an action is.
 *
 * @param type the word in the configuration: {@code mail}
 * @param sent events delivered
 * @param failed events given up
 * @param dropped events never tried because too many waited
 * @param queued events that wait
 * @param trouble why the last attempt came to nothing; null when it did not
 */
public record ActionStatus(
        String name,
        String type,
        long sent,
        long failed,
        long dropped,
        int queued,
        @Nullable String trouble) {}
