package io.weir.balance;

import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Draws two nodes and takes the one with fewer exchanges in flight: nearly as even as looking at
 * all, at a cost that does not grow with the pool.
 */
final class PowerOfTwoChoices implements Balancer {

    private static final int TRIES = 8;

    private final Supplier<? extends RandomGenerator> random;

    PowerOfTwoChoices(Supplier<? extends RandomGenerator> random) {
        this.random = random;
    }

    @Override
    public int pick(Candidates open, HashSource request, long now) {
        int n = open.size();
        if (n < 2) {
            return Ramp.any(open, 0, now);
        }
        RandomGenerator dice = random.get();
        int first = dice.nextInt(n);
        if (!open.anyExcluded() && !open.anyRamping()) {
            int other = dice.nextInt(n - 1);
            return lighter(open, first, other < first ? other : other + 1);
        }
        int found = NONE;
        for (int left = TRIES; left > 0; left--) {
            int drawn = dice.nextInt(n);
            if (drawn == found || open.excluded(drawn) || !Ramp.admits(open, drawn, now, dice)) {
                continue;
            }
            if (found != NONE) {
                return lighter(open, found, drawn);
            }
            found = drawn;
        }
        return found == NONE ? Ramp.any(open, first, now) : found;
    }

    private static int lighter(Candidates open, int a, int b) {
        return open.node(b).inFlight() < open.node(a).inFlight() ? b : a;
    }
}
