package io.weir.runtime;

import io.weir.config.VirtualServerConfig;
import io.weir.exchange.Account;
import io.weir.exchange.Keeper;
import io.weir.explain.KeptExchanges;
import io.weir.log.AccessLogs;
import io.weir.metrics.Metrics;
import io.weir.wire.Gate;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What of a virtual server outlives its configurations, for as long as one has a server of its
 * name.
 */
record Standing(Account account, Gate gate) {

    /** Those of all virtual servers, by name. Changes come one after the other. */
    static final class All {

        private final Metrics metrics;
        private final AccessLogs logs;
        private final int eventLoops;
        private final KeptExchanges kept;
        private final Map<String, Standing> byName = new HashMap<>();

        All(Metrics metrics, AccessLogs logs, KeptExchanges kept, int eventLoops) {
            this.kept = kept;
            this.metrics = metrics;
            this.logs = logs;
            this.eventLoops = eventLoops;
        }

        /** The one of {@code vs}, which it obeys from now on. */
        Standing of(VirtualServerConfig vs) {
            Standing standing = byName.computeIfAbsent(vs.name(), name -> begin(vs));
            standing.gate().limit(vs.maxConcurrentConnections());
            standing.account()
                    .logTo(
                            vs.log().enabled()
                                    ? logs.open(vs.name(), vs.log().file(), vs.log().format())
                                    : null);
            standing.account().keepWith(new Keeper(kept, vs.explain(), eventLoops));
            return standing;
        }

        private Standing begin(VirtualServerConfig vs) {
            Gate gate =
                    new Gate(
                            vs.maxConcurrentConnections(),
                            () -> {
                                // Waiting clients show in the connection count; no event of its
                                // own.
                            });
            return new Standing(new Account(metrics.virtualServer(vs.name()), eventLoops), gate);
        }

        /** The gate of the virtual server called {@code name}, which was asked for before. */
        Gate gate(String name) {
            Standing standing = byName.get(name);
            if (standing == null) {
                throw new IllegalStateException("virtual server " + name + " is not known");
            }
            return standing.gate();
        }

        /** Forgets those that have another name. */
        void retain(Set<String> names) {
            byName.keySet().retainAll(names);
        }
    }
}
