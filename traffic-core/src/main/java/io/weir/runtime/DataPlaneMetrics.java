package io.weir.runtime;

import io.weir.metrics.ClassFamilies;
import io.weir.metrics.CoreFamilies;
import io.weir.metrics.MetricSink;
import io.weir.metrics.MetricSource;
import io.weir.metrics.RecentLatency.Percentiles;
import io.weir.pool.BreakerStatus;
import io.weir.runtime.DataPlane.AdmissionStatus;
import io.weir.runtime.DataPlane.BandwidthStatus;
import io.weir.runtime.DataPlane.NodeServiceLevel;
import io.weir.runtime.DataPlane.NodeView;
import io.weir.runtime.DataPlane.PersistenceStatus;
import io.weir.runtime.DataPlane.PoolStatus;
import io.weir.runtime.DataPlane.ProtectionStatus;
import io.weir.runtime.DataPlane.RateStatus;
import io.weir.runtime.DataPlane.ServiceLevelStatus;
import io.weir.runtime.DataPlane.Status;
import io.weir.runtime.DataPlane.VirtualServerStatus;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The figures of pools and nodes, read from the status of the data plane when the metrics page is
 * written. What is gone from the status is gone from the page.
 */
public final class DataPlaneMetrics implements MetricSource {

    /** Milliseconds of a second. */
    private static final double MILLIS = 1000;

    private static final List<String> GRADES = List.of("fine", "warning", "serious");
    private static final List<String> BREAKER_STATES = List.of("closed", "open", "half-open");
    private static final List<String> STATES = List.of("active", "draining", "disabled");

    private final Supplier<Status> status;

    /**
     * Figures out of {@code status}.
     *
     * @param status usually {@link DataPlane#status}
     */
    public DataPlaneMetrics(Supplier<Status> status) {
        this.status = status;
    }

    @Override
    public void collect(MetricSink sink) {
        Status now = status.get();
        sink.sample(CoreFamilies.CONFIG_REVISION, now.revision());
        for (VirtualServerStatus server : now.virtualServers()) {
            Percentiles p = server.latency();
            if (p != null) {
                sink.sample(CoreFamilies.VS_RECENT, p.p50() / MILLIS, server.name(), "0.5");
                sink.sample(CoreFamilies.VS_RECENT, p.p95() / MILLIS, server.name(), "0.95");
                sink.sample(CoreFamilies.VS_RECENT, p.p99() / MILLIS, server.name(), "0.99");
            }
        }
        for (PoolStatus pool : now.pools()) {
            collect(pool, sink);
        }
        now.persistence().forEach(each -> collect(each, sink));
        now.serviceLevels().forEach(each -> collect(each, sink));
        now.classes().protection().forEach(each -> collect(each, sink));
        now.classes().rates().forEach(each -> collect(each, sink));
        now.classes().bandwidth().forEach(each -> collect(each, sink));
        now.classes().admissions().forEach(each -> collect(each, sink));
    }

    private static void collect(AdmissionStatus of, MetricSink sink) {
        sink.sample(ClassFamilies.ADMISSION_LIMIT, of.limit(), of.kind(), of.name());
        sink.sample(ClassFamilies.ADMISSION_REQUESTS, of.inside(), of.kind(), of.name());
        sink.sample(ClassFamilies.ADMISSION_ADMITTED, of.admitted(), of.kind(), of.name());
        of.refused()
                .forEach(
                        (priority, count) ->
                                sink.sample(
                                        ClassFamilies.ADMISSION_REFUSED,
                                        count,
                                        of.kind(),
                                        of.name(),
                                        priority));
    }

    private static void collect(BandwidthStatus of, MetricSink sink) {
        sink.sample(ClassFamilies.BANDWIDTH_BYTES, of.bytes(), of.name());
        sink.sample(ClassFamilies.BANDWIDTH_CONNECTIONS, of.connections(), of.name());
        sink.sample(ClassFamilies.BANDWIDTH_WAITING, of.waiting(), of.name());
    }

    private static void collect(RateStatus of, MetricSink sink) {
        sink.sample(ClassFamilies.RATE_QUEUED, of.queued(), of.name());
        sink.sample(ClassFamilies.RATE_ENTERED, of.entered(), of.name());
        sink.sample(ClassFamilies.RATE_LEFT, of.left(), of.name());
        sink.sample(ClassFamilies.RATE_REFUSED, of.refused(), of.name());
    }

    private static void collect(ProtectionStatus of, MetricSink sink) {
        sink.sample(ClassFamilies.PROTECTION_ADDRESSES, of.addresses(), of.name());
        sink.sample(ClassFamilies.PROTECTION_CONNECTIONS, of.connections(), of.name());
        of.refused()
                .forEach(
                        (reason, count) ->
                                sink.sample(
                                        ClassFamilies.PROTECTION_REFUSALS,
                                        count,
                                        of.name(),
                                        reason));
    }

    private static void collect(PersistenceStatus of, MetricSink sink) {
        String name = of.name();
        if (of.entries() >= 0) {
            sink.sample(ClassFamilies.PERSISTENCE_ENTRIES, of.entries(), name);
            sink.sample(ClassFamilies.PERSISTENCE_EVICTIONS, of.evicted(), name);
        }
        sink.sample(ClassFamilies.PERSISTENCE_REQUESTS, of.hits(), name, "hit");
        sink.sample(ClassFamilies.PERSISTENCE_REQUESTS, of.misses(), name, "miss");
        sink.sample(ClassFamilies.PERSISTENCE_REQUESTS, of.begun(), name, "new");
        sink.sample(ClassFamilies.PERSISTENCE_REQUESTS, of.failed(), name, "failed");
    }

    private static void collect(ServiceLevelStatus of, MetricSink sink) {
        String name = of.name();
        sink.sample(ClassFamilies.SLM_CONFORMING, of.conforming() / 100, name);
        sink.sample(ClassFamilies.SLM_GRADE, GRADES.indexOf(of.grade()), name);
        sink.sample(ClassFamilies.SLM_REQUESTS, of.current(), name);
        sink.sample(ClassFamilies.SLM_ANSWERS, of.total() - of.late(), name, "yes");
        sink.sample(ClassFamilies.SLM_ANSWERS, of.late(), name, "no");
        for (NodeServiceLevel node : of.nodes()) {
            sink.sample(
                    ClassFamilies.SLM_NODE_CONFORMING,
                    node.conforming() / 100,
                    name,
                    node.pool(),
                    node.node());
        }
    }

    private static void collect(PoolStatus pool, MetricSink sink) {
        sink.sample(CoreFamilies.POOL_ALIVE, pool.alive() ? 1 : 0, pool.name());
        sink.sample(CoreFamilies.POOL_QUEUED, pool.queued(), pool.name());
        BreakerStatus breaker = pool.breaker();
        if (breaker != null) {
            for (String state : BREAKER_STATES) {
                sink.sample(
                        CoreFamilies.POOL_BREAKER,
                        breaker.state().equals(state) ? 1 : 0,
                        pool.name(),
                        state);
            }
        }
        Map<List<String>, Integer> kinds =
                new TreeMap<>(java.util.Comparator.comparing(List::toString));
        for (NodeView node : pool.nodes()) {
            kinds.merge(List.of(node.state(), node.health()), 1, Integer::sum);
            collect(pool.name(), node, sink);
        }
        kinds.forEach(
                (kind, count) ->
                        sink.sample(
                                CoreFamilies.POOL_NODES,
                                count,
                                pool.name(),
                                kind.get(0),
                                kind.get(1)));
    }

    private static void collect(String pool, NodeView node, MetricSink sink) {
        String name = node.node();
        sink.sample(CoreFamilies.NODE_UP, node.health().equals("down") ? 0 : 1, pool, name);
        sink.sample(CoreFamilies.NODE_EJECTED, node.ejected() ? 1 : 0, pool, name);
        for (String state : STATES) {
            sink.sample(
                    CoreFamilies.NODE_STATE, node.state().equals(state) ? 1 : 0, pool, name, state);
        }
        sink.sample(CoreFamilies.NODE_WEIGHT, node.weight(), pool, name);
        sink.sample(CoreFamilies.NODE_EXCHANGES, node.inFlight(), pool, name);
        sink.sample(CoreFamilies.NODE_CONNECTIONS, node.connections(), pool, name);
        sink.sample(CoreFamilies.NODE_IDLE_CONNECTIONS, node.idleConnections(), pool, name);
        sink.sample(CoreFamilies.NODE_REQUESTS, node.requests(), pool, name);
        sink.sample(CoreFamilies.NODE_FAILURES, node.failures(), pool, name);
        sink.sample(CoreFamilies.NODE_RECEIVED, node.bytesFromNode(), pool, name);
        sink.sample(CoreFamilies.NODE_SENT, node.bytesToNode(), pool, name);
        Percentiles p = node.latency();
        if (p != null) {
            sink.sample(CoreFamilies.NODE_RECENT, p.p50() / MILLIS, pool, name, "0.5");
            sink.sample(CoreFamilies.NODE_RECENT, p.p95() / MILLIS, pool, name, "0.95");
            sink.sample(CoreFamilies.NODE_RECENT, p.p99() / MILLIS, pool, name, "0.99");
        }
    }
}
