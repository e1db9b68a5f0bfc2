/**
 * The ways of choosing one of several nodes: the built-in algorithms and the door for others. Start
 * at {@link io.weir.balance.Balancer} and {@link io.weir.balance.BalancerFactory}. Which nodes may
 * be chosen at all (health, drains, limits, retries) is decided by {@code io.weir.pool}, which
 * knows this package and is not known here.
 */
@NullMarked
package io.weir.balance;

import org.jspecify.annotations.NullMarked;
