package io.weir.config;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;

/**
 * A pool: nodes, and how to choose, reach and judge them. Keys and defaults follow ZXTM's pool
 * keys; {@link Duration#ZERO} and 0 mean "no limit" or "off".
 *
 * @param nodes in configured order, no address twice
 * @param algorithm keyword of a {@code BalancerFactory}
 * @param hash what the consistent-hash algorithm hashes
 * @param priorityNodes how many usable nodes the best priority list must offer before the next list
 *     is taken in; 0 switches priority lists off
 * @param failurePool name of the pool that serves when every node has failed; null for none
 * @param persistence name of the persistence class that keeps sessions on their nodes; null for
 *     none
 * @param monitors names of monitors, all of which must pass
 * @param passiveMonitoring whether failures of live traffic condemn a node
 * @param nodeConnectionAttempts failures in a row after which a node counts as failed
 * @param retryFailTime how long a passively failed node is left alone
 * @param closeOnDeath whether a failing node's connections are cut
 * @param maxConnectionAttempts how many different nodes one request may try; 0 for all
 * @param maxTimedOutConnectionAttempts the same, counting nodes that ran into the reply time
 * @param retryBudget retries allowed as a percentage of the requests of the last ten seconds
 * @param maxConnectTime to establish a connection
 * @param maxReplyTime from the end of the request to the start of the answer
 * @param maxConnectionsPerNode open connections per node
 * @param maxTransactionsPerNode requests in flight per node
 * @param maxQueueSize requests waiting for a node with room
 * @param queueTimeout how long a request waits for a node with room
 * @param keepalive whether node connections are kept for further requests
 * @param keepaliveNonIdempotent whether requests that must not be repeated may use a kept
 *     connection
 * @param maxIdleConnectionsPerNode kept connections per node
 * @param idleTimeout how long a kept connection may lie idle; zero for no limit
 * @param slowStart length of the linear ramp of a node that comes (back) into use
 * @param nodeDelete what happens to a node that is taken out of the list
 * @param drainToDeleteTimeout longest drain of a deleted node; zero for no maximum
 * @param minNodes usable nodes that must be left for another one to be safe to take
 * @param proxyProtocol PROXY header sent to nodes
 * @param nodeNames how a node name with several addresses counts
 * @param nagle whether Nagle's algorithm stays on towards nodes
 * @param closeWithReset whether node connections are closed with RST
 * @param tls whether and how nodes are spoken to over TLS
 * @param http2 whether nodes are asked over HTTP/2
 * @param bandwidth name of the bandwidth class that limits what nodes are sent; null for none
 * @param outliers when a node that answers is left out
 * @param admission how many requests are let in at once
 * @param breaker when the whole pool is left alone
 * @param note for people; null for none
 */
public record PoolConfig(
        String name,
        List<NodeConfig> nodes,
        String algorithm,
        HashKey hash,
        int priorityNodes,
        @Nullable String failurePool,
        @Nullable String persistence,
        List<String> monitors,
        boolean passiveMonitoring,
        int nodeConnectionAttempts,
        Duration retryFailTime,
        boolean closeOnDeath,
        int maxConnectionAttempts,
        int maxTimedOutConnectionAttempts,
        int retryBudget,
        Duration maxConnectTime,
        Duration maxReplyTime,
        int maxConnectionsPerNode,
        int maxTransactionsPerNode,
        int maxQueueSize,
        Duration queueTimeout,
        boolean keepalive,
        boolean keepaliveNonIdempotent,
        int maxIdleConnectionsPerNode,
        Duration idleTimeout,
        Duration slowStart,
        NodeDelete nodeDelete,
        Duration drainToDeleteTimeout,
        int minNodes,
        ProxyProtocol proxyProtocol,
        NodeNames nodeNames,
        boolean nagle,
        boolean closeWithReset,
        NodeTlsConfig tls,
        NodeHttp2 http2,
        @Nullable String bandwidth,
        OutlierConfig outliers,
        AdmissionConfig admission,
        BreakerConfig breaker,
        @Nullable String note) {

    private static final Duration CENTURY = Duration.ofDays(36_525);

    public PoolConfig {
        nodes = List.copyOf(nodes);
        monitors = List.copyOf(monitors);
    }

    /** {@link #idleTimeout} in nanoseconds; without a limit a century. */
    public long idleNanos() {
        return (idleTimeout.isZero() ? CENTURY : idleTimeout).toNanos();
    }

    /** The same pool with other monitors. */
    public PoolConfig monitoredBy(List<String> names) {
        return new PoolConfig(
                name,
                nodes,
                algorithm,
                hash,
                priorityNodes,
                failurePool,
                persistence,
                names,
                passiveMonitoring,
                nodeConnectionAttempts,
                retryFailTime,
                closeOnDeath,
                maxConnectionAttempts,
                maxTimedOutConnectionAttempts,
                retryBudget,
                maxConnectTime,
                maxReplyTime,
                maxConnectionsPerNode,
                maxTransactionsPerNode,
                maxQueueSize,
                queueTimeout,
                keepalive,
                keepaliveNonIdempotent,
                maxIdleConnectionsPerNode,
                idleTimeout,
                slowStart,
                nodeDelete,
                drainToDeleteTimeout,
                minNodes,
                proxyProtocol,
                nodeNames,
                nagle,
                closeWithReset,
                tls,
                http2,
                bandwidth,
                outliers,
                admission,
                breaker,
                note);
    }

    /** What happens to a node that is taken out of the list (ZXTM node_delete_behavior). */
    public enum NodeDelete {
        IMMEDIATE,
        DRAIN
    }

    /** Version of the PROXY header sent to nodes. */
    public enum ProxyProtocol {
        OFF,
        V1,
        V2
    }

    /** Whether nodes are asked over HTTP/2. */
    public enum NodeHttp2 {
        /** HTTP/1.1. */
        OFF,
        /** HTTP/2 without TLS, from the first byte (RFC 9113 section 3.3). */
        H2C
    }

    /** How a node name with several addresses counts. */
    public enum NodeNames {
        /** One node; its connections go to the addresses in turn. */
        ONE_NODE,
        /** One node per address. */
        NODE_PER_ADDRESS
    }

    /**
     * What the consistent-hash algorithm hashes.
     *
     * @param kind the part of the request
     * @param header the field name when {@code kind} is {@code HEADER}, else null
     */
    public record HashKey(Kind kind, @Nullable String header) {
        /** The part of the request that is hashed. */
        public enum Kind {
            SOURCE_ADDRESS,
            PATH,
            HEADER
        }
    }
}
