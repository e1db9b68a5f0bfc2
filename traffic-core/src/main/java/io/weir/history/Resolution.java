package io.weir.history;

import java.util.List;

/**
 * How finely a stretch of the past is kept.
 *
 * @param stepSeconds between two values
 * @param rows so many values, the newest in the place of the oldest
 */
record Resolution(int stepSeconds, int rows) {

    /**
     * Two hours, two days, two weeks and ninety days; each step is a multiple of the one before.
     */
    static final List<Resolution> ALL =
            List.of(
                    new Resolution(10, 720),
                    new Resolution(60, 2880),
                    new Resolution(600, 2016),
                    new Resolution(3600, 2160));

    long spanSeconds() {
        return (long) stepSeconds * rows;
    }

    /** The beginning of the step that {@code second} is in. */
    long floor(long second) {
        return Math.floorDiv(second, stepSeconds) * stepSeconds;
    }
}
