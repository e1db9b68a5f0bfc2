package io.weir.admit;

import io.weir.config.AdmissionConfig;

import java.util.concurrent.TimeUnit;

/**
 * Finds out how many requests at once are good, from how long the answers took. Not safe for
 * threads.
 */
final class Steering {

    // A node with room takes as long for an answer as it takes (the base); one without room has
    // requests wait, and then answers take longer in proportion to how many there are (Little's
    // law). So the limit is moved in the proportion of the time wanted, the base and what is
    // tolerated, to the time measured, and settles a little above the place where the node is
    // busy all the time. Concurrency limits of this kind are known from TCP Vegas and from the
    // gradient controllers of other proxies.
    //
    // The hard part is the base, since under load it cannot be seen. It is the average of times
    // in which nobody was refused and the limit was far; and while requests are refused the limit
    // is halved (or doubled, where it cannot be less) for a moment again and again: when answers
    // then take as long as before, it is the work that has become longer, and not the queue.

    private static final long SHORTEST_WINDOW = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long LONGEST_WINDOW = TimeUnit.SECONDS.toNanos(5);

    /** Between two trials, while requests are refused. */
    private static final long TRIAL_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** The same when the last trial has changed much, and for the first one. */
    private static final long SOON_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final int FIRST_LIMIT = 100;

    /** Fewer answers of a trial say nothing. */
    private static final int FEWEST = 5;

    /** How fast the base follows answers that become slower, and faster. */
    private static final double UP = 0.02;

    private static final double DOWN = 0.3;

    private double limit;
    private double base;
    private boolean pressed;
    private long lastRefusal;
    private long trialAt;
    private boolean trying;
    private long trialBegan;
    private double limitBefore;
    private double timeBefore;
    private double lastMean;

    Steering(AdmissionConfig config) {
        limit = Math.clamp(FIRST_LIMIT, config.minLimit(), config.maxLimit());
    }

    /**
     * What happened in a while.
     *
     * @param now its end, as reading of the ticker
     * @param answers that began
     * @param mean time to the beginning of an answer, in nanoseconds; 0 without answers
     * @param peak most requests at once
     * @param refused requests that found no room
     */
    record Window(long now, int answers, double mean, int peak, int refused) {}

    /** How long the next window is to be at least: long enough for changes to show. */
    long windowNanos() {
        return Math.clamp((long) (2 * lastMean), SHORTEST_WINDOW, LONGEST_WINDOW);
    }

    /** Requests that may be there at once. */
    int limit() {
        return (int) limit;
    }

    /** How long an answer takes without a crowd, in nanoseconds; 0 while that is not known. */
    long baseNanos() {
        return (long) base;
    }

    /** Learns from a window. */
    void look(Window w, AdmissionConfig config) {
        if (trying) {
            judgeTrial(w, config);
        } else if (w.answers() > 0) {
            if (w.refused() > 0) {
                press(w, config);
            } else {
                calm(w, config);
            }
        }
        lastMean = w.answers() > 0 ? w.mean() : lastMean;
        limit = Math.clamp(limit, config.minLimit(), config.maxLimit());
    }

    /** The time that answers may take. */
    private double target(AdmissionConfig config) {
        return Math.max(
                base * (100 + config.tolerance()) / 100, (double) config.minLatency().toNanos());
    }

    /** Nobody was refused. */
    private void calm(Window w, AdmissionConfig config) {
        boolean far = w.peak() * 2 <= limit;
        if (base == 0) {
            base = w.mean();
        } else if (far || w.mean() < base) {
            base += (w.mean() - base) * (w.mean() < base ? DOWN : UP);
        }
        if (!far) {
            steer(w, config);
        }
        if (pressed && w.now() - lastRefusal > TRIAL_NANOS) {
            pressed = false;
        }
    }

    /** Requests were refused. */
    private void press(Window w, AdmissionConfig config) {
        lastRefusal = w.now();
        if (base == 0) {
            base = w.mean();
        }
        if (!pressed) {
            pressed = true;
            trialAt = w.now() + SOON_NANOS;
        }
        boolean crowded = w.mean() > base * (200 + config.tolerance()) / 200;
        steer(w, config);
        limit = Math.clamp(limit, config.minLimit(), config.maxLimit());
        boolean room = limit / 2 >= config.minLimit() || limit * 2 <= config.maxLimit();
        if (w.now() - trialAt >= 0 && crowded && room) {
            trying = true;
            trialBegan = w.now();
            limitBefore = limit;
            timeBefore = w.mean();
            limit = limit / 2 >= config.minLimit() ? limit / 2 : limit * 2;
        }
    }

    private void steer(Window w, AdmissionConfig config) {
        double ratio = target(config) / w.mean();
        limit =
                ratio > 1
                        ? Math.max(limit + 1, limit * Math.min(ratio, 1.1))
                        : limit * Math.max(ratio, 0.5);
    }

    private void judgeTrial(Window w, AdmissionConfig config) {
        boolean drained =
                w.now() - trialBegan > Math.min(2 * timeBefore, LONGEST_WINDOW) + SHORTEST_WINDOW;
        if (!drained) {
            return;
        }
        boolean less = limit < limitBefore;
        trying = false;
        lastRefusal = w.now();
        limit = limitBefore;
        trialAt = w.now() + TRIAL_NANOS;
        if (w.answers() < FEWEST) {
            return;
        }
        double before = base;
        // Where half, or twice, the requests take as long, nobody waits for another one.
        boolean alike = less ? w.mean() >= 0.9 * timeBefore : w.mean() <= 1.1 * timeBefore;
        base = alike ? w.mean() : Math.min(base, w.mean());
        limit *= Math.clamp(target(config) / timeBefore, 0.5, 1.1);
        if (Math.abs(base - before) > 0.1 * before) {
            trialAt = w.now() + SOON_NANOS;
        }
    }
}
