package io.weir.metrics;

import java.util.List;

/** The metric families of rules, described for readers in docs/metrics.md. */
public final class RuleFamilies {

    private static final FamilyTable TABLE = new FamilyTable();
    private static final String RULE = "rule";

    public static final MetricFamily RUNS =
            TABLE.counter(
                    "weir_rule_runs_total",
                    "Runs of a rule, by what they came to.",
                    RULE,
                    "outcome");
    public static final MetricFamily WAITS =
            TABLE.counter("weir_rule_waits_total", "How often a rule was suspended to wait.", RULE);
    public static final MetricFamily SELECTS =
            TABLE.counter("weir_rule_selects_total", "Pools that a rule chose.", RULE);
    public static final MetricFamily WARNINGS =
            TABLE.counter(
                    "weir_rule_warnings_total", "Runs that took longer than time-warning.", RULE);
    public static final MetricFamily SECONDS =
            TABLE.counter(
                    "weir_rule_seconds_total", "Time that a rule ran, waits not counted.", RULE);
    public static final MetricFamily STATEMENTS =
            TABLE.counter(
                    "weir_rule_statements_total",
                    "Statements of a rule's own text that were executed.",
                    RULE);
    public static final MetricFamily COUNTER =
            TABLE.counter(
                    "weir_rule_counter_total",
                    "What rules have counted with counter.increment.",
                    "counter");
    public static final MetricFamily DATA_ENTRIES =
            TABLE.gauge("weir_rule_data_entries", "Entries that rules keep with data.set.");
    public static final MetricFamily DATA_BYTES =
            TABLE.gauge("weir_rule_data_bytes", "Bytes that these entries take.");
    public static final MetricFamily TIME =
            TABLE.counter(
                    "weir_rule_time_total",
                    "Runs without a pause, by the time that they took at most: 10us, 100us, 1ms,"
                            + " 10ms, 100ms or more.",
                    RULE,
                    "at_most");

    /** Every family above. */
    static final List<MetricFamily> ALL = TABLE.all();

    private RuleFamilies() {}
}
