package io.weir.balance;

import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Any node with equal chance. */
final class RandomChoice implements Balancer {

    private static final int TRIES = 8;

    private final Supplier<? extends RandomGenerator> random;

    RandomChoice(Supplier<? extends RandomGenerator> random) {
        this.random = random;
    }

    @Override
    public int pick(Candidates open, HashSource request, long now) {
        int n = open.size();
        if (n == 0) {
            return NONE;
        }
        RandomGenerator dice = random.get();
        int index = dice.nextInt(n);
        if (!open.anyExcluded() && !open.anyRamping()) {
            return index;
        }
        for (int left = TRIES; left > 0; left--) {
            if (!open.excluded(index) && Ramp.admits(open, index, now, dice)) {
                return index;
            }
            index = dice.nextInt(n);
        }
        return Ramp.any(open, index, now);
    }
}
