package io.weir.balance;

import io.weir.config.NodeAddress;
import io.weir.config.PoolConfig;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Makes the balancers of one algorithm. The built-in ones are listed by {@link #all}; others are
 * found by {@link ServiceLoader}. Safe for every thread.
 */
public interface BalancerFactory {

    /** The word for the algorithm in a pool's configuration. */
    String keyword();

    /**
     * A balancer for one pool; a new one is made when the settings or the list of nodes change, not
     * when a node fails or recovers.
     *
     * @param members all nodes of the pool, in order
     * @param random asked at every choice, on the choosing thread; what it gives is used at once
     */
    Balancer create(
            PoolConfig config,
            List<NodeAddress> members,
            Supplier<? extends RandomGenerator> random);

    /** Every known algorithm, the built-in ones first. Looks for others each time it is called. */
    static List<BalancerFactory> all() {
        List<BalancerFactory> all = new ArrayList<>(List.of(BuiltIn.values()));
        ServiceLoader.load(BalancerFactory.class).forEach(all::add);
        return all;
    }

    /** The algorithm with {@code keyword}; null if there is none. */
    static @Nullable BalancerFactory of(String keyword) {
        for (BuiltIn algorithm : BuiltIn.values()) {
            if (algorithm.keyword().equals(keyword)) {
                return algorithm;
            }
        }
        for (BalancerFactory algorithm : all()) {
            if (algorithm.keyword().equals(keyword)) {
                return algorithm;
            }
        }
        return null;
    }
}
