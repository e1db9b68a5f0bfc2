package io.weir.config;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;

/**
 * A figure that is watched: the events {@code thresholdcrossed} and {@code thresholdcleared} tell
 * when it leaves its bounds and when it is back.
 *
 * @param counter name of a counter or gauge among the metrics; of a counter the rate is watched
 * @param labels such as {@code pool=web}; the figures that have all of them are added up
 * @param above the upper bound; null for none
 * @param below the lower bound; null for none
 * @param hysteresis how far within its bounds a figure must be to be back
 * @param hold how long it must be out of its bounds without a break
 * @param over the time that the rate of a counter is taken over
 * @param customEvent name of a custom event that is raised as well; null for none
 * @param note for people
 */
public record ThresholdConfig(
        String name,
        String counter,
        List<String> labels,
        @Nullable Double above,
        @Nullable Double below,
        double hysteresis,
        Duration hold,
        Duration over,
        @Nullable String customEvent,
        @Nullable String note) {

    public ThresholdConfig {
        labels = List.copyOf(labels);
    }
}
