/**
 * Makes a running data plane out of a configuration, swaps it for the next one, drains and stops
 * it. Start at {@link io.weir.runtime.DataPlane}. How one exchange is served belongs to {@code
 * io.weir.exchange}; who may change what belongs to {@code io.weir.control}.
 */
@NullMarked
package io.weir.runtime;

import org.jspecify.annotations.NullMarked;
