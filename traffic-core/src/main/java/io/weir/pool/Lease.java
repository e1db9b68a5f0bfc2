package io.weir.pool;

import io.weir.config.PoolConfig;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;

/**
 * One attempt of one exchange on one node. Whoever gets it says once how the attempt went and
 * closes it when the exchange, or the tunnel that came of it, is over; until then the node counts
 * it as in flight. Confined to the event loop of the exchange.
 */
public final class Lease implements Choice {

    private final Pool pool;
    private final PoolNode node;
    private final PoolConfig config;
    private final boolean trial;
    private final int epoch;
    private final long began;
    private InetSocketAddress target;
    private Use use = Use.REQUEST;
    private boolean judged;
    private boolean closed;

    Lease(
            Pool pool,
            PoolNode node,
            PoolConfig config,
            InetSocketAddress target,
            boolean trial,
            long began) {
        this.pool = pool;
        this.node = node;
        this.config = config;
        this.target = target;
        this.trial = trial;
        this.began = began;
        epoch = node.epoch();
    }

    /**
     * The pool that the node was taken from: the one that was asked or one of its failure pools.
     */
    public Pool pool() {
        return pool;
    }

    public PoolNode node() {
        return node;
    }

    /** The settings of {@link #pool} at the time of the choice, which hold to the end. */
    public PoolConfig config() {
        return config;
    }

    /** The address to connect to. */
    public InetSocketAddress target() {
        return target;
    }

    /**
     * Another address of the node after {@link #target} could not be connected to, which is now the
     * target; null when there is none left to try. Addresses that fail are passed over for the
     * pool's retry-fail-time.
     */
    public @Nullable InetSocketAddress nextTarget() {
        InetSocketAddress other = node.pool().shun(this);
        if (other != null) {
            target = other;
        }
        return other;
    }

    /**
     * The node's answer has begun. A 503 counts as {@link NodeFailure#BUSY_503} unless that was
     * said before.
     *
     * @param nanosSinceSent since the end of the request
     */
    public void replied(int status, long nanosSinceSent) {
        if (closed) {
            return;
        }
        node.countResponse(status);
        boolean busy = status == 503;
        if (busy && !judged) {
            node.countFailure();
        }
        boolean first = judge();
        // Errors come fast; counting their time would draw the traffic to a broken node.
        pool.replied(this, status < 500 ? nanosSinceSent : -1, first, busy);
    }

    /**
     * The attempt has failed. Before the answer began that counts against the node; afterwards it
     * is only counted.
     */
    public void failed(NodeFailure why) {
        failed(why, why.text());
    }

    /**
     * The same, in the words of the attempt.
     *
     * @param text what went wrong
     */
    public void failed(NodeFailure why, String text) {
        if (closed) {
            return;
        }
        node.countFailure();
        boolean first = judge();
        pool.failed(this, why, why.text(text), first);
    }

    /** Says what the exchange is to the node; until then it is a request. */
    public void usedAs(Use next) {
        if (!closed && next != use) {
            node.uses(use, next);
            use = next;
        }
    }

    /** The exchange is over. Further calls do nothing. */
    public void close() {
        close(pool.nanos());
    }

    /**
     * As {@link #close()}, without reading the clock.
     *
     * @param now as reading of the pool's ticker, not long ago
     */
    public void close(long now) {
        if (closed) {
            return;
        }
        usedAs(Use.REQUEST);
        var _ = judge();
        closed = true;
        pool.released(this, now);
    }

    /** It is known what becomes of the attempt; whether that is news. */
    private boolean judge() {
        if (judged) {
            return false;
        }
        judged = true;
        node.owesNoMore();
        return true;
    }

    boolean trial() {
        return trial;
    }

    /** When the node was chosen, as reading of the pool's ticker. */
    long began() {
        return began;
    }

    int epoch() {
        return epoch;
    }
}
