package io.weir.bandwidth;

import io.weir.time.Ticker;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A rate of bytes and the flows that share it. Safe for every thread; never blocks but for a few
 * memory accesses of others.
 */
final class Bucket {

    // One number says how much may be sent: the time at which what has been given will have been
    // sent at the rate. While nobody waits, a flow moves it and sends. Otherwise a timer gives the
    // flows their turns, in small pieces, round and round; nothing runs while nobody waits. A flow
    // that was quiet comes before those that have had their turn, once: so small answers do not
    // wait for downloads, and whoever goes on sending is one among others at once. (RFC 8290
    // treats packets of flows in the same manner.)

    /** After so long without a turn a flow counts as quiet. */
    static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    /** Time between two rounds of turns. */
    private static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** What may be sent at once after a rest, and how late a round may come without loss. */
    private static final long BURST_NANOS = TimeUnit.MILLISECONDS.toNanos(40);

    /** Smallest turn; a packet. */
    private static final long SMALLEST_TURN = 1460;

    private static final long LARGEST_TURN = 64 * 1024;

    private final Ticker ticker;
    private final ScheduledExecutorService timer;

    /** Picoseconds that a byte takes. */
    private final LongSupplier cost;

    private final ArrayDeque<Flow> fresh = new ArrayDeque<>();
    private final ArrayDeque<Flow> others = new ArrayDeque<>();

    /** In picoseconds of the ticker; only differences mean anything. */
    private long due;

    private boolean scheduled;
    private long given;

    private record Turn(Flow flow, long bytes) {}

    Bucket(Ticker ticker, ScheduledExecutorService timer, LongSupplier cost) {
        this.ticker = ticker;
        this.timer = timer;
        this.cost = cost;
        this.due = ticker.nanos() * 1000;
    }

    synchronized long take(Flow flow, long bytes) {
        if (fresh.isEmpty() && others.isEmpty()) {
            long now = ticker.nanos();
            long some = Math.min(bytes, available(now));
            if (some > 0) {
                spend(some);
                flow.lastTurn = now;
                return some;
            }
        }
        want(flow, bytes);
        return 0;
    }

    synchronized void want(Flow flow, long bytes) {
        boolean waits = flow.wanted > 0;
        flow.wanted += bytes;
        if (!waits) {
            boolean quiet = ticker.nanos() - flow.lastTurn >= QUIET_NANOS;
            (quiet ? fresh : others).add(flow);
            schedule();
        }
    }

    synchronized void forget(Flow flow) {
        if (flow.wanted > 0) {
            flow.wanted = 0;
            if (!fresh.remove(flow)) {
                others.remove(flow);
            }
        }
    }

    /** Bytes given since the start. */
    synchronized long given() {
        return given;
    }

    /** Flows that wait for their turn. */
    synchronized int waiting() {
        return fresh.size() + others.size();
    }

    /** Bytes that may be sent now; negative while more than that is under way. */
    private long available(long now) {
        long picos = now * 1000;
        long earliest = picos - BURST_NANOS * 1000;
        if (earliest - due > 0) {
            due = earliest;
        }
        long perByte = cost.getAsLong();
        long free = (picos - due) / perByte;
        // Slow classes would never have a packet's worth within the burst.
        return perByte * SMALLEST_TURN > BURST_NANOS * 1000 && picos - due >= 0
                ? Math.max(free, SMALLEST_TURN)
                : free;
    }

    private void spend(long bytes) {
        due += bytes * cost.getAsLong();
        given += bytes;
    }

    private void schedule() {
        if (scheduled) {
            return;
        }
        long now = ticker.nanos();
        long untilDue = (due - now * 1000) / 1000;
        try {
            var _ =
                    timer.schedule(
                            this::round, Math.max(ROUND_NANOS, untilDue), TimeUnit.NANOSECONDS);
            scheduled = true;
        } catch (RejectedExecutionException stopping) {
            // Connections are being closed.
            return;
        }
    }

    private void round() {
        List<Turn> turns = new ArrayList<>();
        synchronized (this) {
            scheduled = false;
            long now = ticker.nanos();
            long left = available(now);
            int flows = fresh.size() + others.size();
            long most = Math.clamp(left / Math.max(1, flows), SMALLEST_TURN, LARGEST_TURN);
            while (left > 0 && flows > 0) {
                Flow flow = fresh.isEmpty() ? others.remove() : fresh.remove();
                // A whole turn, even beyond what is left: the next round begins later for it. Cut
                // turns would hit the same flows again and again.
                long bytes = Math.min(flow.wanted, most);
                flow.wanted -= bytes;
                flow.lastTurn = now;
                left -= bytes;
                spend(bytes);
                turns.add(new Turn(flow, bytes));
                if (flow.wanted > 0) {
                    others.add(flow);
                }
                flows = fresh.size() + others.size();
            }
            if (flows > 0) {
                schedule();
            }
        }
        turns.forEach(turn -> turn.flow().give(turn.bytes()));
    }
}
