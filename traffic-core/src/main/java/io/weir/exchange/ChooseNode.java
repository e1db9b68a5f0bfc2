package io.weir.exchange;

import io.weir.pool.Choice;
import io.weir.pool.Lease;
import io.weir.pool.NoNode;
import io.weir.pool.Waiting;

/** Takes a node from the pool, or a place in the pool's queue. */
final class ChooseNode implements Step {

    @Override
    public Next run(Exchange x) {
        Choice choice = x.pool().choose(x, x);
        return switch (choice) {
            case Lease lease -> {
                x.leased(lease);
                yield Next.CONTINUE;
            }
            case Waiting waiting -> {
                x.queued(waiting);
                yield Next.WAIT;
            }
            case NoNode none -> new Next.Fail(x.noNode(none));
        };
    }
}
