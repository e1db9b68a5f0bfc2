package io.weir.exchange;

import io.weir.admit.Admission;
import io.weir.bandwidth.BandwidthClass;
import io.weir.config.RateConfig;
import io.weir.protect.Protection;
import io.weir.rate.RateClass;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/**
 * The classes that a virtual server refers to, as they are in force. Immutable.
 *
 * @param protection judges its connections and requests; null for none
 * @param rate what its requests pass; null for none
 * @param rateContext which of them share the rate
 * @param bandwidth limits what its clients are sent; null for none
 * @param admission counts its requests and refuses those that are too many; null for none
 * @param poolAdmissions the same of pools, by the pool's name
 */
public record TrafficClasses(
        @Nullable Protection protection,
        @Nullable RateClass rate,
        RateConfig.Context rateContext,
        @Nullable BandwidthClass bandwidth,
        @Nullable Admission admission,
        Map<String, Admission> poolAdmissions) {

    public TrafficClasses {
        poolAdmissions = Map.copyOf(poolAdmissions);
    }

    /** No classes at all. */
    public static final TrafficClasses NONE =
            new TrafficClasses(null, null, RateConfig.Context.NONE, null, null, Map.of());
}
