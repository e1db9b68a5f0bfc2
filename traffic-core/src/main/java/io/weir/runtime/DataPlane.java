package io.weir.runtime;

import io.weir.cache.CacheContents;
import io.weir.cert.Watched;
import io.weir.config.NodeAddress;
import io.weir.config.Overlay;
import io.weir.config.RuleConfig;
import io.weir.config.WeirConfig;
import io.weir.explain.ConnectionList;
import io.weir.explain.ConnectionQuery;
import io.weir.explain.KeptExchanges;
import io.weir.metrics.RecentLatency.Percentiles;
import io.weir.pool.BreakerStatus;
import io.weir.rule.RuleProblem;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The running proxy as the control side sees it. Safe for every thread but an event loop: calls may
 * wait for sockets to be bound.
 */
public interface DataPlane {

    /**
     * Puts {@code config} in force as a whole, or not at all. Listeners whose address did not
     * change, and their connections, are not touched; exchanges under way keep the configuration
     * they began with.
     */
    ApplyResult apply(WeirConfig config, Overlay overlay);

    /** What is wrong with the programs of these rules; empty when nothing is. */
    List<RuleProblem> check(Collection<RuleConfig> rules);

    /** Puts {@code overlay} in force with the configuration that runs. */
    void apply(Overlay overlay);

    /** What is going on now. */
    Status status();

    /**
     * What is on {@code node} now, in every pool; empty when no pool has it. A name that a pool has
     * several nodes for means them all.
     *
     * @param idle unused for so long, sessions count as over; null for what their classes say
     */
    NodeUse use(NodeAddress node, @Nullable Duration idle);

    /**
     * Cuts the connections of {@code node} in {@code pool}, whatever runs on them. A name that the
     * pool has several nodes for means them all, but for those that were decided on by address.
     */
    void cut(String pool, NodeAddress node);

    /** The finished exchanges that are kept. */
    KeptExchanges kept();

    /** The client connections that are open now; asks every event loop, which may take a while. */
    ConnectionList connections(ConnectionQuery query);

    /** Certificates and revocation lists in use whose time was over at the last look. */
    List<Watched> expired();

    /** What is in the cache that all virtual servers share. */
    CacheContents cache();

    /**
     * Stops accepting, lets exchanges in flight end, and closes what is left after {@code
     * deadline}.
     *
     * @return whether everything ended by itself
     */
    boolean stop(Duration deadline);

    /**
     * What became of a configuration.
     *
     * @param applied whether it is in force now
     * @param revision number of the configuration in force, counted from 1 since the start
     * @param objects one entry per object that was looked at
     */
    record ApplyResult(boolean applied, long revision, List<ObjectResult> objects) {
        public ApplyResult {
            objects = List.copyOf(objects);
        }
    }

    /**
     * What became of one object.
     *
     * @param object such as {@code virtual-servers/web} or {@code pools/web}
     * @param change added, changed, removed, unchanged or failed
     * @param problem why it failed; null when it did not
     */
    record ObjectResult(String object, Change change, @Nullable String problem) {}

    /** What became of one object. */
    enum Change {
        ADDED,
        CHANGED,
        REMOVED,
        UNCHANGED,
        FAILED
    }

    /** A consistent-enough picture of the whole data plane. */
    record Status(
            long revision,
            List<VirtualServerStatus> virtualServers,
            List<PoolStatus> pools,
            List<PersistenceStatus> persistence,
            List<ServiceLevelStatus> serviceLevels,
            ClassStatus classes,
            long openFileHandles,
            long maxFileHandles) {

        /** A picture without classes. */
        public Status(
                long revision,
                List<VirtualServerStatus> virtualServers,
                List<PoolStatus> pools,
                long openFileHandles,
                long maxFileHandles) {
            this(
                    revision,
                    virtualServers,
                    pools,
                    List.of(),
                    List.of(),
                    ClassStatus.NONE,
                    openFileHandles,
                    maxFileHandles);
        }

        public Status {
            persistence = List.copyOf(persistence);
            serviceLevels = List.copyOf(serviceLevels);
            virtualServers = List.copyOf(virtualServers);
            pools = List.copyOf(pools);
        }
    }

    /**
     * A virtual server.
     *
     * @param listen addresses it listens on, with the real port where the system chose it
     * @param connections client connections now
     * @param exchanges exchanges now
     * @param requests exchanges begun since the start
     * @param errors answers made by Weir because something failed, since the start
     * @param latency until the answers of the last minute began; null when there were none
     */
    record VirtualServerStatus(
            String name,
            List<String> listen,
            String pool,
            int connections,
            int exchanges,
            long requests,
            long errors,
            @Nullable Percentiles latency) {
        public VirtualServerStatus {
            listen = List.copyOf(listen);
        }
    }

    /**
     * A pool.
     *
     * @param alive whether a request would find a node
     * @param queued requests waiting for a node with room
     * @param breaker how its circuit breaker is; null where it has none
     * @param deadSince when it came to have no usable node; null while it is alive
     */
    record PoolStatus(
            String name,
            String algorithm,
            boolean alive,
            int queued,
            @Nullable String failurePool,
            @Nullable BreakerStatus breaker,
            @Nullable Instant deadSince,
            List<NodeView> nodes) {
        public PoolStatus {
            nodes = List.copyOf(nodes);
        }
    }

    /**
     * A persistence class; figures since the start.
     *
     * @param type as configurations call it
     * @param entries sessions that Weir remembers; -1 where clients carry them
     * @param maxEntries the limit; -1 where there is none
     * @param evicted sessions that had to go because the table was full
     * @param hits requests that the node of their session served
     * @param misses requests without a session that began none
     * @param begun sessions
     * @param failed requests whose session's node could not be used
     * @param nodes the nodes that have sessions, as far as Weir remembers them
     */
    record PersistenceStatus(
            String name,
            String type,
            int entries,
            int maxEntries,
            long evicted,
            long hits,
            long misses,
            long begun,
            long failed,
            List<NodeSessions> nodes) {
        public PersistenceStatus {
            nodes = List.copyOf(nodes);
        }
    }

    /** The protection, rate and bandwidth classes, and the admissions. */
    record ClassStatus(
            List<ProtectionStatus> protection,
            List<RateStatus> rates,
            List<BandwidthStatus> bandwidth,
            List<AdmissionStatus> admissions) {

        /** No classes at all. */
        public static final ClassStatus NONE =
                new ClassStatus(List.of(), List.of(), List.of(), List.of());

        public ClassStatus {
            protection = List.copyOf(protection);
            rates = List.copyOf(rates);
            bandwidth = List.copyOf(bandwidth);
            admissions = List.copyOf(admissions);
        }
    }

    /**
     * The admission of a virtual server or a pool; counts since the start.
     *
     * @param kind virtual-server or pool
     * @param overloaded whether requests were refused within the last seconds
     * @param limit requests at once
     * @param inside those that are there now
     * @param baseMillis time to the beginning of an answer without a crowd; 0 while not known
     * @param meanMillis the same of late
     * @param refused by priority
     */
    record AdmissionStatus(
            String kind,
            String name,
            boolean overloaded,
            int limit,
            int inside,
            double baseMillis,
            double meanMillis,
            long admitted,
            Map<String, Long> refused) {
        public AdmissionStatus {
            refused = Collections.unmodifiableMap(new LinkedHashMap<>(refused));
        }
    }

    /**
     * A bandwidth class.
     *
     * @param maximum in kilobits per second
     * @param sharing as configurations call it
     * @param connections of the class now
     * @param waiting those that share the maximum and wait for their turn
     * @param bytes sent since the start
     */
    record BandwidthStatus(
            String name, int maximum, String sharing, int connections, int waiting, long bytes) {}

    /**
     * A rate class; counts since the start.
     *
     * @param rate requests that passed in the last whole second
     * @param queued requests waiting now
     * @param contexts remembered now
     * @param entered requests that passed or had to wait
     * @param left those of them that wait no longer
     * @param refused requests that were let neither pass nor wait
     */
    record RateStatus(
            String name,
            int maxRatePerSecond,
            int maxRatePerMinute,
            int rate,
            int queued,
            int maxQueue,
            int contexts,
            long entered,
            long left,
            long refused) {}

    /**
     * A protection class.
     *
     * @param testing whether what would be refused is only counted
     * @param addresses remembered now
     * @param maxAddresses the limit of that
     * @param connections counted ones that are open now
     * @param refused by reason since the start
     */
    record ProtectionStatus(
            String name,
            boolean enabled,
            boolean testing,
            int addresses,
            int maxAddresses,
            int connections,
            Map<String, Long> refused) {
        public ProtectionStatus {
            refused = Collections.unmodifiableMap(new LinkedHashMap<>(refused));
        }
    }

    /**
     * The sessions of one class on one node.
     *
     * @param lastUsedSeconds since a request of one of them came
     */
    record NodeSessions(String node, int sessions, long lastUsedSeconds) {}

    /**
     * A service level class.
     *
     * @param grade fine, warning or serious: the thresholds it is below, with their hysteresis
     * @param conforming per cent of the answers of the last ten seconds; 100 without answers
     * @param answers of the last ten seconds
     * @param current requests under way
     * @param total answers since the start
     * @param late answers since the start that did not conform
     * @param lastSecond times to the beginning of the answers of the last whole second
     */
    record ServiceLevelStatus(
            String name,
            long responseTimeMillis,
            int warningThreshold,
            int seriousThreshold,
            String grade,
            double conforming,
            long answers,
            long current,
            long total,
            long late,
            ResponseTimes lastSecond,
            List<NodeServiceLevel> nodes) {
        public ServiceLevelStatus {
            nodes = List.copyOf(nodes);
        }

        /** Whether it is not below its serious threshold (ZXTM {@code slm.isOK}). */
        public boolean ok() {
            return conforming >= seriousThreshold;
        }
    }

    /** Times in milliseconds; 0 without answers. */
    record ResponseTimes(double min, double mean, double max) {}

    /** One node in a service level class; figures as for the class, times of ten seconds. */
    record NodeServiceLevel(
            String pool,
            String node,
            double conforming,
            long answers,
            long total,
            long late,
            ResponseTimes times) {}

    /**
     * A node in one pool.
     *
     * @param state active, draining or disabled
     * @param health up, unchecked or down
     * @param cause why the node is down; null when it is not
     * @param ejected whether it is down because its answers were bad or late beside the others'
     * @param inFlight exchanges on the node now
     * @param connections open connections to the node, idle ones included
     * @param idleConnections kept for further requests
     * @param connectionsOpened attempts to open one since the start
     * @param requests sent since the start
     * @param failures of requests since the start
     * @param bytesFromNode in exchanges that are over, since the start
     * @param bytesToNode likewise
     * @param lastUsedSeconds since a request was last on the node; -1 if never
     * @param overlay who decided on the state or weight, and why; null when the configuration did
     * @param latency until the answers of the last minute began; null when there were none
     * @param downSince when the outage began; null when the node is not down
     */
    record NodeView(
            String node,
            String state,
            String health,
            @Nullable String cause,
            boolean ejected,
            int weight,
            int priority,
            int inFlight,
            int connections,
            int idleConnections,
            long connectionsOpened,
            long requests,
            long failures,
            long bytesFromNode,
            long bytesToNode,
            long lastUsedSeconds,
            @Nullable String overlay,
            @Nullable Percentiles latency,
            @Nullable Instant downSince) {}
}
