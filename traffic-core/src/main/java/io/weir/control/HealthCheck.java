package io.weir.control;

import io.weir.cert.Watched;
import io.weir.config.VirtualServerConfig;
import io.weir.config.WeirConfig;
import io.weir.event.ObjectRef;
import io.weir.pool.BreakerStatus;
import io.weir.runtime.DataPlane;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** How well a Weir is, from what it is meant to do and what is observed: a pure function. */
final class HealthCheck {

    /** More causes than this help nobody. */
    private static final int MAX_CAUSES = 20;

    private HealthCheck() {}

    /**
     * The verdict.
     *
     * @param troubles what parts of Weir report about themselves
     * @param expired what is in use though its time is over
     */
    static Health judge(
            boolean stopping,
            WeirConfig config,
            ControlStatus.Configuration configuration,
            DataPlane.Status plane,
            Collection<Cause> troubles,
            Collection<Watched> expired) {
        List<Cause> causes = new ArrayList<>();
        if (stopping) {
            causes.add(new Cause("Weir is stopping", null, null));
        }
        for (VirtualServerConfig server : config.virtualServers().values()) {
            if (server.enabled() && !listens(server.name(), plane)) {
                causes.add(
                        new Cause(
                                "virtual server " + server.name() + " has no listener",
                                "virtual-servers/" + server.name(),
                                configuration.since()));
            }
        }
        boolean ready = causes.isEmpty();
        ControlProblem refusal = configuration.refusal();
        Instant refused = configuration.refusedSince();
        if (configuration.lastGood()) {
            String text = "the last good configuration runs, because that on disk was refused";
            causes.add(new Cause(text, null, refused));
        } else if (refusal != null) {
            String text = "the configuration on disk was refused: " + refusal.message();
            causes.add(new Cause(text, null, refused));
        }
        causes.addAll(troubles);
        for (DataPlane.PoolStatus pool : plane.pools()) {
            judge(pool, causes);
        }
        expired.forEach(each -> causes.add(expired(each)));
        if (plane.maxFileHandles() > 0
                && plane.openFileHandles() * 10 > plane.maxFileHandles() * 9) {
            String text =
                    plane.openFileHandles()
                            + " of "
                            + plane.maxFileHandles()
                            + " file handles are in use";
            causes.add(new Cause(text, null, null));
        }
        return new Health(ready, few(causes));
    }

    private static List<Cause> few(List<Cause> causes) {
        if (causes.size() <= MAX_CAUSES) {
            return causes;
        }
        List<Cause> few = new ArrayList<>(causes.subList(0, MAX_CAUSES));
        few.add(new Cause("and " + (causes.size() - MAX_CAUSES) + " more", null, null));
        return few;
    }

    private static boolean listens(String server, DataPlane.Status plane) {
        return plane.virtualServers().stream()
                .anyMatch(s -> s.name().equals(server) && !s.listen().isEmpty());
    }

    private static void judge(DataPlane.PoolStatus pool, List<Cause> causes) {
        String object = "pools/" + pool.name();
        if (!pool.alive()) {
            String text = "pool " + pool.name() + " has no usable node";
            causes.add(new Cause(text, object, pool.deadSince()));
        }
        BreakerStatus breaker = pool.breaker();
        if (breaker != null && !breaker.closed()) {
            String text =
                    "the circuit breaker of pool "
                            + pool.name()
                            + " is "
                            + breaker.state()
                            + ": "
                            + breaker.cause();
            causes.add(new Cause(text, object, breaker.since()));
        }
        for (DataPlane.NodeView node : pool.nodes()) {
            if (node.health().equals("down") && !node.state().equals("disabled")) {
                String cause = node.cause();
                String text =
                        "node "
                                + node.node()
                                + " in pool "
                                + pool.name()
                                + (node.ejected() ? " is ejected" : " is down")
                                + (cause == null ? "" : ": " + cause);
                causes.add(new Cause(text, object, node.downSince()));
            }
        }
    }

    /** Where an object of events stands in the configuration. */
    private static String path(ObjectRef ref) {
        boolean server = ref.equals(ObjectRef.virtualServer(ref.name()));
        return (server ? "virtual-servers" : ref.section()) + "/" + ref.name();
    }

    private static Cause expired(Watched over) {
        String users = over.users().stream().map(ObjectRef::name).collect(Collectors.joining(", "));
        String object = over.users().stream().findFirst().map(HealthCheck::path).orElse(null);
        return new Cause(over.what() + " of " + users + " has expired", object, over.notAfter());
    }
}
