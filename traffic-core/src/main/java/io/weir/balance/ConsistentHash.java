package io.weir.balance;

import io.weir.config.NodeAddress;
import io.weir.config.PoolConfig;

import java.util.Arrays;
import java.util.List;

/**
 * Requests with equal hashes go to the same node, and when a node comes or goes only its own keys
 * move. No node gets more than {@value #BOUND} times its fair part of the exchanges in flight; what
 * is above goes to the next node on the ring.
 *
 * <p>Each member of the pool has {@value #POINTS} points on a ring of 64-bit numbers, found from
 * its address alone, so that every Weir and every restart agree. A key belongs to the first point
 * after it. Weights and ramps thin a node's points out: whether a point takes a key that comes to
 * it is decided by a hash of the two, so that each key moves once while a node is ramped in.
 */
final class ConsistentHash implements Balancer {

    /** How far above the mean the load of a node may rise. */
    static final double BOUND = 1.25;

    private static final int POINTS = 256;

    /** Points looked at before the search for a willing node is given up, per node of the pool. */
    private static final int STEPS = 16;

    private static final long GOLDEN = 0x9e3779b97f4a7c15L;

    /** Low bits of a point that hold the number of its owner. */
    private static final int OWNER_BITS = 20;

    private static final long OWNER = (1L << OWNER_BITS) - 1;

    private final PoolConfig.HashKey key;
    private final long[] points;
    private final int members;

    ConsistentHash(PoolConfig.HashKey key, List<NodeAddress> members) {
        this.key = key;
        this.members = members.size();
        points = new long[members.size() * POINTS];
        for (int member = 0; member < members.size(); member++) {
            long seed = mix(fnv(members.get(member).toString()));
            for (int k = 0; k < POINTS; k++) {
                long point = mix(seed + (k + 1) * GOLDEN);
                points[member * POINTS + k] = point & ~OWNER | member;
            }
        }
        Arrays.sort(points);
    }

    @Override
    public int pick(Candidates open, HashSource request, long now) {
        if (open.size() == 0) {
            return NONE;
        }
        long hash = mix(request.hash(key));
        int at = Arrays.binarySearch(points, hash);
        at = at >= 0 ? at : -at - 1;
        int first = NONE;
        double room = -1;
        for (int left = Math.min(points.length, STEPS * members); left > 0; left--, at++) {
            if (at == points.length) {
                at = 0;
            }
            int member = (int) (points[at] & OWNER);
            int index = open.indexOf(member);
            if (index < 0 || open.excluded(index)) {
                continue;
            }
            if (first == NONE) {
                first = index;
            }
            double part = open.ramp(index, now) * open.weight(index);
            if (!takes(part / open.maxWeight(), hash ^ points[at] & ~OWNER)) {
                continue;
            }
            int inFlight = open.node(index).inFlight();
            if (inFlight == 0) {
                return index;
            }
            if (room < 0) {
                room = BOUND * (inFlight(open) + 1) / parts(open, now);
            }
            if (inFlight < Math.ceil(room * part)) {
                return index;
            }
        }
        return first != NONE ? first : Ramp.any(open, 0, now);
    }

    private static boolean takes(double part, long keyAndPoint) {
        return part >= 1 || (mix(keyAndPoint) >>> 11) * 0x1.0p-53 < part;
    }

    private static long inFlight(Candidates open) {
        long sum = 0;
        for (int i = 0; i < open.size(); i++) {
            sum += open.excluded(i) ? 0 : open.node(i).inFlight();
        }
        return sum;
    }

    private static double parts(Candidates open, long now) {
        double sum = 0;
        for (int i = 0; i < open.size(); i++) {
            sum += open.excluded(i) ? 0 : open.ramp(i, now) * open.weight(i);
        }
        return sum;
    }

    private static long fnv(String text) {
        long h = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            h = (h ^ text.charAt(i)) * 0x100000001b3L;
        }
        return h;
    }

    /** Spreads every bit of {@code z} over all bits (the finisher of SplitMix64). */
    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
