package io.weir.balance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

class RoundRobinTest {

    @ParameterizedTest
    @ValueSource(ints = {0, -1, -2, -3, Integer.MAX_VALUE - 1, Integer.MIN_VALUE})
    void goesOnInTurnWhereverTheCounterStands(int first) {
        Nodes nodes = Nodes.equal(3);
        RoundRobin balancer = new RoundRobin(false, first);

        int[] counts = nodes.count(balancer, nodes.open(), 30, 0);

        // The one turn that is lost where the counter wraps moves two shares by one.
        assertThat(IntStream.of(counts).min().orElse(0)).isGreaterThan(8);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -5, Integer.MAX_VALUE - 3})
    void weightsAreExactOverAWholeCycle(int first) {
        Nodes nodes = Nodes.weighted(1, 2, 5);
        RoundRobin balancer = new RoundRobin(true, first);
        nodes.count(balancer, nodes.open(), 16, 0);

        assertThat(nodes.count(balancer, nodes.open(), 800, 0)).containsExactly(100, 200, 500);
    }

    @Test
    void weightedTurnsAreSpreadOut() {
        Nodes nodes = Nodes.weighted(1, 5);
        RoundRobin balancer = new RoundRobin(true, 0);
        List<Integer> turns = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            turns.add(balancer.pick(nodes.open(), Nodes.NO_HASH, 0));
        }

        String text = turns.stream().map(String::valueOf).collect(Collectors.joining());
        assertThat(text).doesNotContain("00").doesNotContain("1111111");
    }

    @Test
    void nodesOfEqualSmallWeightAreNotAllPassedOverInTheSameRounds() {
        Nodes nodes = Nodes.weighted(10, 1, 1, 1, 1, 1);
        RoundRobin balancer = new RoundRobin(true, 0);
        List<Integer> turns = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            turns.add(balancer.pick(nodes.open(), Nodes.NO_HASH, 0));
        }

        String text = turns.stream().map(String::valueOf).collect(Collectors.joining());
        assertThat(text).doesNotContain("00000").doesNotContainPattern("[1-5]{4}");
    }

    @Test
    void theOthersKeepEqualSharesWhenOneIsExcluded() {
        Nodes nodes = Nodes.equal(4);
        RoundRobin balancer = new RoundRobin(false, -7);

        int[] counts = nodes.count(balancer, nodes.open().without(i -> i == 1), 300, 0);

        assertThat(counts).containsExactly(100, 0, 100, 100);
    }

    @Test
    void theOthersKeepTheirProportionWhenTheHeaviestIsExcluded() {
        Nodes nodes = Nodes.weighted(1, 100, 3);
        RoundRobin balancer = new RoundRobin(true, 0);

        int[] counts = nodes.count(balancer, nodes.open().without(i -> i == 1), 400, 0);

        assertThat(counts[0]).isBetween(98, 102);
        assertThat(counts[1]).isZero();
    }

    @Test
    void aRampingNodeTakesPartInProportion() {
        Nodes nodes = Nodes.equal(3);
        RoundRobin balancer = new RoundRobin(false, -100);

        int[] counts = nodes.count(balancer, nodes.ramping(0, -100, -100), 2500, 50);

        assertThat(counts[0]).isBetween(495, 505);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void choosesNobodyWhenAllAreExcludedOrThereIsNone(boolean weighted) {
        RoundRobin balancer = new RoundRobin(weighted, 3);

        assertThat(balancer.pick(Nodes.equal(0).open(), Nodes.NO_HASH, 0)).isEqualTo(Balancer.NONE);
        Candidates out = Nodes.weighted(2, 3).open().without(i -> true);
        assertThat(balancer.pick(out, Nodes.NO_HASH, 0)).isEqualTo(Balancer.NONE);
    }
}
