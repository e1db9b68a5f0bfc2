package io.weir.balance;

import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Chooses the node with the lowest score, and among equals any with equal chance. Looks at every
 * node; pools of hundreds of nodes are served faster by {@link PowerOfTwoChoices}.
 *
 * <p>A ramping node has few exchanges and perhaps no response time, so its score alone would send
 * everything its way. It takes part in a choice only with the chance of its ramp, which bounds its
 * share at low load, and only while its load is below that part of the load of the best other node,
 * which bounds it at high load.
 */
abstract class LeastScore implements Balancer {

    private final Supplier<? extends RandomGenerator> random;

    LeastScore(Supplier<? extends RandomGenerator> random) {
        this.random = random;
    }

    /** What all scores of one choice are measured against; read once per choice. */
    long basis(Candidates open, long now) {
        return 0;
    }

    /** The lower the better. */
    abstract double score(Candidates open, int index, long now, long basis);

    @Override
    public final int pick(Candidates open, HashSource request, long now) {
        int n = open.size();
        RandomGenerator dice = random.get();
        boolean ramping = open.anyRamping();
        long basis = basis(open, now);
        int best = NONE;
        double least = 0;
        int equals = 0;
        int settled = 0;
        for (int i = 0; i < n; i++) {
            if (open.excluded(i) || ramping && open.ramp(i, now) < 1) {
                continue;
            }
            settled++;
            double score = score(open, i, now, basis);
            if (best == NONE || score < least) {
                best = i;
                least = score;
                equals = 1;
            } else if (score == least && dice.nextInt(++equals) == 0) {
                best = i;
            }
        }
        if (!ramping) {
            return best;
        }
        int load = best == NONE ? 0 : open.node(best).inFlight() + 1;
        for (int i = 0; i < n; i++) {
            double ramp = open.ramp(i, now);
            if (open.excluded(i)
                    || ramp >= 1
                    || settled > 0 && !admits(dice, ramp, settled, open.node(i).inFlight(), load)) {
                continue;
            }
            double score = score(open, i, now, basis);
            if (best == NONE || score < least) {
                best = i;
                least = score;
                equals = 1;
            } else if (score == least && dice.nextInt(++equals) == 0) {
                best = i;
            }
        }
        return best;
    }

    private static boolean admits(
            RandomGenerator dice, double ramp, int others, int inFlight, int load) {
        // Drawing lots with idle equals then gives it ramp parts where each of them has one.
        double chance = ramp * (others + 1) / (others + ramp);
        return inFlight < ramp * load && dice.nextDouble() < chance;
    }
}
