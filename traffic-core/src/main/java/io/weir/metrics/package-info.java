/**
 * What Weir counts: cheap counters and latency histograms for the hot path, the metric families
 * with their names, and the Prometheus page that shows them. Start at {@link
 * io.weir.metrics.Metrics}. Decisions taken on counts, and the HTTP listener that serves the page,
 * must not be here.
 */
@NullMarked
package io.weir.metrics;

import org.jspecify.annotations.NullMarked;
