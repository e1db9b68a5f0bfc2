package io.weir.balance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Random;

/** The algorithms that compare nodes. */
class ScoredAlgorithmsTest {

    private final Random dice = new Random(11);

    @Test
    void leastConnectionsChoosesAnyOfTheLeastLoaded() {
        Nodes nodes = Nodes.equal(4).load(3, 1, 1, 1);

        int[] counts = nodes.count(new LeastConnections(false, () -> dice), nodes.open(), 3000, 0);

        assertThat(counts[0]).isZero();
        assertThat(counts[1]).isBetween(900, 1100);
        assertThat(counts[2]).isBetween(900, 1100);
        assertThat(counts[3]).isBetween(900, 1100);
    }

    @Test
    void weightsMatterAmongIdleNodes() {
        Nodes nodes = Nodes.weighted(1, 3);

        assertThat(pick(new LeastConnections(true, () -> dice), nodes)).isEqualTo(1);
        assertThat(pick(new LeastConnections(true, () -> dice), nodes.load(0, 3))).isEqualTo(0);
    }

    @Test
    void fastestTakesNodesWithinAQuarterForEquals() {
        Nodes nodes = Nodes.equal(3).expected(10_000, 12_400, 12_600).load(2, 1, 0);

        assertThat(pick(new FastestResponseTime(() -> dice), nodes)).isEqualTo(1);
    }

    @Test
    void fastestAsksAnUnknownNodeOnceAndThenWaits() {
        FastestResponseTime balancer = new FastestResponseTime(() -> dice);
        Nodes nodes = Nodes.equal(2).expected(10_000, 0).load(1, 0);
        assertThat(pick(balancer, nodes)).isEqualTo(1);

        nodes.load(50, 1);

        assertThat(pick(balancer, nodes)).isEqualTo(0);
    }

    @Test
    void perceptiveWeighsLoadAgainstSpeed() {
        Perceptive balancer = new Perceptive(() -> dice);
        Nodes nodes = Nodes.equal(2).expected(10_000, 40_000);

        assertThat(pick(balancer, nodes.load(2, 0))).isEqualTo(0);
        assertThat(pick(balancer, nodes.load(4, 0))).isEqualTo(1);
    }

    @Test
    void perceptiveIsLeastConnectionsWhenTimesAreAlike() {
        Nodes nodes = Nodes.equal(2).expected(10_000, 12_000);

        assertThat(pick(new Perceptive(() -> dice), nodes.load(1, 0))).isEqualTo(1);
    }

    @Test
    void twoChoicesNeverTakesTheMostLoadedNode() {
        Nodes nodes = Nodes.equal(5).load(9, 1, 2, 3, 4);

        int[] counts = nodes.count(new PowerOfTwoChoices(() -> dice), nodes.open(), 1000, 0);

        assertThat(counts[0]).isZero();
        assertThat(counts[1]).isBetween(350, 450);
    }

    @Test
    void twoChoicesManagesWithASingleNode() {
        assertThat(pick(new PowerOfTwoChoices(() -> dice), Nodes.equal(1))).isEqualTo(0);
    }

    private static int pick(Balancer balancer, Nodes nodes) {
        return balancer.pick(nodes.open(), Nodes.NO_HASH, 0);
    }
}
