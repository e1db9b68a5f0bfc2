package io.weir.history;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The values of some series over a stretch of time.
 *
 * @param from beginning of the first step
 * @param to end of the last step
 */
public record Chart(Instant from, Instant to, Duration step, List<Line> lines) {

    public Chart {
        lines = List.copyOf(lines);
    }

    /**
     * One series.
     *
     * @param values one for each step; NaN where there is none
     */
    public record Line(String id, List<Double> values) {
        public Line {
            values = List.copyOf(values);
        }
    }
}
