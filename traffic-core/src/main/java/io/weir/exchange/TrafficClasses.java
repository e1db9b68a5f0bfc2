package io.weir.exchange;

import io.weir.bandwidth.BandwidthClass;
import io.weir.config.RateConfig;
import io.weir.protect.Protection;
import io.weir.rate.RateClass;

import org.jspecify.annotations.Nullable;

/**
 * The classes that a virtual server refers to, as they are in force. Immutable.
 *
 * @param protection judges its connections and requests; null for none
 * @param rate what its requests pass; null for none
 * @param rateContext which of them share the rate
 * @param bandwidth limits what its clients are sent; null for none
 */
public record TrafficClasses(
        @Nullable Protection protection,
        @Nullable RateClass rate,
        RateConfig.Context rateContext,
        @Nullable BandwidthClass bandwidth) {

    /** No classes at all. */
    public static final TrafficClasses NONE =
            new TrafficClasses(null, null, RateConfig.Context.NONE, null);
}
