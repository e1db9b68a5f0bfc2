package io.weir.balance;

import org.jspecify.annotations.Nullable;

import java.util.function.IntPredicate;

/**
 * The nodes among which a balancer chooses: an immutable list with weights. Balancers name a node
 * by its index. Some nodes may be excluded for one request (it has failed on them, or they are
 * full); some may be <i>ramping</i>: come into use a short time ago, to be given only a part of
 * their share.
 */
public final class Candidates {

    private final Candidate[] nodes;
    private final int[] weights;
    private final int[] members;
    private final int[] indexes;
    private final int maxWeight;
    private final long @Nullable [] rampStarts;
    private final long rampNanos;
    private final boolean @Nullable [] excluded;

    /**
     * @param nodes not copied, not to be changed
     * @param weights of the nodes, 1 to 100
     * @param members position of each node in the list that the balancer was created with
     * @param memberCount length of that list
     * @param rampStarts when each node's ramp began, as reading of the pool's ticker; null when no
     *     node is ramping, and at least {@code rampNanos} ago for those that are not
     * @param rampNanos length of the ramp
     */
    public Candidates(
            Candidate[] nodes,
            int[] weights,
            int[] members,
            int memberCount,
            long @Nullable [] rampStarts,
            long rampNanos) {
        this.nodes = nodes;
        this.weights = weights;
        this.members = members;
        this.rampStarts = rampStarts;
        this.rampNanos = rampNanos;
        excluded = null;
        indexes = new int[memberCount];
        java.util.Arrays.fill(indexes, -1);
        int max = 1;
        for (int i = 0; i < nodes.length; i++) {
            indexes[members[i]] = i;
            max = Math.max(max, weights[i]);
        }
        maxWeight = max;
    }

    private Candidates(Candidates all, boolean[] excluded) {
        nodes = all.nodes;
        weights = all.weights;
        members = all.members;
        indexes = all.indexes;
        maxWeight = all.maxWeight;
        rampStarts = all.rampStarts;
        rampNanos = all.rampNanos;
        this.excluded = excluded;
    }

    /**
     * The same nodes, those excluded for which {@code out} holds besides those that already were.
     */
    public Candidates without(IntPredicate out) {
        boolean[] next = excluded == null ? new boolean[nodes.length] : excluded.clone();
        for (int i = 0; i < next.length; i++) {
            next[i] |= out.test(i);
        }
        return new Candidates(this, next);
    }

    /** How many nodes there are, excluded ones included. */
    public int size() {
        return nodes.length;
    }

    public Candidate node(int index) {
        return nodes[index];
    }

    public int weight(int index) {
        return weights[index];
    }

    /** The greatest weight among all nodes, excluded ones included. */
    public int maxWeight() {
        return maxWeight;
    }

    /** Position of the node in the list that the balancer was created with. */
    public int member(int index) {
        return members[index];
    }

    /**
     * The node at {@code member} of the list the balancer was created with; -1 if it is not here.
     */
    public int indexOf(int member) {
        return indexes[member];
    }

    /** Whether any node is excluded. */
    public boolean anyExcluded() {
        return excluded != null;
    }

    /** Whether the node must not be chosen. */
    public boolean excluded(int index) {
        return excluded != null && excluded[index];
    }

    /** Whether every node is excluded, or there is none. */
    public boolean exhausted() {
        if (excluded == null) {
            return nodes.length == 0;
        }
        for (boolean out : excluded) {
            if (!out) {
                return false;
            }
        }
        return true;
    }

    /** Whether any node may be ramping. */
    public boolean anyRamping() {
        return rampStarts != null;
    }

    /** The part of its share that the node may have at {@code now}: 0 to 1. */
    public double ramp(int index, long now) {
        if (rampStarts == null) {
            return 1;
        }
        long age = now - rampStarts[index];
        return age >= rampNanos ? 1 : Math.max(0, (double) age / rampNanos);
    }
}
