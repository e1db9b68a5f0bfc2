package io.weir.exchange;

import io.weir.protect.Protection;

import org.jspecify.annotations.Nullable;

/**
 * The classes that a virtual server refers to, as they are in force. Immutable.
 *
 * @param protection judges its connections and requests; null for none
 */
public record TrafficClasses(@Nullable Protection protection) {

    /** No classes at all. */
    public static final TrafficClasses NONE = new TrafficClasses(null);
}
