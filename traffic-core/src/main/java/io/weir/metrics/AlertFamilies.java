package io.weir.metrics;

import java.util.List;

/** The metric families of event types and actions, described for readers in docs/metrics.md. */
public final class AlertFamilies {

    private static final FamilyTable TABLE = new FamilyTable();

    public static final MetricFamily EVENT_TYPE_MATCHED =
            TABLE.counter(
                    "weir_event_type_matched_total",
                    "Events that an event type matched.",
                    "event_type");
    public static final MetricFamily ACTION_SENT =
            TABLE.counter("weir_action_sent_total", "Events that an action delivered.", "action");
    public static final MetricFamily ACTION_FAILED =
            TABLE.counter(
                    "weir_action_failed_total",
                    "Events that an action gave up: the receiver refused them, or the attempts were"
                            + " used up.",
                    "action");
    public static final MetricFamily ACTION_DROPPED =
            TABLE.counter(
                    "weir_action_dropped_total",
                    "Events that an action never tried because too many waited.",
                    "action");
    public static final MetricFamily ACTION_QUEUED =
            TABLE.gauge("weir_action_queued_events", "Events that wait for an action.", "action");

    /** Every family above. */
    static final List<MetricFamily> ALL = TABLE.all();

    private AlertFamilies() {}
}
