package io.weir.balance;

import java.util.random.RandomGenerator;

/** How algorithms that draw lots treat ramping nodes. */
final class Ramp {

    private Ramp() {}

    /** Whether a drawn node may be chosen: a ramping one only with the chance of its ramp. */
    static boolean admits(Candidates open, int index, long now, RandomGenerator dice) {
        if (!open.anyRamping()) {
            return true;
        }
        double ramp = open.ramp(index, now);
        return ramp >= 1 || dice.nextDouble() < ramp;
    }

    /**
     * The first node from {@code start} that is not excluded, ramping nodes only when there is no
     * other; {@link Balancer#NONE} when all are excluded.
     */
    static int any(Candidates open, int start, long now) {
        int n = open.size();
        int ramping = Balancer.NONE;
        for (int step = 0; step < n; step++) {
            int index = (start + step) % n;
            if (open.excluded(index)) {
                continue;
            }
            if (open.ramp(index, now) >= 1) {
                return index;
            }
            if (ramping == Balancer.NONE) {
                ramping = index;
            }
        }
        return ramping;
    }
}
