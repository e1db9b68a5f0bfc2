package io.weir.control;

import io.weir.config.VirtualServerConfig;
import io.weir.config.WeirConfig;
import io.weir.pool.BreakerStatus;
import io.weir.runtime.DataPlane;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** How well a Weir is, from what it is meant to do and what is observed: a pure function. */
final class HealthCheck {

    /** More reasons than this help nobody. */
    private static final int MAX_REASONS = 20;

    private HealthCheck() {}

    /**
     * The verdict.
     *
     * @param troubles what parts of Weir report about themselves
     */
    static Health judge(
            boolean stopping,
            WeirConfig config,
            ControlStatus.Configuration configuration,
            DataPlane.Status plane,
            Collection<String> troubles) {
        List<String> reasons = new ArrayList<>();
        if (stopping) {
            reasons.add("Weir is stopping");
        }
        for (VirtualServerConfig server : config.virtualServers().values()) {
            if (server.enabled() && !listens(server.name(), plane)) {
                reasons.add("virtual server " + server.name() + " has no listener");
            }
        }
        boolean ready = reasons.isEmpty();
        ControlProblem refusal = configuration.refusal();
        if (configuration.lastGood()) {
            reasons.add("the last good configuration runs, because that on disk was refused");
        } else if (refusal != null) {
            reasons.add("the configuration on disk was refused: " + refusal.message());
        }
        reasons.addAll(troubles);
        for (DataPlane.PoolStatus pool : plane.pools()) {
            judge(pool, reasons);
        }
        if (plane.maxFileHandles() > 0
                && plane.openFileHandles() * 10 > plane.maxFileHandles() * 9) {
            reasons.add(
                    plane.openFileHandles()
                            + " of "
                            + plane.maxFileHandles()
                            + " file handles are in use");
        }
        if (reasons.size() > MAX_REASONS) {
            int more = reasons.size() - MAX_REASONS;
            reasons = new ArrayList<>(reasons.subList(0, MAX_REASONS));
            reasons.add("and " + more + " more");
        }
        return new Health(ready, reasons);
    }

    private static boolean listens(String server, DataPlane.Status plane) {
        return plane.virtualServers().stream()
                .anyMatch(s -> s.name().equals(server) && !s.listen().isEmpty());
    }

    private static void judge(DataPlane.PoolStatus pool, List<String> reasons) {
        if (!pool.alive()) {
            reasons.add("pool " + pool.name() + " has no usable node");
        }
        BreakerStatus breaker = pool.breaker();
        if (breaker != null && !breaker.closed()) {
            reasons.add(
                    "the circuit breaker of pool "
                            + pool.name()
                            + " is "
                            + breaker.state()
                            + ": "
                            + breaker.cause());
        }
        for (DataPlane.NodeView node : pool.nodes()) {
            if (node.health().equals("down") && !node.state().equals("disabled")) {
                String cause = node.cause();
                reasons.add(
                        "node "
                                + node.node()
                                + " in pool "
                                + pool.name()
                                + (node.ejected() ? " is ejected" : " is down")
                                + (cause == null ? "" : ": " + cause));
            }
        }
    }
}
