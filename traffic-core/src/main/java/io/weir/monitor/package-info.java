/**
 * Finding out whether nodes are well: the checks themselves, when they run, and what their results
 * add up to. Start at {@link io.weir.monitor.Monitors}, then {@link io.weir.monitor.Check}. What a
 * failed node means for traffic belongs to {@code io.weir.pool}, which hears of it through {@link
 * io.weir.monitor.MonitorSink}.
 */
@NullMarked
package io.weir.monitor;

import org.jspecify.annotations.NullMarked;
