package io.weir.balance;

import io.weir.config.NodeAddress;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Candidates whose loads a test sets. */
final class Nodes {

    static final HashSource NO_HASH = key -> 0;

    private final Fixed[] nodes;
    private final int[] weights;

    private Nodes(int... weights) {
        this.weights = weights;
        nodes = new Fixed[weights.length];
        Arrays.setAll(nodes, i -> new Fixed());
    }

    static Nodes weighted(int... weights) {
        return new Nodes(weights);
    }

    static Nodes equal(int count) {
        return new Nodes(IntStream.generate(() -> 1).limit(count).toArray());
    }

    Nodes load(int... inFlight) {
        for (int i = 0; i < inFlight.length; i++) {
            nodes[i].inFlight = inFlight[i];
        }
        return this;
    }

    Nodes expected(long... nanos) {
        for (int i = 0; i < nanos.length; i++) {
            nodes[i].expected = nanos[i];
        }
        return this;
    }

    void begin(int index) {
        nodes[index].inFlight++;
    }

    int load(int index) {
        return nodes[index].inFlight;
    }

    Candidates open() {
        return open(null, 0);
    }

    /** With ramps of 100 ns that began at {@code starts}. */
    Candidates ramping(long... starts) {
        return open(starts, 100);
    }

    private Candidates open(long @org.jspecify.annotations.Nullable [] starts, long ramp) {
        int[] members = IntStream.range(0, nodes.length).toArray();
        return new Candidates(nodes, weights, members, nodes.length, starts, ramp);
    }

    List<NodeAddress> addresses() {
        return IntStream.range(0, nodes.length)
                .mapToObj(i -> new NodeAddress("10.0.0." + (i + 1), 80))
                .toList();
    }

    /** How often each node is chosen in {@code rounds} choices. */
    int[] count(Balancer balancer, Candidates open, int rounds, long now) {
        int[] counts = new int[nodes.length];
        for (int i = 0; i < rounds; i++) {
            long hash = i;
            counts[balancer.pick(open, key -> hash, now)]++;
        }
        return counts;
    }

    private static final class Fixed implements Candidate {
        private int inFlight;
        private long expected;

        @Override
        public int inFlight() {
            return inFlight;
        }

        @Override
        public long expectedNanos(long now) {
            return expected;
        }
    }
}
