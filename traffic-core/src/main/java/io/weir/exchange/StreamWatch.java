package io.weir.exchange;

import io.weir.config.PoolConfig;
import io.weir.config.VirtualServerConfig;
import io.weir.fault.TrafficFault;
import io.weir.pool.Lease;
import io.weir.pool.NodeFailure;
import io.weir.time.DeadlineWheel.Deadline;

/**
 * Ends a stream in which nothing moves: a client that does not begin, a node that does not greet,
 * two sides that have nothing to say. One store per piece, one look per time-out. Confined to one
 * event loop.
 */
final class StreamWatch extends Deadline {

    private final StreamExchange x;
    private long lastMoved;
    private long pending;

    StreamWatch(StreamExchange x) {
        this.x = x;
    }

    /** Something has happened. */
    void moved() {
        lastMoved = x.context().nanos();
    }

    /** Sets the time that holds now. */
    void start() {
        long limit = limit();
        if (limit > 0) {
            x.context().deadlines().set(this, x.context().nanos(), limit);
        } else {
            x.context().deadlines().cancel(this);
        }
    }

    void stop() {
        x.context().deadlines().forget(this);
    }

    /** How long nothing may move; 0 for no limit. */
    private long limit() {
        VirtualServerConfig config = x.server().config();
        long idle = x.record().idleLimit(config.timeout()).toNanos();
        if (x.waitsForClient()) {
            return config.connectTimeout().toNanos();
        }
        if (x.node() == null) {
            // Choosing and connecting have time-outs of their own.
            return 0;
        }
        long reply = x.relay().silent() ? replyLimit() : 0;
        // Either may be 0, for no limit.
        return idle == 0 || reply == 0 ? Math.max(idle, reply) : Math.min(idle, reply);
    }

    /** How long the node may say nothing; 0 for no limit. */
    private long replyLimit() {
        Lease lease = x.search().lease();
        if (lease == null) {
            return 0;
        }
        Wishes wishes = x.wishesIfAny();
        PoolConfig pool = lease.config();
        return (wishes == null ? pool.maxReplyTime() : wishes.replyTime(pool)).toNanos();
    }

    @Override
    protected void expired() {
        long limit = limit();
        if (limit == 0) {
            return;
        }
        StreamEnd node = x.node();
        // Bytes that a slow taker draws out of what is held for it are movement too.
        long held = x.client().pendingBytes() + (node == null ? 0 : node.pendingBytes());
        if (held != pending) {
            pending = held;
            lastMoved = x.context().nanos();
        }
        // While the client is waited for, more bytes do not buy more time.
        long since = x.waitsForClient() ? x.waitsSince() : lastMoved;
        long left = limit - (x.context().nanos() - since);
        if (left > 0) {
            x.context().deadlines().set(this, x.context().nanos(), left);
        } else if (x.waitsForClient()) {
            x.end(new TrafficFault.ClientTimedOut("the client did not begin in connect-timeout"));
        } else if (x.relay().silent() && replyLimit() > 0) {
            x.nodeFailed(NodeFailure.REPLY_TIMEOUT, "the node said nothing within max-reply-time");
        } else if (held > 0) {
            x.breakOff(new TrafficFault.ClientTimedOut("nothing moved for the time-out"));
        } else {
            x.end(new TrafficFault.TookTooLong("nothing moved for the time-out"));
        }
    }
}
