/**
 * What went wrong with an exchange: one closed list of endings that answers, logs and counts alike.
 * Start at {@link io.weir.fault.TrafficFault}. How a fault is answered belongs to {@code
 * io.weir.exchange}.
 */
@NullMarked
package io.weir.fault;

import org.jspecify.annotations.NullMarked;
