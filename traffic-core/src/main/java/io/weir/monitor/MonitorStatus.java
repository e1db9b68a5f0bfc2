package io.weir.monitor;

import io.weir.config.NodeAddress;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;

/**
 * What one monitor knows about one node of a pool, or about the whole pool.
 *
 * @param node null when the monitor is pool-wide
 * @param failures checks that failed in a row, up to the latest
 * @param text what the latest check found; null before the first
 * @param time when the latest check ended; null before the first
 * @param duration of the latest check; null before the first
 */
public record MonitorStatus(
        String monitor,
        String pool,
        @Nullable NodeAddress node,
        State state,
        int failures,
        @Nullable String text,
        @Nullable Instant time,
        @Nullable Duration duration) {

    /** A monitor's verdict. */
    public enum State {
        /** No check has ended yet. */
        UNCHECKED,
        /** Well, or not failed often enough in a row. */
        OK,
        /** Failed, and not passed since. */
        FAILED
    }
}
