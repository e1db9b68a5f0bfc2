package io.weir.rate;

import java.util.ArrayDeque;

/** The rate and the queue of one context. Guarded by the lock of its class. */
final class Lane {

    final RateClass owner;
    final ArrayDeque<Turn> waiting = new ArrayDeque<>();

    /** When the next request would be due if all came evenly, as reading of the ticker. */
    long due;

    /** Whether somebody will look when the head of the queue is due. */
    boolean scheduled;

    Lane(RateClass owner, long now) {
        this.owner = owner;
        this.due = now;
    }

    boolean idle(long now) {
        return waiting.isEmpty() && now - due >= 0;
    }
}
