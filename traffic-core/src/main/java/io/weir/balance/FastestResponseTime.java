package io.weir.balance;

import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The node that has answered fastest of late. Nodes whose times lie within a quarter of the fastest
 * share the load by exchanges in flight, so that the fastest is not buried. A node without a known
 * time is asked once and then waited for.
 */
final class FastestResponseTime extends LeastScore {

    /** Above every number of exchanges in flight: nodes outside the band come after those in it. */
    private static final double OUTSIDE = 1L << 40;

    FastestResponseTime(Supplier<? extends RandomGenerator> random) {
        super(random);
    }

    @Override
    long basis(Candidates open, long now) {
        return ResponseBand.shortest(open, now);
    }

    @Override
    double score(Candidates open, int index, long now, long shortest) {
        Candidate node = open.node(index);
        int inFlight = node.inFlight();
        long expected = node.expectedNanos(now);
        if (expected == 0) {
            return shortest == 0 || inFlight == 0 ? inFlight : OUTSIDE * 2 + inFlight;
        }
        return ResponseBand.holds(shortest, expected) ? inFlight : OUTSIDE + expected;
    }
}
