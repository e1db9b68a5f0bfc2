package io.weir.rate;

import io.weir.config.RateConfig;
import io.weir.fault.TrafficFault;
import io.weir.rate.Turn.Outcome;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A rate class in force: lets requests pass evenly and has those beyond wait in order. It lives as
 * long as its name is configured, whatever else changes. Safe for every thread; never blocks but
 * for a few memory accesses of others.
 */
public final class RateClass {

    // The generic cell rate algorithm (ITU-T I.371): each request moves the time at which the next
    // one is due by one interval; who comes earlier than that by more than the tolerance waits.
    // So the state of a rate is one number, and nothing has to be refilled. One lock for the
    // class: it is held for some tens of nanoseconds, and a class that lets a million pass in a
    // second is not what classes are for.

    /** What a quiet context may have at once, as a time: a page and what belongs to it. */
    private static final long TOLERANCE = TimeUnit.MILLISECONDS.toNanos(100);

    /** As late as timers may be without any loss of rate. */
    private static final long LATENESS = TimeUnit.MILLISECONDS.toNanos(5);

    /** Lanes looked at when one has to make room. */
    private static final int SEARCHED = 16;

    private final Ticker ticker;
    private final ScheduledExecutorService timer;
    private final Map<String, Lane> lanes = new LinkedHashMap<>(16, 0.75f, true);
    private final Lane common;
    private final Lane overflow;
    private volatile RateConfig config;
    private int queued;
    private long entered;
    private long left;
    private long refused;
    private long second;
    private int inSecond;
    private int lastSecond;

    RateClass(RateConfig config, Ticker ticker, ScheduledExecutorService timer) {
        this.config = config;
        this.ticker = ticker;
        this.timer = timer;
        long now = ticker.nanos();
        this.common = new Lane(this, now);
        this.overflow = new Lane(this, now);
    }

    /**
     * Figures of a class.
     *
     * @param queued requests waiting now
     * @param perSecond requests that passed in the last whole second
     * @param entered requests that passed or had to wait, since the start
     * @param left those of them that wait no longer
     * @param refused requests that were let neither pass nor wait
     * @param contexts remembered now
     */
    public record Figures(
            int queued, int perSecond, long entered, long left, long refused, int contexts) {}

    /** The settings. */
    public RateConfig config() {
        return config;
    }

    /** Changes the settings; those who wait are let go as the new ones say. */
    void configure(RateConfig next) {
        config = next;
        List<Lane> all = new ArrayList<>();
        synchronized (this) {
            all.add(common);
            all.add(overflow);
            all.addAll(lanes.values());
        }
        all.forEach(this::look);
    }

    /**
     * Has a request pass, wait, or be refused.
     *
     * @param context whose rate it is; null for the one that all without a context share
     * @param loop where {@code later} is called
     * @param later called with the outcome of a request that had to wait; not called when {@link
     *     Turn#atOnce} has it
     */
    public Turn use(@Nullable String context, Executor loop, Consumer<Outcome> later) {
        RateConfig now = config;
        long interval = interval(now);
        if (interval == 0) {
            return Turn.decided(Outcome.PASSED);
        }
        long time = ticker.nanos();
        Turn turn;
        Lane lane;
        synchronized (this) {
            lane = lane(context, time);
            if (lane.waiting.isEmpty() && pass(lane, time, interval)) {
                entered++;
                left++;
                return Turn.decided(Outcome.PASSED);
            }
            long wait = lane.due - tolerance(interval) - time + lane.waiting.size() * interval;
            if (full(context, lane, now) || wait > now.queueTimeout().toNanos()) {
                refused++;
                return Turn.decided(Outcome.REFUSED);
            }
            turn = new Turn(lane, loop, later, time);
            lane.waiting.add(turn);
            queued++;
            entered++;
        }
        look(lane);
        return turn;
    }

    /** Has a request pass, or not; none waits. */
    public boolean tryUse(@Nullable String context) {
        long interval = interval(config);
        if (interval == 0) {
            return true;
        }
        long time = ticker.nanos();
        synchronized (this) {
            Lane lane = lane(context, time);
            if (lane.waiting.isEmpty() && pass(lane, time, interval)) {
                entered++;
                left++;
                return true;
            }
            refused++;
            return false;
        }
    }

    /**
     * What becomes of a request that was refused.
     *
     * @param context as in {@link #use}: who has a rate of its own comes too often, and otherwise
     *     all of them together do
     */
    public TrafficFault refusal(@Nullable String context) {
        return new TrafficFault.RateLimited(
                context == null ? 503 : 429,
                (context == null ? "more requests" : "more requests of one context")
                        + " than rate class "
                        + config.name()
                        + " lets pass");
    }

    /** Requests of a context that wait now. */
    public synchronized int backlog(@Nullable String context) {
        Lane lane = context == null ? common : lanes.get(context);
        return lane == null ? 0 : lane.waiting.size();
    }

    public synchronized Figures figures() {
        count(ticker.nanos(), 0);
        return new Figures(queued, lastSecond, entered, left, refused, lanes.size());
    }

    /** Nanoseconds between two requests; 0 for no limit. */
    private static long interval(RateConfig config) {
        long second = TimeUnit.SECONDS.toNanos(1);
        long minute = TimeUnit.MINUTES.toNanos(1);
        long bySecond = config.maxRatePerSecond() == 0 ? 0 : second / config.maxRatePerSecond();
        long byMinute = config.maxRatePerMinute() == 0 ? 0 : minute / config.maxRatePerMinute();
        return Math.max(bySecond, byMinute);
    }

    private static long tolerance(long interval) {
        return Math.max(LATENESS, TOLERANCE - interval);
    }

    /** A context may have as much of the queue as it leaves to others. */
    private boolean full(@Nullable String context, Lane lane, RateConfig now) {
        int free = now.maxQueue() - queued;
        return free <= 0 || context != null && lane.waiting.size() >= free;
    }

    private boolean pass(Lane lane, long time, long interval) {
        if (lane.due - time > tolerance(interval)) {
            return false;
        }
        lane.due = (time - lane.due > 0 ? time : lane.due) + interval;
        count(time, 1);
        return true;
    }

    private void count(long time, int passed) {
        long now = Math.floorDiv(time, TimeUnit.SECONDS.toNanos(1));
        if (now != second) {
            lastSecond = now == second + 1 ? inSecond : 0;
            inSecond = 0;
            second = now;
        }
        inSecond += passed;
    }

    private Lane lane(@Nullable String context, long time) {
        if (context == null) {
            return common;
        }
        Lane known = lanes.get(context);
        if (known != null) {
            return known;
        }
        if (lanes.size() >= config.maxContexts() && !makeRoom(time)) {
            return overflow;
        }
        Lane made = new Lane(this, time);
        lanes.put(context, made);
        return made;
    }

    /** Forgets a context that makes no difference any more, of those not used for the longest. */
    private boolean makeRoom(long time) {
        Iterator<Lane> oldest = lanes.values().iterator();
        for (int i = 0; i < SEARCHED && oldest.hasNext(); i++) {
            if (oldest.next().idle(time)) {
                oldest.remove();
                return true;
            }
        }
        return false;
    }

    /** Lets those go whose time has come, and comes back for the next one. */
    private void look(Lane lane) {
        long interval = interval(config);
        long longest = config.queueTimeout().toNanos();
        List<Turn> decided = new ArrayList<>();
        synchronized (this) {
            long time = ticker.nanos();
            for (Turn head = lane.waiting.peek(); head != null; head = lane.waiting.peek()) {
                if (interval == 0 || pass(lane, time, interval)) {
                    head.outcome = Outcome.PASSED;
                } else if (time - head.since() > longest + TOLERANCE) {
                    // Only after the rate was lowered; else it would not have begun to wait.
                    head.outcome = Outcome.REFUSED;
                } else {
                    break;
                }
                lane.waiting.remove();
                queued--;
                left++;
                decided.add(head);
            }
            if (!lane.waiting.isEmpty() && !lane.scheduled) {
                lane.scheduled = true;
                schedule(lane, Math.max(0, lane.due - tolerance(interval) - time));
            }
        }
        for (Turn turn : decided) {
            Outcome outcome = turn.outcome;
            if (outcome != null) {
                turn.tell(outcome);
            }
        }
    }

    private void schedule(Lane lane, long nanos) {
        try {
            var _ = timer.schedule(() -> due(lane), nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException stopping) {
            // Exchanges that wait end with the event loops.
            lane.waiting.clear();
        }
    }

    private void due(Lane lane) {
        synchronized (this) {
            lane.scheduled = false;
        }
        look(lane);
    }

    void cancel(Lane lane, Turn turn) {
        synchronized (this) {
            if (turn.outcome == null && lane.waiting.remove(turn)) {
                queued--;
                left++;
            }
            turn.cancelled = true;
        }
    }
}
