package io.weir.metrics;

/**
 * Something whose figures are read when the page is written. Called on the thread that serves the
 * page, never on an event loop; calls may overlap when several pages are asked for at once.
 */
@FunctionalInterface
public interface MetricSource {

    /** Gives every present figure to {@code sink}. */
    void collect(MetricSink sink);
}
