/**
 * Request rate shaping: how many requests may go on in a second, and the queues of those that wait.
 * Start at {@link io.weir.rate.RateClass}. Whom a rate belongs to is decided elsewhere; what cannot
 * be made to wait, such as connections that come too often, belongs to {@code io.weir.protect}.
 */
@NullMarked
package io.weir.rate;

import org.jspecify.annotations.NullMarked;
