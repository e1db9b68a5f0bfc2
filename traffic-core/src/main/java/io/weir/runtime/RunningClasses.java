package io.weir.runtime;

import io.weir.admit.Admissions;
import io.weir.bandwidth.BandwidthClasses;
import io.weir.config.WeirConfig;
import io.weir.rate.RateClasses;
import io.weir.slm.ServiceLevels;

/**
 * The classes that virtual servers and rules put exchanges in, and the admissions, whose counts
 * outlive reloads.
 */
record RunningClasses(
        ServiceLevels levels,
        RateClasses rates,
        BandwidthClasses bandwidth,
        Admissions admissions) {

    /** Obeys {@code config} from now on. */
    void configure(WeirConfig config) {
        levels.configure(config.serviceLevelClasses());
        rates.configure(config.rateClasses());
        bandwidth.configure(config.bandwidthClasses());
        admissions.configure(Admitting.wanted(config));
    }
}
