package io.weir.metrics;

import java.util.List;
import java.util.stream.Stream;

/** The metric families of the data plane, described for readers in docs/metrics.md. */
public final class CoreFamilies {

    private static final FamilyTable TABLE = new FamilyTable();
    private static final String VS = "virtual_server";
    private static final String POOL = "pool";
    private static final String NODE = "node";

    public static final MetricFamily BUILD_INFO =
            TABLE.gauge(
                    "weir_build_info",
                    "Always 1; the labels tell the versions.",
                    "version",
                    "java");
    public static final MetricFamily CONFIG_REVISION =
            TABLE.gauge(
                    "weir_config_revision",
                    "Number of the configuration in force, counted from 1 since the start.");
    public static final MetricFamily EVENTS =
            TABLE.counter("weir_events_total", "Events by severity.", "severity");
    public static final MetricFamily EVENTS_DROPPED =
            TABLE.counter(
                    "weir_events_dropped_total",
                    "Events that did not reach their listeners because these fell behind.");

    public static final MetricFamily VS_CONNECTIONS =
            TABLE.gauge("weir_virtual_server_connections", "Client connections open now.", VS);
    public static final MetricFamily VS_CONNECTIONS_ACCEPTED =
            TABLE.counter(
                    "weir_virtual_server_connections_accepted_total",
                    "Client connections accepted.",
                    VS);
    public static final MetricFamily VS_CONNECTIONS_REFUSED =
            TABLE.counter(
                    "weir_virtual_server_connections_refused_total",
                    "Client connections closed at once because a limit was reached.",
                    VS);
    public static final MetricFamily VS_EXCHANGES =
            TABLE.gauge("weir_virtual_server_exchanges", "Exchanges under way now.", VS);
    public static final MetricFamily VS_REQUESTS =
            TABLE.counter("weir_virtual_server_requests_total", "Exchanges begun.", VS);
    public static final MetricFamily VS_RESPONSES =
            TABLE.counter(
                    "weir_virtual_server_responses_total",
                    "Exchanges ended, by class of the status sent to the client;"
                            + " none when the client got no status.",
                    VS,
                    "code_class");
    public static final MetricFamily VS_RETRIES =
            TABLE.counter(
                    "weir_virtual_server_retries_total",
                    "Requests sent again to another node.",
                    VS);
    public static final MetricFamily VS_FAULTS =
            TABLE.counter(
                    "weir_virtual_server_faults_total",
                    "Exchanges and connections that something went wrong in, by reason.",
                    VS,
                    "reason");
    public static final MetricFamily VS_HANDSHAKES =
            TABLE.counter(
                    "weir_virtual_server_tls_handshakes_total",
                    "TLS handshakes with clients, full ones and resumed sessions.",
                    VS,
                    "kind");
    public static final MetricFamily VS_HANDSHAKE_FAILURES =
            TABLE.counter(
                    "weir_virtual_server_tls_handshake_failures_total",
                    "TLS handshakes with clients that came to nothing, by reason.",
                    VS,
                    "reason");
    public static final MetricFamily VS_RECEIVED =
            TABLE.counter(
                    "weir_virtual_server_received_bytes_total",
                    "Bytes read from the network, heads included.",
                    VS,
                    "side");
    public static final MetricFamily VS_SENT =
            TABLE.counter(
                    "weir_virtual_server_sent_bytes_total",
                    "Bytes written to the network, heads included.",
                    VS,
                    "side");
    public static final MetricFamily VS_DURATION =
            TABLE.histogram(
                    "weir_virtual_server_request_duration_seconds",
                    "From the first byte of a request to the last byte of its response.",
                    VS);
    public static final MetricFamily VS_FIRST_BYTE =
            TABLE.histogram(
                    "weir_virtual_server_first_byte_duration_seconds",
                    "From the first byte of a request to the first byte of its response.",
                    VS);

    public static final MetricFamily VS_RECENT =
            TABLE.gauge(
                    "weir_virtual_server_recent_first_byte_seconds",
                    "Time that the share of the answers in quantile took at most to begin, in the"
                            + " last minute.",
                    VS,
                    "quantile");

    public static final MetricFamily POOL_ALIVE =
            TABLE.gauge("weir_pool_alive", "1 when a request would find a node, else 0.", POOL);
    public static final MetricFamily POOL_QUEUED =
            TABLE.gauge(
                    "weir_pool_queued_requests", "Requests waiting for a node with room.", POOL);
    public static final MetricFamily POOL_NODES =
            TABLE.gauge(
                    "weir_pool_nodes",
                    "Nodes by what the operator wants of them and how they are.",
                    POOL,
                    "state",
                    "health");

    public static final MetricFamily POOL_BREAKER =
            TABLE.gauge(
                    "weir_pool_breaker_state",
                    "1 for the state that the circuit breaker of the pool is in (closed, open,"
                            + " half-open), 0 for the others; pools without one have none.",
                    POOL,
                    "state");

    public static final MetricFamily NODE_UP =
            TABLE.gauge("weir_node_up", "1 unless the node counts as failed.", POOL, NODE);
    public static final MetricFamily NODE_EJECTED =
            TABLE.gauge(
                    "weir_node_ejected",
                    "1 while the node is left out because its answers were bad or late, else 0.",
                    POOL,
                    NODE);
    public static final MetricFamily NODE_STATE =
            TABLE.gauge(
                    "weir_node_state",
                    "1 for the state that the operator wants of the node, 0 for the others.",
                    POOL,
                    NODE,
                    "state");
    public static final MetricFamily NODE_WEIGHT =
            TABLE.gauge("weir_node_weight", "Weight in force.", POOL, NODE);
    public static final MetricFamily NODE_EXCHANGES =
            TABLE.gauge("weir_node_exchanges", "Exchanges on the node now.", POOL, NODE);
    public static final MetricFamily NODE_CONNECTIONS =
            TABLE.gauge("weir_node_connections", "Connections open to the node now.", POOL, NODE);
    public static final MetricFamily NODE_IDLE_CONNECTIONS =
            TABLE.gauge(
                    "weir_node_idle_connections",
                    "Connections kept for further requests.",
                    POOL,
                    NODE);
    public static final MetricFamily NODE_REQUESTS =
            TABLE.counter("weir_node_requests_total", "Requests sent to the node.", POOL, NODE);
    public static final MetricFamily NODE_FAILURES =
            TABLE.counter(
                    "weir_node_failures_total", "Requests that failed at the node.", POOL, NODE);
    public static final MetricFamily NODE_RECEIVED =
            TABLE.counter(
                    "weir_node_received_bytes_total",
                    "Bytes that came from the node, in exchanges that are over.",
                    POOL,
                    NODE);
    public static final MetricFamily NODE_SENT =
            TABLE.counter(
                    "weir_node_sent_bytes_total",
                    "Bytes that went to the node, in exchanges that are over.",
                    POOL,
                    NODE);
    public static final MetricFamily NODE_RECENT =
            TABLE.gauge(
                    "weir_node_recent_response_seconds",
                    "Time that the share of the node's answers in quantile took at most to begin,"
                            + " in the last minute.",
                    POOL,
                    NODE,
                    "quantile");

    public static final MetricFamily LOG_LINES =
            TABLE.counter("weir_access_log_lines_total", "Lines written to the access log.", VS);
    public static final MetricFamily LOG_LOST =
            TABLE.counter(
                    "weir_access_log_lost_lines_total",
                    "Access log lines that were dropped: queue_full when the disk was too slow,"
                            + " write_failed when the file could not be written.",
                    VS,
                    "reason");

    private static final List<MetricFamily> OWN = TABLE.all();

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
