package io.weir.wire;

import io.netty.channel.EventLoop;
import io.weir.time.Ticker;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/**
 * Keeps handshakes, which cost as much as dozens of requests, from holding up everybody else: in
 * one turn of the event loop they get a slice of time, and those beyond it wait, first come first
 * served. Holds at most what the connection limits let in. Confined to one event loop.
 */
final class HandshakeTurns {

    /** About one RSA signature, or several with elliptic keys. */
    private static final long SLICE_NANOS = TimeUnit.MICROSECONDS.toNanos(1000);

    private final EventLoop loop;
    private final Ticker ticker;
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private long spent;
    private boolean turnAhead;

    HandshakeTurns(EventLoop loop, Ticker ticker) {
        this.loop = loop;
        this.ticker = ticker;
    }

    /**
     * Runs the costly step of a handshake.
     *
     * @return false when it has to wait, and will run later
     */
    boolean take(Runnable step) {
        if (spent >= SLICE_NANOS || !waiting.isEmpty()) {
            waiting.addLast(step);
            return false;
        }
        run(step);
        if (!turnAhead) {
            turnAhead = true;
            // What is scheduled runs once the sockets have been looked at again.
            var _ = loop.schedule(this::turn, 0, TimeUnit.NANOSECONDS);
        }
        return true;
    }

    private void run(Runnable step) {
        long begin = ticker.nanos();
        step.run();
        spent += ticker.nanos() - begin;
    }

    private void turn() {
        turnAhead = false;
        spent = 0;
        while (spent < SLICE_NANOS) {
            Runnable step = waiting.pollFirst();
            if (step == null) {
                break;
            }
            run(step);
        }
        if (spent > 0) {
            turnAhead = true;
            var _ = loop.schedule(this::turn, 0, TimeUnit.NANOSECONDS);
        }
    }
}
