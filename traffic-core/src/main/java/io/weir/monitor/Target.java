package io.weir.monitor;

import io.weir.config.MonitorConfig;
import io.weir.config.NodeAddress;
import io.weir.monitor.MonitorStatus.State;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Something that one monitor checks again and again: a node, or the machine that stands for a whole
 * pool. However many pools want to know, it is checked once. Confined to the timer thread but for
 * {@link #seen}.
 */
final class Target {

    /**
     * How much later than its time-out a check that does not end by itself is given up. Built-in
     * checks end by themselves, with a better cause, except while a node does not take what is
     * written to it.
     */
    private static final Duration GRACE = Duration.ofMillis(500);

    /**
     * The identity of a target.
     *
     * @param node null when the monitor is pool-wide
     */
    record Key(String monitor, @Nullable NodeAddress node) {}

    /** What is to be done about a target: what to run, and which pools want to know. */
    record Plan(MonitorConfig config, Check check, List<String> pools) {
        Plan {
            pools = List.copyOf(pools);
        }

        /** The same for more pools. */
        Plan and(Plan other) {
            return forPools(
                    Stream.concat(pools.stream(), other.pools.stream()).distinct().toList());
        }

        Plan forPools(List<String> others) {
            return new Plan(config, check, others);
        }
    }

    /** What is known of a target; for every thread. */
    record Seen(
            List<String> pools,
            State state,
            int failures,
            @Nullable CheckResult result,
            @Nullable Instant time,
            @Nullable Duration duration) {

        Seen forPools(List<String> others) {
            return new Seen(others, state, failures, result, time, duration);
        }
    }

    /** Who is told of every result that counts. */
    @FunctionalInterface
    interface Listener {
        /** Called when the target shows what came of the result. */
        void result(Target target, CheckResult result, State before);
    }

    private final Key key;
    private final Clockwork clockwork;
    private final Listener listener;
    private final Verdict verdict = new Verdict();
    // Each with the task that gives it up.
    private final Map<Run, @Nullable Future<?>> running = new HashMap<>();
    private Plan plan;
    private long begun;
    private boolean overdue;
    private @Nullable Future<?> next;
    private volatile Seen seen;

    Target(Key key, Plan plan, Clockwork clockwork, Listener listener) {
        this.key = key;
        this.plan = plan;
        this.clockwork = clockwork;
        this.listener = listener;
        this.seen = new Seen(plan.pools(), State.UNCHECKED, 0, null, null, null);
    }

    Key key() {
        return key;
    }

    Plan plan() {
        return plan;
    }

    Seen seen() {
        return seen;
    }

    /** Where checks go. */
    NodeAddress address() {
        return key.node() != null
                ? key.node()
                : Objects.requireNonNull(plan.config().machine(), "machine");
    }

    /** Checks at once, and from then on. */
    void start() {
        launch();
        schedule(clockwork.spread(verdict.delay(plan.config())));
    }

    /** Takes another plan; the verdict stays, and if the settings do, everything else does too. */
    void change(Plan other) {
        boolean same = other.config().equals(plan.config());
        plan = same ? plan.forPools(other.pools()) : other;
        seen = seen.forPools(plan.pools());
        if (!same) {
            end();
            verdict.startOver();
            start();
        }
    }

    /** Checks no more; results of checks under way are not wanted. */
    void end() {
        cancel(next);
        overdue = false;
        running.forEach(
                (run, giveUp) -> {
                    cancel(giveUp);
                    run.abandon();
                });
        running.clear();
    }

    private void tick() {
        schedule(verdict.delay(plan.config()));
        if (running.size() < verdict.checksAtOnce(plan.config())) {
            launch();
        } else {
            overdue = true;
        }
    }

    private void schedule(Duration delay) {
        cancel(next);
        next = clockwork.later(delay, this::tick);
    }

    private void launch() {
        overdue = false;
        Duration timeout = plan.config().timeout();
        Run run =
                new Run(
                        begun++,
                        "weir-monitor " + key.monitor() + " " + address(),
                        plan.check(),
                        address(),
                        timeout,
                        clockwork.ticker(),
                        (which, result, duration) ->
                                clockwork.onTimer(() -> finish(which, result, duration)));
        Duration patience = timeout.plus(GRACE);
        running.put(run, clockwork.later(patience, () -> giveUp(run, patience)));
        clockwork.launch(run);
    }

    private void giveUp(Run run, Duration duration) {
        run.abandon();
        finish(
                run,
                CheckResult.failed("no result within " + Words.duration(plan.config().timeout())),
                duration);
    }

    private void finish(Run run, CheckResult result, Duration duration) {
        if (!running.containsKey(run)) {
            return; // Given up, or of an earlier plan.
        }
        cancel(running.remove(run));
        State before = verdict.state();
        if (verdict.take(run.number(), result.ok(), plan.config())) {
            Instant now = clockwork.ticker().now();
            seen =
                    new Seen(
                            plan.pools(),
                            verdict.state(),
                            verdict.failures(),
                            result,
                            now,
                            duration);
            listener.result(this, result, before);
        }
        if (overdue && running.size() < verdict.checksAtOnce(plan.config())) {
            tick();
        } else if (before == State.FAILED && verdict.state() == State.OK) {
            // By back-off the next check may be far off.
            schedule(plan.config().delay());
        }
    }

    private static void cancel(@Nullable Future<?> task) {
        if (task != null) {
            task.cancel(false);
        }
    }
}
