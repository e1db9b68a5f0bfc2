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
                return lighter(open, found, drawn, now);
            }
            found = drawn;
        }
        return found == NONE ? Ramp.any(open, first, now) : found;
    }

    /** The one with fewer exchanges, where a ramping node may have but a part of the other's. */
    private static int lighter(Candidates open, int a, int b, long now) {
        double rampA = open.ramp(a, now);
        double rampB = open.ramp(b, now);
        if (rampA == rampB) {
            return lighter(open, a, b);
        }
        int young = rampA < rampB ? a : b;
        int old = rampA < rampB ? b : a;
        int other = open.node(old).inFlight();
        boolean room = open.node(young).inFlight() < open.ramp(young, now) * (other + 1);
        return room ? lighter(open, a, b) : old;
    }

    private static int lighter(Candidates open, int a, int b) {
        return open.node(b).inFlight() < open.node(a).inFlight() ? b : a;
    }
}
