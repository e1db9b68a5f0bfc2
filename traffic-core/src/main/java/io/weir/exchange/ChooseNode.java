package io.weir.exchange;

import io.weir.fault.TrafficFault;
import io.weir.pool.Choice;
import io.weir.pool.Lease;
import io.weir.pool.NoNode;
import io.weir.pool.Waiting;

import org.jspecify.annotations.Nullable;

/** Takes a node from the pool, or a place in the pool's queue; a session has its own node. */
final class ChooseNode implements Step {

    /** How often a choice is made anew because the session has got another node meanwhile. */
    private static final int MAX_CHANGES = 3;

    @Override
    public Next run(Exchange x) {
        @Nullable RequestSession session = x.sessionIfAny();
        for (int changes = 0; ; changes++) {
            TrafficFault lost = session == null ? null : session.seek();
            if (lost != null) {
                return new Next.Fail(lost);
            }
            Choice choice = x.pool().choose(x, x);
            if (choice instanceof Lease lease
                    && session != null
                    && !session.took(lease)
                    && changes < MAX_CHANGES) {
                lease.close();
                continue;
            }
            return follow(x, choice);
        }
    }

    private static Next follow(Exchange x, Choice choice) {
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
