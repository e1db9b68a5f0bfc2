package io.weir.monitor;

import io.weir.config.MonitorConfig;
import io.weir.monitor.MonitorStatus.State;

import java.time.Duration;

/**
 * What the results of one target's checks add up to. Confined to the timer thread.
 *
 * <p>The first result is the first verdict, whichever it is: until then nothing is known, and a
 * node that fails its first check has never been seen well. After that it takes as many failures in
 * a row as the monitor says to fail, and one success to be well again.
 */
final class Verdict {

    private static final double GROWTH = 1.25;
    private static final int MOST_DELAYS = 10;
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(60);

    private State state = State.UNCHECKED;
    private int failures;
    private int failuresWhileFailed;
    private long latestSuccess = -1;
    private long latestFailure = -1;

    State state() {
        return state;
    }

    /** Failures in a row. */
    int failures() {
        return failures;
    }

    /**
     * Takes the result of one check into account.
     *
     * @param number of the check, counted in the order in which checks began
     * @return whether it counts
     */
    boolean take(long number, boolean ok, MonitorConfig config) {
        // Checks overlap when they may take longer than the delay. One that began earlier and ends
        // later tells of older times than the opposite result that is already known.
        if (number < (ok ? latestFailure : latestSuccess)) {
            return false;
        }
        if (ok) {
            latestSuccess = Math.max(latestSuccess, number);
            failures = 0;
            failuresWhileFailed = 0;
            state = State.OK;
        } else {
            latestFailure = Math.max(latestFailure, number);
            failures++;
            if (state == State.FAILED) {
                failuresWhileFailed++;
            } else if (state == State.UNCHECKED || failures >= config.failures()) {
                state = State.FAILED;
            }
        }
        return true;
    }

    /** Forgets the failures so far, but not the verdict: from here on other checks count. */
    void startOver() {
        failures = 0;
        failuresWhileFailed = 0;
    }

    /**
     * The time from the beginning of one check to that of the next. With back-off it grows by a
     * quarter with each further failure, up to ten delays or 60 seconds, whichever is shorter, so a
     * recovery is noticed at most about a quarter of the time later that the outage has lasted.
     */
    Duration delay(MonitorConfig config) {
        Duration delay = config.delay();
        if (state != State.FAILED || !config.backOff()) {
            return delay;
        }
        Duration longest = delay.multipliedBy(MOST_DELAYS);
        if (longest.compareTo(LONGEST_DELAY) > 0) {
            longest = LONGEST_DELAY.compareTo(delay) > 0 ? LONGEST_DELAY : delay;
        }
        double grown = delay.toNanos() * Math.pow(GROWTH, failuresWhileFailed);
        return grown < longest.toNanos() ? Duration.ofNanos((long) grown) : longest;
    }

    /**
     * How many checks may run at once. So many that each failure counts as soon as its own time is
     * out, however long that is beside the delay: then a node that hangs has failed after {@code
     * failures} delays and one time-out. Once it has, one check at a time is enough.
     */
    int checksAtOnce(MonitorConfig config) {
        return state == State.FAILED ? 1 : config.failures();
    }
}
