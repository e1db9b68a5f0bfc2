/**
 * Tests of pools with a clock that stands still until it is moved, seeded dice and no sockets.
 * Start at {@code World}, which holds what a pool needs. Tests with real name look-ups belong to
 * {@code io.weir.wire.dns}.
 */
@NullMarked
package io.weir.pool;

import org.jspecify.annotations.NullMarked;
