package io.weir.balance;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Every node in turn, or as often as its weight says.
 *
 * <p>Weighted turns need no table and no lock: a counter walks round and round over the nodes, and
 * in each round a node of weight w is taken or passed over so that it is taken in w of every W
 * rounds, evenly spread, where W is the greatest weight. One node at least, that of weight W, is
 * taken in every round. A ramping node takes part with its weight scaled down.
 */
final class RoundRobin implements Balancer {

    /** Weights are multiplied by it, so that ramps have a fine grain. */
    private static final int GRAIN = 1024;

    private final boolean weighted;
    private final AtomicInteger turn;

    /**
     * @param first where the counter begins; any value will do
     */
    RoundRobin(boolean weighted, int first) {
        this.weighted = weighted;
        turn = new AtomicInteger(first);
    }

    @Override
    public int pick(Candidates open, HashSource request, long now) {
        int n = open.size();
        if (n == 0) {
            return NONE;
        }
        boolean ramping = open.anyRamping();
        if (!ramping && (!weighted || open.maxWeight() == 1)) {
            int index = Integer.remainderUnsigned(turn.getAndIncrement(), n);
            return open.excluded(index) ? nextTurn(open, n, index) : index;
        }
        long most = 0;
        int best = NONE;
        if (ramping || open.anyExcluded()) {
            for (int i = 0; i < n; i++) {
                long share = open.excluded(i) ? -1 : share(open, i, now);
                if (share > most || best == NONE && share >= 0) {
                    most = share;
                    best = i;
                }
            }
            if (best == NONE || most == 0) {
                return best;
            }
        } else {
            most = (long) open.maxWeight() * GRAIN;
        }
        // Twice round would do if no other thread moved the counter.
        for (int left = 4 * n; left > 0; left--) {
            int at = turn.getAndIncrement();
            int index = Integer.remainderUnsigned(at, n);
            if (open.excluded(index)) {
                continue;
            }
            long share = share(open, index, now);
            long round = Integer.toUnsignedLong(Integer.divideUnsigned(at, n));
            // The offset keeps nodes of equal weight from being passed over in the same rounds.
            long before = round * share + index * most / n;
            if ((before + share) / most != before / most) {
                return index;
            }
        }
        return best == NONE ? Integer.remainderUnsigned(turn.get(), n) : best;
    }

    private int nextTurn(Candidates open, int n, int from) {
        // The turns of excluded nodes are used up, so that the others keep equal shares.
        for (int left = n; left > 0; left--) {
            int index = Integer.remainderUnsigned(turn.getAndIncrement(), n);
            if (!open.excluded(index)) {
                return index;
            }
        }
        for (int step = 1; step < n; step++) {
            int index = (from + step) % n;
            if (!open.excluded(index)) {
                return index;
            }
        }
        return NONE;
    }

    private long share(Candidates open, int index, long now) {
        long weight = weighted ? open.weight(index) : 1;
        return Math.round(weight * GRAIN * open.ramp(index, now));
    }
}
