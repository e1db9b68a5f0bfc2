/**
 * Pools at work: which nodes there are, how they fare, and which of them serves a request. Start at
 * {@link io.weir.pool.Pool#choose}, then {@link io.weir.pool.PoolView}, which it reads, and {@code
 * Roster}, which writes it. No sockets and no name look-ups belong here (they call in through
 * {@link io.weir.pool.Lease}, {@link io.weir.pool.NodeNames} and {@link
 * io.weir.pool.Pool#monitorResult}), and no algorithms (those are {@code io.weir.balance}).
 */
@NullMarked
package io.weir.pool;

import org.jspecify.annotations.NullMarked;
