/**
 * Tests of the algorithms by themselves: odd starting states, excluded nodes, chances. Start at
 * {@code Nodes}, which makes candidates. How traffic spreads over a live pool is tested in {@code
 * io.weir.pool}.
 */
@NullMarked
package io.weir.balance;

import org.jspecify.annotations.NullMarked;
