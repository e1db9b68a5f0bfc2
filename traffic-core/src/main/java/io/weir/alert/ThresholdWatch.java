package io.weir.alert;

import io.weir.config.ThresholdConfig;
import io.weir.event.CustomEvents;
import io.weir.event.EventBus;
import io.weir.event.EventTag;
import io.weir.event.ObjectRef;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/** One threshold: whether its figure is within its bounds. Confined to one thread at a time. */
final class ThresholdWatch {

    /** A figure at a moment. */
    private record Reading(long nanos, double value) {}

    private final ThresholdConfig config;
    private final EventBus events;
    private final Ticker ticker;
    private final boolean counts;

    /** Readings of a counter, the oldest one at least as old as the rate wants. */
    private final Deque<Reading> readings = new ArrayDeque<>();

    /** When the figure left its bounds; null while it is within. */
    private @Nullable Long outSince;

    private boolean crossed;

    ThresholdWatch(ThresholdConfig config, EventBus events, Ticker ticker) {
        this.config = config;
        this.events = events;
        this.ticker = ticker;
        this.counts = config.counter().endsWith("_total");
    }

    ThresholdConfig config() {
        return config;
    }

    boolean isCrossed() {
        return crossed;
    }

    /**
     * Takes note of the figure now.
     *
     * @param sum of all figures with the labels; null when there is none, which counts as within
     */
    void look(@Nullable Double sum) {
        Double value = sum == null || !counts ? sum : rate(sum);
        if (sum == null) {
            readings.clear();
        }
        if (crossed) {
            if (value == null ? sum == null : isBack(value)) {
                crossed = false;
                outSince = null;
                emit(
                        EventTag.THRESHOLDCLEARED,
                        value == null
                                ? what() + " is not there any more"
                                : what() + " is " + shown(value) + " again");
            }
            return;
        }
        String bound = value == null ? null : beyond(value);
        if (value == null || bound == null) {
            outSince = null;
            return;
        }
        long now = ticker.nanos();
        Long since = outSince;
        if (since == null) {
            since = now;
            outSince = now;
        }
        if (now - since >= config.hold().toNanos()) {
            crossed = true;
            String text = what() + " is " + shown(value) + ", " + bound + held();
            emit(EventTag.THRESHOLDCROSSED, text);
            String custom = config.customEvent();
            if (custom != null) {
                CustomEvents.emit(events, custom, text, objects());
            }
        }
    }

    /** The threshold is no more: what it has begun is to end. */
    void end() {
        if (crossed) {
            crossed = false;
            emit(EventTag.THRESHOLDCLEARED, "the threshold is not watched any more");
        }
    }

    /** The rate per second over the time that is configured; null while too little is known. */
    private @Nullable Double rate(double count) {
        long now = ticker.nanos();
        Reading last = readings.peekLast();
        if (last != null && count < last.value()) {
            readings.clear(); // A part of the sum is gone or begins anew.
        }
        readings.addLast(new Reading(now, count));
        long span = config.over().toNanos();
        while (readings.size() > 2 && now - second().nanos() >= span) {
            readings.removeFirst();
        }
        Reading first = readings.getFirst();
        long time = now - first.nanos();
        return time < Math.min(span, Duration.ofSeconds(1).toNanos())
                ? null
                : (count - first.value()) / (time / (double) Duration.ofSeconds(1).toNanos());
    }

    private Reading second() {
        var each = readings.iterator();
        each.next();
        return each.next();
    }

    /** What the figure is too much or too little for; null when it is within its bounds. */
    private @Nullable String beyond(double value) {
        Double above = config.above();
        Double below = config.below();
        if (above != null && value > above) {
            return "above " + shown(above);
        }
        return below != null && value < below ? "below " + shown(below) : null;
    }

    private boolean isBack(double value) {
        Double above = config.above();
        Double below = config.below();
        return (above == null || value <= above - config.hysteresis())
                && (below == null || value >= below + config.hysteresis());
    }

    private String what() {
        return config.counter()
                + (config.labels().isEmpty() ? "" : "{" + String.join(",", config.labels()) + "}")
                + (counts ? " per second" : "");
    }

    private String held() {
        return config.hold().isZero() ? "" : " for " + config.hold().toMillis() / 1000.0 + " s";
    }

    private static String shown(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : String.format(Locale.ROOT, "%.3f", value);
    }

    private void emit(EventTag tag, String text) {
        events.emit(tag, "threshold " + config.name() + ": " + text, objects());
    }

    /** The threshold, and what its labels name: event types may be about these, too. */
    private ObjectRef[] objects() {
        List<ObjectRef> objects = new ArrayList<>();
        objects.add(new ObjectRef("thresholds", config.name()));
        for (String label : config.labels()) {
            String name = label.substring(label.indexOf('=') + 1);
            switch (label.substring(0, label.indexOf('='))) {
                case "virtual_server" -> objects.add(ObjectRef.virtualServer(name));
                case "pool" -> objects.add(ObjectRef.pool(name));
                case "node" -> objects.add(ObjectRef.node(name));
                case "rule" -> objects.add(ObjectRef.rule(name));
                default -> {}
            }
        }
        return objects.toArray(ObjectRef[]::new);
    }
}
