/**
 * The figures of the last 90 days: series of values at falling resolution in files of a fixed size.
 * Start at {@link io.weir.history.History}. What the figures are is decided elsewhere: they come
 * from any {@link io.weir.metrics.MetricSource}.
 */
@NullMarked
package io.weir.history;

import org.jspecify.annotations.NullMarked;
