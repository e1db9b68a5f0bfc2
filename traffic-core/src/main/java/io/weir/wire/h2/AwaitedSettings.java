package io.weir.wire.h2;

import io.weir.exchange.Attempts;
import io.weir.pool.Lease;
import io.weir.pool.NodeFailure;
import io.weir.time.DeadlineWheel.Deadline;

import java.util.ArrayList;
import java.util.List;

/**
 * Exchanges that ask for a WebSocket on a connection whose node has not told its settings yet: only
 * these say whether the wish may be sent (RFC 8441 section 3). Confined to one event loop.
 */
final class AwaitedSettings {

    private final H2NodeConnection connection;
    private final List<Waiter> waiting = new ArrayList<>();
    private final Deadline patience = new Patience();

    private record Waiter(Attempts attempts, Lease lease) {
        boolean stillWaits() {
            return attempts.waitsFor(lease);
        }
    }

    AwaitedSettings(H2NodeConnection connection) {
        this.connection = connection;
    }

    /** How many streams they will need. */
    int count() {
        return waiting.size();
    }

    /** {@code x} waits, at most as long as a node may take to the start of an answer. */
    void add(Attempts x, Lease lease) {
        waiting.removeIf(w -> !w.stillWaits());
        long nanos = x.maxReplyTime(lease.config()).toNanos();
        if (nanos > 0 && !patience.pending()) {
            connection.loop.deadlines().set(patience, connection.loop.nanos(), nanos);
        }
        waiting.add(new Waiter(x, lease));
    }

    private List<Waiter> take() {
        connection.loop.deadlines().forget(patience);
        List<Waiter> all = List.copyOf(waiting);
        waiting.clear();
        return all;
    }

    /** The settings have come: who waits for them asks {@code home} again. */
    void came(NodeHome home) {
        if (waiting.isEmpty()) {
            return;
        }
        for (Waiter w : take()) {
            if (w.stillWaits()) {
                home.connect(w.attempts, w.lease);
            }
        }
    }

    /** They will not come; {@code what} the node did instead follows its name. */
    void failed(NodeFailure why, String what) {
        for (Waiter w : take()) {
            if (w.stillWaits()) {
                w.attempts.nodeFailed(why, "node " + connection.node().address() + " " + what);
            }
        }
    }

    private final class Patience extends Deadline {
        @Override
        protected void expired() {
            connection.loop.tick();
            failed(NodeFailure.REPLY_TIMEOUT, "did not send its HTTP/2 settings in time");
            connection.leave();
        }
    }
}
