package io.weir.balance;

import io.weir.config.NodeAddress;
import io.weir.config.PoolConfig;

import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** The algorithms that are always there; the first seven are ZXTM's. */
enum BuiltIn implements BalancerFactory {
    ROUND_ROBIN((config, members, random) -> new RoundRobin(false, random.get().nextInt())),
    WEIGHTED_ROUND_ROBIN((config, members, random) -> new RoundRobin(true, random.get().nextInt())),
    LEAST_CONNECTIONS((config, members, random) -> new LeastConnections(false, random)),
    WEIGHTED_LEAST_CONNECTIONS((config, members, random) -> new LeastConnections(true, random)),
    FASTEST_RESPONSE_TIME((config, members, random) -> new FastestResponseTime(random)),
    RANDOM((config, members, random) -> new RandomChoice(random)),
    PERCEPTIVE((config, members, random) -> new Perceptive(random)),
    POWER_OF_TWO_CHOICES((config, members, random) -> new PowerOfTwoChoices(random)),
    CONSISTENT_HASH((config, members, random) -> new ConsistentHash(config.hash(), members));

    private final Maker maker;

    BuiltIn(Maker maker) {
        this.maker = maker;
    }

    @Override
    public String keyword() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public Balancer create(
            PoolConfig config,
            List<NodeAddress> members,
            Supplier<? extends RandomGenerator> random) {
        return maker.create(config, members, random);
    }

    private interface Maker {
        Balancer create(
                PoolConfig config,
                List<NodeAddress> members,
                Supplier<? extends RandomGenerator> random);
    }
}
