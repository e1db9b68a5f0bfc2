package io.weir.config;

import org.jspecify.annotations.Nullable;

/**
 * A bandwidth class: how much is sent in a second. Keys and defaults follow ZXTM's bandwidth
 * catalogue.
 *
 * @param maximum in kilobits (1000 bits) per second
 * @param note for people
 */
public record BandwidthConfig(String name, int maximum, Sharing sharing, @Nullable String note) {

    /** Who shares the maximum. */
    public enum Sharing {
        /** All connections of this machine. */
        MACHINE,
        /** Nobody: each connection has it for itself. */
        CONNECTION
    }
}
