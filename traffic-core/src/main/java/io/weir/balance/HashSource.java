package io.weir.balance;

import io.weir.config.PoolConfig;

/** A request as far as a balancer may look at it. Confined to the event loop of the request. */
@FunctionalInterface
public interface HashSource {

    /**
     * A well-mixed hash of the part of the request that {@code key} names, equal on every machine.
     */
    long hash(PoolConfig.HashKey key);
}
