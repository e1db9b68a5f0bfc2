package io.weir.balance;

import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** The node with the fewest exchanges in flight, counted per unit of weight if so wished. */
final class LeastConnections extends LeastScore {

    private final boolean weighted;

    LeastConnections(boolean weighted, Supplier<? extends RandomGenerator> random) {
        super(random);
        this.weighted = weighted;
    }

    @Override
    double score(Candidates open, int index, long now, long basis) {
        int inFlight = open.node(index).inFlight();
        // The exchange to be placed counts, else weights would mean nothing among idle nodes.
        return weighted ? (inFlight + 1) / (double) open.weight(index) : inFlight;
    }
}
