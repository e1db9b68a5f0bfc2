package io.weir.wire;

import io.weir.exchange.LoopContext;
import io.weir.time.DeadlineWheel.Deadline;

/**
 * How long a connection to a node may wait for what is to come next: an answer, another exchange,
 * its own end. Confined to one event loop.
 */
final class NodeWatch extends Deadline {

    private final HttpNodeSide side;
    private final LoopContext context;

    NodeWatch(HttpNodeSide side, LoopContext context) {
        this.side = side;
        this.context = context;
    }

    @Override
    protected void expired() {
        side.waitedInVain();
    }

    /** Begins to wait; for ever when {@code nanos} is 0. */
    void begin(long nanos) {
        if (nanos > 0) {
            context.deadlines().set(this, context.nanos(), nanos);
        }
    }

    /** It has come. */
    void end() {
        context.deadlines().cancel(this);
    }

    /** The connection has gone. */
    void forget() {
        context.deadlines().forget(this);
    }
}
