package io.weir.js;

import java.util.concurrent.TimeUnit;

/**
 * Keeps a rule that ran away from taking the event loops again and again. It is held back for a
 * while, on all of them, and twice as long each time in a row. Then one run is let through, and the
 * others wait for what it comes to: so a rule that always runs away costs one event loop one run
 * for each time that it was held, and less and less of it. Safe for every thread.
 */
final class Hold {

    private static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final int MAX_STRIKES = 8;

    /** How often it ran away in a row. What follows is read and written under the lock. */
    private volatile int strikes;

    private long until;

    /** How often the rule ran away in a row. */
    int strikes() {
        return strikes;
    }

    /**
     * Whether a run may begin; one that may be the first behind a hold.
     *
     * @param now in nanoseconds, of any clock that does not go back
     */
    boolean lets(long now) {
        return strikes == 0 || takesTurn(now);
    }

    private synchronized boolean takesTurn(long now) {
        if (strikes > 0 && now - until < 0) {
            return false;
        }
        until = now + nanos();
        return true;
    }

    /** A run has run away. */
    synchronized void ranAway(long now) {
        strikes = Math.min(strikes + 1, MAX_STRIKES);
        until = now + nanos();
    }

    /** A run has ended as it should. */
    void endedWell() {
        if (strikes > 0) {
            forgive();
        }
    }

    private synchronized void forgive() {
        strikes = 0;
    }

    private long nanos() {
        return FIRST_NANOS << Math.max(0, strikes - 1);
    }
}
