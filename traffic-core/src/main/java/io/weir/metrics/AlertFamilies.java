package io.weir.metrics;

import java.util.List;

/** The metric families of event types and actions, described for readers in docs/metrics.md. */
public final class AlertFamilies {

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

    /** Every family above. */
    static final List<MetricFamily> ALL =
            List.of(EVENT_TYPE_MATCHED, ACTION_SENT, ACTION_FAILED, ACTION_DROPPED, ACTION_QUEUED);

    private AlertFamilies() {}
}
