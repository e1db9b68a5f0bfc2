package io.weir.pool;

import io.weir.balance.Balancer;
import io.weir.balance.Candidates;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;

/**
 * Picks a node of one pool by a view of it, and takes a place on it: the session's own node, one
 * that is tried out, one that comes into use, or the balancer's choice. Safe for every thread;
 * takes no lock and makes no garbage but the answer.
 */
final class NodePicker {

    private final Pool pool;

    NodePicker(Pool pool) {
        this.pool = pool;
    }

    /** A trial on a condemned node whose quarantine is over, one at a time. */
    @Nullable Lease tryOut(PoolView v, Selection s, long now) {
        boolean retry = s.attempts() > 0;
        for (Lists.Trial trial : v.trials()) {
            PoolNode node = trial.node();
            long late = now - trial.from();
            // When only requests come that must not be repeated, one of them has to do.
            boolean due =
                    late >= 0 && (s.repeatable() || late >= v.config().retryFailTime().toNanos());
            if (due && !s.tried(node) && node.onTrial.compareAndSet(false, true)) {
                Lease lease = enter(v, node, v.limit(), now, retry, true, false);
                if (lease != null) {
                    return lease;
                }
                node.onTrial.set(false);
            }
        }
        return null;
    }

    /** The node of the session that {@code s} belongs to, when it may be used; else null. */
    @Nullable PoolNode pinned(PoolView v, Selection s) {
        PoolNode node = s.pinned();
        return node != null
                        && node.pool() == pool
                        && node.status().accepts(true)
                        && v.entry(node) != null
                        && !s.tried(node)
                ? node
                : null;
    }

    /** A node with room, for a session its own; null when there is none. */
    @Nullable Lease pick(PoolView v, Selection s, long now) {
        boolean retry = s.attempts() > 0;
        PoolNode session = pinned(v, s);
        if (session != null) {
            return enter(v, session, v.limit(), now, retry, false, true);
        }
        Lease lease = pick(v, s, now, v.open(), retry, false);
        return lease == null && retry && untried(v.open(), v, s, false).exhausted()
                ? pick(v, s, now, v.reserve(), true, true)
                : lease;
    }

    private @Nullable Lease pick(
            PoolView v, Selection s, long now, Candidates all, boolean retry, boolean reserve) {
        Candidates open = retry ? untried(all, v, s, reserve) : all;
        if (open.anyRamping() && !retry) {
            Lease first = feed(v, now);
            if (first != null) {
                return first;
            }
        }
        Balancer balancer = v.balancer();
        int limit = v.limit();
        for (int index = balancer.pick(open, s, now);
                index >= 0;
                index = balancer.pick(open, s, now)) {
            Lease lease = enter(v, node(v, index, reserve), limit, now, retry, false, false);
            if (lease != null) {
                return lease;
            }
            int refused = index;
            open =
                    open.without(
                            i ->
                                    i == refused
                                            || limit > 0
                                                    && node(v, i, reserve).inFlight() >= limit);
        }
        return null;
    }

    private static PoolNode node(PoolView v, int index, boolean reserve) {
        return reserve ? v.reserveNode(index) : v.openNode(index);
    }

    /** A node that comes into use gets one request at once; its share begins at nothing. */
    private @Nullable Lease feed(PoolView v, long now) {
        for (int i = 0; i < v.open().size(); i++) {
            PoolNode node = v.openNode(i);
            if (!node.fed.get() && node.fed.compareAndSet(false, true)) {
                return enter(v, node, v.limit(), now, false, false, false);
            }
        }
        return null;
    }

    private static Candidates untried(Candidates all, PoolView v, Selection s, boolean reserve) {
        return all.without(i -> s.tried(node(v, i, reserve)));
    }

    /**
     * The place on {@code node}, of a pool that sets no limits and where all is well; else null.
     */
    @Nullable Lease enter(PoolView v, PoolNode node, long now) {
        return enter(v, node, 0, now, false, false, false);
    }

    /** The place on {@code node}, which is asked for by name as that of a session is; else null. */
    @Nullable Lease enter(PoolView v, PoolNode node, long now, boolean retry) {
        return enter(v, node, v.limit(), now, retry, false, true);
    }

    private @Nullable Lease enter(
            PoolView v,
            PoolNode node,
            int limit,
            long now,
            boolean retry,
            boolean trial,
            boolean pinned) {
        if (!node.tryEnter(limit)) {
            return null;
        }
        // Asked after the exchange was counted: so a drain either sees it or is seen here.
        InetSocketAddress target = node.nextTarget(now);
        if (target == null
                || !(trial
                        ? node.status().admin() == Admin.ACTIVE
                        : node.status().accepts(pinned))) {
            pool.left(node);
            return null;
        }
        node.begun(now, retry);
        return new Lease(pool, node, v.config(), target, trial, now);
    }

    /** Whether a node that new requests go to has room for another exchange. */
    boolean hasRoom(PoolView v) {
        for (int i = 0; i < v.open().size(); i++) {
            if (v.limit() <= 0 || v.openNode(i).inFlight() < v.limit()) {
                return true;
            }
        }
        return false;
    }

    /** Whether a node of this pool could serve {@code s} if it had room. */
    boolean mayHope(PoolView v, Selection s) {
        if (s.attempts() == 0) {
            return v.alive() || pinned(v, s) != null;
        }
        return pinned(v, s) != null
                || !untried(v.open(), v, s, false).exhausted()
                || !untried(v.reserve(), v, s, true).exhausted();
    }
}
