package io.weir.runtime;

import io.weir.admit.Admission;
import io.weir.admit.Admissions;
import io.weir.config.AdmissionConfig;
import io.weir.config.WeirConfig;
import io.weir.event.ObjectRef;

import java.util.HashMap;
import java.util.Map;

/** What a configuration says of admission. Stateless. */
final class Admitting {

    private Admitting() {}

    /** The settings of everything that may have an admission. */
    static Map<ObjectRef, AdmissionConfig> wanted(WeirConfig config) {
        Map<ObjectRef, AdmissionConfig> all = new HashMap<>();
        config.virtualServers()
                .forEach((name, vs) -> all.put(ObjectRef.virtualServer(name), vs.admission()));
        config.pools().forEach((name, pool) -> all.put(ObjectRef.pool(name), pool.admission()));
        return all;
    }

    /** The admissions of pools that are in force, by the pool's name. */
    static Map<String, Admission> ofPools(Admissions admissions) {
        Map<String, Admission> pools = new HashMap<>();
        for (Admissions.Named each : admissions.all()) {
            if (each.object().section().equals("pools")) {
                pools.put(each.object().name(), each.admission());
            }
        }
        return pools;
    }
}
