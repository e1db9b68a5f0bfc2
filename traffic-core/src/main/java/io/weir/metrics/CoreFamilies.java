package io.weir.metrics;

import java.util.List;
import java.util.stream.Stream;

/** The metric families of the data plane, described for readers in docs/metrics.md. */
public final class CoreFamilies {

    private static final String VS = "virtual_server";
    private static final String POOL = "pool";
    private static final String NODE = "node";

    public static final MetricFamily BUILD_INFO =
            MetricFamily.gauge(
                    "weir_build_info",
                    "Always 1; the labels tell the versions.",
                    "version",
                    "java");
    public static final MetricFamily CONFIG_REVISION =
            MetricFamily.gauge(
                    "weir_config_revision",
                    "Number of the configuration in force, counted from 1 since the start.");
    public static final MetricFamily EVENTS =
            MetricFamily.counter("weir_events_total", "Events by severity.", "severity");
    public static final MetricFamily EVENTS_DROPPED =
            MetricFamily.counter(
                    "weir_events_dropped_total",
                    "Events that did not reach their listeners because these fell behind.");

    public static final MetricFamily VS_CONNECTIONS =
            MetricFamily.gauge(
                    "weir_virtual_server_connections", "Client connections open now.", VS);
    public static final MetricFamily VS_CONNECTIONS_ACCEPTED =
            MetricFamily.counter(
                    "weir_virtual_server_connections_accepted_total",
                    "Client connections accepted.",
                    VS);
    public static final MetricFamily VS_CONNECTIONS_REFUSED =
            MetricFamily.counter(
                    "weir_virtual_server_connections_refused_total",
                    "Client connections closed at once because a limit was reached.",
                    VS);
    public static final MetricFamily VS_EXCHANGES =
            MetricFamily.gauge("weir_virtual_server_exchanges", "Exchanges under way now.", VS);
    public static final MetricFamily VS_REQUESTS =
            MetricFamily.counter("weir_virtual_server_requests_total", "Exchanges begun.", VS);
    public static final MetricFamily VS_RESPONSES =
            MetricFamily.counter(
                    "weir_virtual_server_responses_total",
                    "Exchanges ended, by class of the status sent to the client;"
                            + " none when the client got no status.",
                    VS,
                    "code_class");
    public static final MetricFamily VS_RETRIES =
            MetricFamily.counter(
                    "weir_virtual_server_retries_total",
                    "Requests sent again to another node.",
                    VS);
    public static final MetricFamily VS_FAULTS =
            MetricFamily.counter(
                    "weir_virtual_server_faults_total",
                    "Exchanges and connections that something went wrong in, by reason.",
                    VS,
                    "reason");
    public static final MetricFamily VS_HANDSHAKES =
            MetricFamily.counter(
                    "weir_virtual_server_tls_handshakes_total",
                    "TLS handshakes with clients, full ones and resumed sessions.",
                    VS,
                    "kind");
    public static final MetricFamily VS_HANDSHAKE_FAILURES =
            MetricFamily.counter(
                    "weir_virtual_server_tls_handshake_failures_total",
                    "TLS handshakes with clients that came to nothing, by reason.",
                    VS,
                    "reason");
    public static final MetricFamily VS_RECEIVED =
            MetricFamily.counter(
                    "weir_virtual_server_received_bytes_total",
                    "Bytes read from the network, heads included.",
                    VS,
                    "side");
    public static final MetricFamily VS_SENT =
            MetricFamily.counter(
                    "weir_virtual_server_sent_bytes_total",
                    "Bytes written to the network, heads included.",
                    VS,
                    "side");
    public static final MetricFamily VS_DURATION =
            MetricFamily.histogram(
                    "weir_virtual_server_request_duration_seconds",
                    "From the first byte of a request to the last byte of its response.",
                    VS);
    public static final MetricFamily VS_FIRST_BYTE =
            MetricFamily.histogram(
                    "weir_virtual_server_first_byte_duration_seconds",
                    "From the first byte of a request to the first byte of its response.",
                    VS);

    public static final MetricFamily VS_RECENT =
            MetricFamily.gauge(
                    "weir_virtual_server_recent_first_byte_seconds",
                    "Time that the share of the answers in quantile took at most to begin, in the"
                            + " last minute.",
                    VS,
                    "quantile");

    public static final MetricFamily POOL_ALIVE =
            MetricFamily.gauge(
                    "weir_pool_alive", "1 when a request would find a node, else 0.", POOL);
    public static final MetricFamily POOL_QUEUED =
            MetricFamily.gauge(
                    "weir_pool_queued_requests", "Requests waiting for a node with room.", POOL);
    public static final MetricFamily POOL_NODES =
            MetricFamily.gauge(
                    "weir_pool_nodes",
                    "Nodes by what the operator wants of them and how they are.",
                    POOL,
                    "state",
                    "health");

    public static final MetricFamily POOL_BREAKER =
            MetricFamily.gauge(
                    "weir_pool_breaker_state",
                    "1 for the state that the circuit breaker of the pool is in (closed, open,"
                            + " half-open), 0 for the others; pools without one have none.",
                    POOL,
                    "state");

    public static final MetricFamily NODE_UP =
            MetricFamily.gauge("weir_node_up", "1 unless the node counts as failed.", POOL, NODE);
    public static final MetricFamily NODE_EJECTED =
            MetricFamily.gauge(
                    "weir_node_ejected",
                    "1 while the node is left out because its answers were bad or late, else 0.",
                    POOL,
                    NODE);
    public static final MetricFamily NODE_STATE =
            MetricFamily.gauge(
                    "weir_node_state",
                    "1 for the state that the operator wants of the node, 0 for the others.",
                    POOL,
                    NODE,
                    "state");
    public static final MetricFamily NODE_WEIGHT =
            MetricFamily.gauge("weir_node_weight", "Weight in force.", POOL, NODE);
    public static final MetricFamily NODE_EXCHANGES =
            MetricFamily.gauge("weir_node_exchanges", "Exchanges on the node now.", POOL, NODE);
    public static final MetricFamily NODE_CONNECTIONS =
            MetricFamily.gauge(
                    "weir_node_connections", "Connections open to the node now.", POOL, NODE);
    public static final MetricFamily NODE_IDLE_CONNECTIONS =
            MetricFamily.gauge(
                    "weir_node_idle_connections",
                    "Connections kept for further requests.",
                    POOL,
                    NODE);
    public static final MetricFamily NODE_REQUESTS =
            MetricFamily.counter(
                    "weir_node_requests_total", "Requests sent to the node.", POOL, NODE);
    public static final MetricFamily NODE_FAILURES =
            MetricFamily.counter(
                    "weir_node_failures_total", "Requests that failed at the node.", POOL, NODE);
    public static final MetricFamily NODE_RECEIVED =
            MetricFamily.counter(
                    "weir_node_received_bytes_total",
                    "Bytes that came from the node, in exchanges that are over.",
                    POOL,
                    NODE);
    public static final MetricFamily NODE_SENT =
            MetricFamily.counter(
                    "weir_node_sent_bytes_total",
                    "Bytes that went to the node, in exchanges that are over.",
                    POOL,
                    NODE);
    public static final MetricFamily NODE_RECENT =
            MetricFamily.gauge(
                    "weir_node_recent_response_seconds",
                    "Time that the share of the node's answers in quantile took at most to begin,"
                            + " in the last minute.",
                    POOL,
                    NODE,
                    "quantile");

    public static final MetricFamily LOG_LINES =
            MetricFamily.counter(
                    "weir_access_log_lines_total", "Lines written to the access log.", VS);
    public static final MetricFamily LOG_LOST =
            MetricFamily.counter(
                    "weir_access_log_lost_lines_total",
                    "Access log lines that were dropped: queue_full when the disk was too slow,"
                            + " write_failed when the file could not be written.",
                    VS,
                    "reason");

    private static final List<MetricFamily> OWN =
            List.of(
                    BUILD_INFO,
                    CONFIG_REVISION,
                    EVENTS,
                    EVENTS_DROPPED,
                    VS_CONNECTIONS,
                    VS_CONNECTIONS_ACCEPTED,
                    VS_CONNECTIONS_REFUSED,
                    VS_EXCHANGES,
                    VS_REQUESTS,
                    VS_RESPONSES,
                    VS_RETRIES,
                    VS_FAULTS,
                    VS_HANDSHAKES,
                    VS_HANDSHAKE_FAILURES,
                    VS_RECEIVED,
                    VS_SENT,
                    VS_DURATION,
                    VS_FIRST_BYTE,
                    VS_RECENT,
                    POOL_ALIVE,
                    POOL_QUEUED,
                    POOL_NODES,
                    POOL_BREAKER,
                    NODE_UP,
                    NODE_EJECTED,
                    NODE_STATE,
                    NODE_WEIGHT,
                    NODE_EXCHANGES,
                    NODE_CONNECTIONS,
                    NODE_IDLE_CONNECTIONS,
                    NODE_REQUESTS,
                    NODE_FAILURES,
                    NODE_RECEIVED,
                    NODE_SENT,
                    NODE_RECENT,
                    LOG_LINES,
                    LOG_LOST);

    private CoreFamilies() {}

    /** Every family of the data plane, those of {@link RuleFamilies} and the like included. */
    public static List<MetricFamily> all() {
        return Stream.of(
                        OWN,
                        ClassFamilies.ALL,
                        RuleFamilies.ALL,
                        CacheFamilies.ALL,
                        AlertFamilies.ALL)
                .flatMap(List::stream)
                .toList();
    }
}
