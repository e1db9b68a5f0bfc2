package io.weir.metrics;

import java.util.List;

/**
 * The metric families of the classes of the configuration, and of admission, described for readers
 * in docs/metrics.md.
 */
public final class ClassFamilies {

    private static final FamilyTable TABLE = new FamilyTable();
    private static final String POOL = "pool";
    private static final String NODE = "node";
    private static final String CLASS = "class";

    public static final MetricFamily PERSISTENCE_ENTRIES =
            TABLE.gauge(
                    "weir_persistence_entries",
                    "Sessions that Weir remembers; classes whose sessions clients carry have none.",
                    CLASS);
    public static final MetricFamily PERSISTENCE_EVICTIONS =
            TABLE.counter(
                    "weir_persistence_evictions_total",
                    "Sessions forgotten because as many as max-entries allows were younger.",
                    CLASS);
    public static final MetricFamily PERSISTENCE_REQUESTS =
            TABLE.counter(
                    "weir_persistence_requests_total",
                    "Requests by what their session meant: hit, its node served; miss, there was"
                            + " none; new, it began one; failed, its node could not be used.",
                    CLASS,
                    "verdict");
    public static final MetricFamily SLM_CONFORMING =
            TABLE.gauge(
                    "weir_service_level_conforming_ratio",
                    "Share of the answers of the last ten seconds that began in time, 0 to 1.",
                    CLASS);
    public static final MetricFamily SLM_GRADE =
            TABLE.gauge(
                    "weir_service_level_grade",
                    "0 when all is well, 1 below the warning threshold, 2 below the serious one.",
                    CLASS);
    public static final MetricFamily SLM_REQUESTS =
            TABLE.gauge("weir_service_level_requests", "Requests of the class under way.", CLASS);
    public static final MetricFamily SLM_ANSWERS =
            TABLE.counter(
                    "weir_service_level_answers_total",
                    "Answers, by whether they began in time.",
                    CLASS,
                    "conforming");
    public static final MetricFamily SLM_NODE_CONFORMING =
            TABLE.gauge(
                    "weir_service_level_node_conforming_ratio",
                    "The same share for the answers of one node.",
                    CLASS,
                    POOL,
                    NODE);
    public static final MetricFamily PROTECTION_REFUSALS =
            TABLE.counter(
                    "weir_protection_refusals_total",
                    "Connections and requests that a protection class refused, or in test mode"
                            + " would have refused, by reason.",
                    CLASS,
                    "reason");
    public static final MetricFamily PROTECTION_ADDRESSES =
            TABLE.gauge(
                    "weir_protection_addresses",
                    "Client addresses whose connections and rates a class remembers.",
                    CLASS);
    public static final MetricFamily PROTECTION_CONNECTIONS =
            TABLE.gauge(
                    "weir_protection_connections",
                    "Open connections that a class counts by their addresses.",
                    CLASS);
    public static final MetricFamily ADMISSION_LIMIT =
            TABLE.gauge(
                    "weir_admission_limit",
                    "Requests that may be there at once, as answers take now.",
                    "kind",
                    "name");
    public static final MetricFamily ADMISSION_REQUESTS =
            TABLE.gauge(
                    "weir_admission_requests",
                    "Requests let in that wait for their answer.",
                    "kind",
                    "name");
    public static final MetricFamily ADMISSION_ADMITTED =
            TABLE.counter("weir_admission_admitted_total", "Requests let in.", "kind", "name");
    public static final MetricFamily ADMISSION_REFUSED =
            TABLE.counter(
                    "weir_admission_refused_total",
                    "Requests refused because answers would have come late, by priority.",
                    "kind",
                    "name",
                    "priority");
    public static final MetricFamily RATE_QUEUED =
            TABLE.gauge(
                    "weir_rate_queued_requests",
                    "Requests that wait for their turn at a rate class.",
                    CLASS);
    public static final MetricFamily RATE_ENTERED =
            TABLE.counter(
                    "weir_rate_entered_total",
                    "Requests that a rate class let pass or had wait.",
                    CLASS);
    public static final MetricFamily RATE_LEFT =
            TABLE.counter("weir_rate_left_total", "Those of them that wait no longer.", CLASS);
    public static final MetricFamily RATE_REFUSED =
            TABLE.counter(
                    "weir_rate_refused_total",
                    "Requests that a rate class let neither pass nor wait.",
                    CLASS);
    public static final MetricFamily BANDWIDTH_BYTES =
            TABLE.counter("weir_bandwidth_bytes_total", "Bytes sent in a bandwidth class.", CLASS);
    public static final MetricFamily BANDWIDTH_CONNECTIONS =
            TABLE.gauge("weir_bandwidth_connections", "Connections of a bandwidth class.", CLASS);
    public static final MetricFamily BANDWIDTH_WAITING =
            TABLE.gauge(
                    "weir_bandwidth_waiting_connections",
                    "Connections that share the maximum of a class and wait for their turn.",
                    CLASS);

    /** Every family above. */
    static final List<MetricFamily> ALL = TABLE.all();

    private ClassFamilies() {}
}
