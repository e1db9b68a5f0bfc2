package io.weir.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.PoolConfig;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** What holds for all algorithms alike. */
class EveryAlgorithmTest {

    private static final PoolConfig.HashKey PATH =
            new PoolConfig.HashKey(PoolConfig.HashKey.Kind.PATH, null);

    static Stream<Balancer> all() {
        Random dice = new Random(7);
        Supplier<RandomGenerator> random = () -> dice;
        return Stream.of(
                new RoundRobin(false, -2),
                new RoundRobin(true, -2),
                new LeastConnections(false, random),
                new LeastConnections(true, random),
                new FastestResponseTime(random),
                new RandomChoice(random),
                new Perceptive(random),
                new PowerOfTwoChoices(random),
                new ConsistentHash(PATH, Nodes.equal(5).addresses()));
    }

    @ParameterizedTest
    @MethodSource("all")
    void neverChoosesAnExcludedNode(Balancer balancer) {
        Nodes nodes = Nodes.equal(5);
        for (int mask = 0; mask < 31; mask++) {
            int out = mask;
            Candidates open = nodes.open().without(i -> (out >> i & 1) == 1);

            int[] counts = nodes.count(balancer, open, 200, 0);

            for (int i = 0; i < 5; i++) {
                assertThat(counts[i] > 0)
                        .as("mask %s node %s", mask, i)
                        .isEqualTo((out >> i & 1) == 0);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void choosesNobodyWhenAllAreExcluded(Balancer balancer) {
        Candidates open = Nodes.equal(5).open().without(i -> true);

        assertThat(balancer.pick(open, Nodes.NO_HASH, 0)).isEqualTo(Balancer.NONE);
        assertThat(open.exhausted()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("all")
    void choosesARampingNodeWhenThereIsNoOther(Balancer balancer) {
        Candidates open = Nodes.equal(5).ramping(0, 0, -100, -100, -100).without(i -> i > 1);

        assertThat(balancer.pick(open, Nodes.NO_HASH, 0)).isBetween(0, 1);
    }

    @ParameterizedTest
    @MethodSource("all")
    void aNodeAtTheVeryBeginningOfItsRampGetsNothing(Balancer balancer) {
        Nodes nodes = Nodes.equal(5);

        int[] counts = nodes.count(balancer, nodes.ramping(-100, -100, 0, -100, -100), 1000, 0);

        assertThat(counts[2]).isZero();
    }

    @ParameterizedTest
    @MethodSource("all")
    void idleEqualNodesGetAboutEqualShares(Balancer balancer) {
        Nodes nodes = Nodes.equal(5);

        for (int count : nodes.count(balancer, nodes.open(), 10_000, 0)) {
            assertThat(count).isBetween(1600, 2400);
        }
    }

    @Test
    void theKeywordsAreThoseOfTheConfiguration() {
        List<String> keywords =
                BalancerFactory.all().stream().map(BalancerFactory::keyword).toList();

        assertThat(keywords)
                .containsExactly(
                        "round-robin",
                        "weighted-round-robin",
                        "least-connections",
                        "weighted-least-connections",
                        "fastest-response-time",
                        "random",
                        "perceptive",
                        "power-of-two-choices",
                        "consistent-hash");
        assertThat(keywords).allMatch(keyword -> BalancerFactory.of(keyword) != null);
        assertThat(BalancerFactory.of("roundrobin")).isNull();
    }
}
