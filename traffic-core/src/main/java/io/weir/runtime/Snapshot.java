package io.weir.runtime;

import io.weir.config.GlobalConfig;
import io.weir.config.Overlay;
import io.weir.config.WeirConfig;
import io.weir.exchange.VirtualServer;
import io.weir.persist.PersistenceClasses;
import io.weir.pool.Pool;
import io.weir.protect.ProtectionClasses;

import java.util.Map;

/**
 * The configuration in force and what was made of it. Immutable; swapped whole.
 *
 * @param revision counted from 1; 0 before the first configuration
 */
record Snapshot(
        long revision,
        WeirConfig config,
        Overlay overlay,
        Map<String, VirtualServer> virtualServers,
        Map<String, Pool> pools,
        PersistenceClasses persistence,
        ProtectionClasses protection) {

    /** What is in force before the first configuration. */
    static Snapshot nothing(GlobalConfig global, ProtectionClasses unguarded) {
        return new Snapshot(
                0,
                new WeirConfig(global, Map.of(), Map.of(), Map.of(), Map.of()),
                Overlay.EMPTY,
                Map.of(),
                Map.of(),
                PersistenceClasses.NONE,
                unguarded);
    }

    /** The same with other decisions of operators. */
    Snapshot with(Overlay other) {
        return new Snapshot(
                revision, config, other, virtualServers, pools, persistence, protection);
    }
}
