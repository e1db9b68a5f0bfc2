package io.weir.metrics;

import java.util.List;

/** The metric families of the data plane, described for readers in docs/metrics.md. */
public final class CoreFamilies {

    private static final String VS = "virtual_server";
    private static final String POOL = "pool";
    private static final String NODE = "node";
    private static final String CLASS = "class";
    private static final String RULE = "rule";

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

    public static final MetricFamily PERSISTENCE_ENTRIES =
            MetricFamily.gauge(
                    "weir_persistence_entries",
                    "Sessions that Weir remembers; classes whose sessions clients carry have none.",
                    CLASS);
    public static final MetricFamily PERSISTENCE_EVICTIONS =
            MetricFamily.counter(
                    "weir_persistence_evictions_total",
                    "Sessions forgotten because as many as max-entries allows were younger.",
                    CLASS);
    public static final MetricFamily PERSISTENCE_REQUESTS =
            MetricFamily.counter(
                    "weir_persistence_requests_total",
                    "Requests by what their session meant: hit, its node served; miss, there was"
                            + " none; new, it began one; failed, its node could not be used.",
                    CLASS,
                    "verdict");

    public static final MetricFamily SLM_CONFORMING =
            MetricFamily.gauge(
                    "weir_service_level_conforming_ratio",
                    "Share of the answers of the last ten seconds that began in time, 0 to 1.",
                    CLASS);
    public static final MetricFamily SLM_GRADE =
            MetricFamily.gauge(
                    "weir_service_level_grade",
                    "0 when all is well, 1 below the warning threshold, 2 below the serious one.",
                    CLASS);
    public static final MetricFamily SLM_REQUESTS =
            MetricFamily.gauge(
                    "weir_service_level_requests", "Requests of the class under way.", CLASS);
    public static final MetricFamily SLM_ANSWERS =
            MetricFamily.counter(
                    "weir_service_level_answers_total",
                    "Answers, by whether they began in time.",
                    CLASS,
                    "conforming");
    public static final MetricFamily RULE_RUNS =
            MetricFamily.counter(
                    "weir_rule_runs_total",
                    "Runs of a rule, by what they came to.",
                    RULE,
                    "outcome");
    public static final MetricFamily RULE_WAITS =
            MetricFamily.counter(
                    "weir_rule_waits_total", "How often a rule was suspended to wait.", RULE);
    public static final MetricFamily RULE_SELECTS =
            MetricFamily.counter("weir_rule_selects_total", "Pools that a rule chose.", RULE);
    public static final MetricFamily RULE_WARNINGS =
            MetricFamily.counter(
                    "weir_rule_warnings_total", "Runs that took longer than time-warning.", RULE);
    public static final MetricFamily RULE_SECONDS =
            MetricFamily.counter(
                    "weir_rule_seconds_total", "Time that a rule ran, waits not counted.", RULE);
    public static final MetricFamily RULE_COUNTER =
            MetricFamily.counter(
                    "weir_rule_counter_total",
                    "What rules have counted with counter.increment.",
                    "counter");
    public static final MetricFamily RULE_DATA_ENTRIES =
            MetricFamily.gauge("weir_rule_data_entries", "Entries that rules keep with data.set.");
    public static final MetricFamily RULE_DATA_BYTES =
            MetricFamily.gauge("weir_rule_data_bytes", "Bytes that these entries take.");
    public static final MetricFamily RULE_TIME =
            MetricFamily.counter(
                    "weir_rule_time_total",
                    "Runs without a pause, by the time that they took at most: 10us, 100us, 1ms,"
                            + " 10ms, 100ms or more.",
                    RULE,
                    "at_most");
    public static final MetricFamily SLM_NODE_CONFORMING =
            MetricFamily.gauge(
                    "weir_service_level_node_conforming_ratio",
                    "The same share for the answers of one node.",
                    CLASS,
                    POOL,
                    NODE);

    public static final MetricFamily PROTECTION_REFUSALS =
            MetricFamily.counter(
                    "weir_protection_refusals_total",
                    "Connections and requests that a protection class refused, or in test mode"
                            + " would have refused, by reason.",
                    CLASS,
                    "reason");
    public static final MetricFamily PROTECTION_ADDRESSES =
            MetricFamily.gauge(
                    "weir_protection_addresses",
                    "Client addresses whose connections and rates a class remembers.",
                    CLASS);
    public static final MetricFamily PROTECTION_CONNECTIONS =
            MetricFamily.gauge(
                    "weir_protection_connections",
                    "Open connections that a class counts by their addresses.",
                    CLASS);
    public static final MetricFamily ADMISSION_LIMIT =
            MetricFamily.gauge(
                    "weir_admission_limit",
                    "Requests that may be there at once, as answers take now.",
                    "kind",
                    "name");
    public static final MetricFamily ADMISSION_REQUESTS =
            MetricFamily.gauge(
                    "weir_admission_requests",
                    "Requests let in that wait for their answer.",
                    "kind",
                    "name");
    public static final MetricFamily ADMISSION_ADMITTED =
            MetricFamily.counter(
                    "weir_admission_admitted_total", "Requests let in.", "kind", "name");
    public static final MetricFamily ADMISSION_REFUSED =
            MetricFamily.counter(
                    "weir_admission_refused_total",
                    "Requests refused because answers would have come late, by priority.",
                    "kind",
                    "name",
                    "priority");
    public static final MetricFamily CACHE_REQUESTS =
            MetricFamily.counter(
                    "weir_cache_requests_total",
                    "Requests by what the cache was to them: hit, stale, revalidated, coalesced,"
                            + " miss, bypass.",
                    VS,
                    "outcome");
    public static final MetricFamily CACHE_SERVED =
            MetricFamily.counter(
                    "weir_cache_served_bytes_total",
                    "Bytes of bodies that came out of the cache.",
                    VS);
    public static final MetricFamily CACHE_STORED =
            MetricFamily.counter("weir_cache_stored_total", "Responses put into the cache.", VS);
    public static final MetricFamily CACHE_EVICTIONS =
            MetricFamily.counter(
                    "weir_cache_evictions_total",
                    "Responses that left the cache to make room for others.",
                    VS);
    public static final MetricFamily CACHE_RESPONSES =
            MetricFamily.gauge("weir_cache_responses", "Responses in the cache.", VS);
    public static final MetricFamily CACHE_BYTES =
            MetricFamily.gauge("weir_cache_bytes", "Bytes that they take, metadata included.", VS);
    public static final MetricFamily CACHE_MEMORY =
            MetricFamily.gauge(
                    "weir_cache_memory_bytes",
                    "Memory outside the heap for bodies that are stored, under way, or still"
                            + " read.");
    public static final MetricFamily CACHE_SIZE =
            MetricFamily.gauge("weir_cache_size_bytes", "What global.cache.size allows.");

    public static final MetricFamily RATE_QUEUED =
            MetricFamily.gauge(
                    "weir_rate_queued_requests",
                    "Requests that wait for their turn at a rate class.",
                    CLASS);
    public static final MetricFamily RATE_ENTERED =
            MetricFamily.counter(
                    "weir_rate_entered_total",
                    "Requests that a rate class let pass or had wait.",
                    CLASS);
    public static final MetricFamily RATE_LEFT =
            MetricFamily.counter(
                    "weir_rate_left_total", "Those of them that wait no longer.", CLASS);
    public static final MetricFamily RATE_REFUSED =
            MetricFamily.counter(
                    "weir_rate_refused_total",
                    "Requests that a rate class let neither pass nor wait.",
                    CLASS);

    public static final MetricFamily BANDWIDTH_BYTES =
            MetricFamily.counter(
                    "weir_bandwidth_bytes_total", "Bytes sent in a bandwidth class.", CLASS);
    public static final MetricFamily BANDWIDTH_CONNECTIONS =
            MetricFamily.gauge(
                    "weir_bandwidth_connections", "Connections of a bandwidth class.", CLASS);
    public static final MetricFamily BANDWIDTH_WAITING =
            MetricFamily.gauge(
                    "weir_bandwidth_waiting_connections",
                    "Connections that share the maximum of a class and wait for their turn.",
                    CLASS);

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

    public static final MetricFamily EVENT_TYPE_MATCHED =
            MetricFamily.counter(
                    "weir_event_type_matched_total",
                    "Events that an event type matched.",
                    "event_type");
    public static final MetricFamily ACTION_SENT =
            MetricFamily.counter(
                    "weir_action_sent_total", "Events that an action delivered.", "action");
    public static final MetricFamily ACTION_FAILED =
            MetricFamily.counter(
                    "weir_action_failed_total",
                    "Events that an action gave up: the receiver refused them, or the attempts were"
                            + " used up.",
                    "action");
    public static final MetricFamily ACTION_DROPPED =
            MetricFamily.counter(
                    "weir_action_dropped_total",
                    "Events that an action never tried because too many waited.",
                    "action");
    public static final MetricFamily ACTION_QUEUED =
            MetricFamily.gauge(
                    "weir_action_queued_events", "Events that wait for an action.", "action");

    private CoreFamilies() {}

    /** Every family above. */
    public static List<MetricFamily> all() {
        return List.of(
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
                NODE_UP,
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
                PERSISTENCE_ENTRIES,
                PERSISTENCE_EVICTIONS,
                PERSISTENCE_REQUESTS,
                SLM_CONFORMING,
                SLM_GRADE,
                SLM_REQUESTS,
                SLM_ANSWERS,
                SLM_NODE_CONFORMING,
                RULE_RUNS,
                RULE_WAITS,
                RULE_SELECTS,
                RULE_WARNINGS,
                RULE_SECONDS,
                RULE_TIME,
                RULE_COUNTER,
                RULE_DATA_ENTRIES,
                RULE_DATA_BYTES,
                PROTECTION_REFUSALS,
                PROTECTION_ADDRESSES,
                PROTECTION_CONNECTIONS,
                RATE_QUEUED,
                RATE_ENTERED,
                RATE_LEFT,
                RATE_REFUSED,
                BANDWIDTH_BYTES,
                BANDWIDTH_CONNECTIONS,
                BANDWIDTH_WAITING,
                ADMISSION_LIMIT,
                ADMISSION_REQUESTS,
                ADMISSION_ADMITTED,
                ADMISSION_REFUSED,
                CACHE_REQUESTS,
                CACHE_SERVED,
                CACHE_STORED,
                CACHE_EVICTIONS,
                CACHE_RESPONSES,
                CACHE_BYTES,
                CACHE_MEMORY,
                CACHE_SIZE,
                LOG_LINES,
                LOG_LOST,
                EVENT_TYPE_MATCHED,
                ACTION_SENT,
                ACTION_FAILED,
                ACTION_DROPPED,
                ACTION_QUEUED);
    }
}
