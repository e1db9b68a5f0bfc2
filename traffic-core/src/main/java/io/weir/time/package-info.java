/**
 * Time as a parameter. Start at {@link io.weir.time.Ticker}. Nothing outside this package and the
 * launcher may read the system clock directly.
 */
@NullMarked
package io.weir.time;

import org.jspecify.annotations.NullMarked;
