package io.weir.balance;

import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Fewest exchanges in flight, skewed towards the nodes that answer fastest (ZXTM {@code cells}):
 * the score is the time until a node would have worked off what it has and this exchange too. Nodes
 * that are about equally fast are told apart by exchanges in flight only; a node without a known
 * time counts as one of the fastest.
 */
final class Perceptive extends LeastScore {

    Perceptive(Supplier<? extends RandomGenerator> random) {
        super(random);
    }

    @Override
    long basis(Candidates open, long now) {
        return ResponseBand.shortest(open, now);
    }

    @Override
    double score(Candidates open, int index, long now, long shortest) {
        Candidate node = open.node(index);
        long expected = node.expectedNanos(now);
        boolean fast = expected == 0 || ResponseBand.holds(shortest, expected);
        return (node.inFlight() + 1.0) * (fast ? Math.max(1, shortest) : expected);
    }
}
