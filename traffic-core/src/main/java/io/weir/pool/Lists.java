package io.weir.pool;

import io.weir.balance.Candidates;
import io.weir.config.PoolConfig;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * The nodes of a pool sorted by what new requests may do with them.
 *
 * @param open the nodes that requests go to: with priority lists, the best that make up the number
 * @param reserve usable nodes of lower priority, for requests that have failed on all the others
 * @param trials condemned nodes that would be open if they were well
 * @param rampsEnd when the last ramp of an open node ends, as reading of the ticker; means nothing
 *     unless one is ramping
 */
record Lists(
        Candidates open,
        PoolNode[] openNodes,
        Candidates reserve,
        PoolNode[] reserveNodes,
        List<Trial> trials,
        long rampsEnd) {

    /**
     * A condemned node that is tried out with single exchanges.
     *
     * @param from when, as reading of the ticker
     */
    record Trial(PoolNode node, long from) {}

    /** For a pool that takes no requests. */
    static Lists closed(int members) {
        Candidates nobody = candidates(List.of(), members, false, 0, 0);
        return new Lists(nobody, new PoolNode[0], nobody, new PoolNode[0], List.of(), 0);
    }

    /** Sorts {@code members}, which are in the order that the balancer knows. */
    static Lists of(List<Member> members, PoolConfig config, long now) {
        List<Member> ranked = new ArrayList<>(members);
        if (config.priorityNodes() > 0) {
            ranked.sort(Comparator.comparingInt((Member m) -> m.priority).reversed());
        }
        List<Member> open = new ArrayList<>();
        List<Member> reserve = new ArrayList<>();
        List<Trial> trials = new ArrayList<>();
        int listed = 0;
        boolean enough = false;
        for (Member member : ranked) {
            if (config.priorityNodes() > 0 && !enough && open.size() >= config.priorityNodes()) {
                enough = member.priority < listed;
            }
            listed = member.priority;
            if (member.status.accepts(false)) {
                (enough ? reserve : open).add(member);
            } else if (!enough && member.admin == Admin.ACTIVE && member.onlyCondemned(config)) {
                trials.add(new Trial(member.node, member.triedAgainFrom));
            }
        }
        if (!open.isEmpty() && open.stream().allMatch(m -> m.ramping)) {
            // There is nobody to take the rest of the load.
            open.forEach(m -> m.ramping = false);
        }
        long ramp = config.slowStart().toNanos();
        boolean ramping = open.stream().anyMatch(m -> m.ramping);
        long rampsEnd =
                open.stream()
                                .filter(m -> m.ramping)
                                .mapToLong(m -> m.rampStart - now)
                                .max()
                                .orElse(0)
                        + now
                        + ramp;
        return new Lists(
                candidates(open, members.size(), ramping, now, ramp),
                nodes(open),
                candidates(reserve, members.size(), false, now, ramp),
                nodes(reserve),
                List.copyOf(trials),
                rampsEnd);
    }

    private static PoolNode[] nodes(Collection<Member> list) {
        return list.stream().map(m -> m.node).toArray(PoolNode[]::new);
    }

    private static Candidates candidates(
            List<Member> list, int memberCount, boolean ramping, long now, long ramp) {
        long[] starts = null;
        if (ramping) {
            starts = new long[list.size()];
            Arrays.setAll(starts, i -> list.get(i).ramping ? list.get(i).rampStart : now - ramp);
        }
        return new Candidates(
                nodes(list),
                list.stream().mapToInt(m -> m.weight).toArray(),
                list.stream().mapToInt(m -> m.position).toArray(),
                memberCount,
                starts,
                ramp);
    }
}
