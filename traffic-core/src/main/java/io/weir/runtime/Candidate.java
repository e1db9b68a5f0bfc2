package io.weir.runtime;

import io.weir.config.AddressBlocks;
import io.weir.config.ProtectionConfig;
import io.weir.config.VirtualServerConfig;
import io.weir.config.WeirConfig;
import io.weir.event.ObjectRef;
import io.weir.exchange.ErrorPages;
import io.weir.exchange.ServerRules;
import io.weir.exchange.TrafficClasses;
import io.weir.exchange.VirtualServer;
import io.weir.persist.PersistenceClasses;
import io.weir.pool.Pool;
import io.weir.protect.ProtectionClasses;
import io.weir.runtime.OpenListeners.Opened;
import io.weir.tls.TlsContexts.Prepared;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A configuration of which everything that could have failed is done, and nothing is in force.
 *
 * @param pages error pages by virtual server
 * @param opened the addresses that had to be bound
 */
record Candidate(
        WeirConfig config,
        AddressBlocks trusted,
        Rules.Prepared rules,
        PersistenceClasses persistence,
        ProtectionClasses guards,
        Map<String, ErrorPages> pages,
        Prepared tls,
        Opened opened) {

    /**
     * The virtual servers, by name in the order of the configuration.
     *
     * @param pools those of the configuration
     */
    Map<String, VirtualServer> virtualServers(
            Map<String, Pool> pools,
            Standing.All standings,
            RunningCache cache,
            RunningClasses classes) {
        Map<String, VirtualServer> servers = new LinkedHashMap<>();
        for (VirtualServerConfig vs : config.virtualServers().values()) {
            Pool pool = pools.get(vs.pool());
            if (pool == null) {
                throw new IllegalStateException("pool " + vs.pool() + " was checked and is gone");
            }
            servers.put(
                    vs.name(),
                    new VirtualServer(
                            vs,
                            pool,
                            standings.of(vs).account(),
                            pages.getOrDefault(vs.name(), ErrorPages.PLAIN),
                            ServerRules.of(
                                    vs,
                                    rules.set(),
                                    ruleBefore(vs),
                                    config.global().rules().bodyLimit()),
                            persistence,
                            pools,
                            tls.server(vs.name()),
                            cache.of(vs),
                            cache.compression(vs),
                            classes.levels().named(vs.serviceLevel()),
                            new TrafficClasses(
                                    guards.named(vs.protection()),
                                    classes.rates().named(vs.rate()),
                                    vs.rateContext(),
                                    classes.bandwidth().named(vs.bandwidth()),
                                    classes.admissions().of(ObjectRef.virtualServer(vs.name())),
                                    Admitting.ofPools(classes.admissions()))));
        }
        return servers;
    }

    /** The rule that the protection class has run before the others; null for none. */
    private @Nullable String ruleBefore(VirtualServerConfig vs) {
        ProtectionConfig guard = config.protectionClasses().get(vs.protection());
        return guard != null && guard.enabled() ? guard.rule() : null;
    }
}
