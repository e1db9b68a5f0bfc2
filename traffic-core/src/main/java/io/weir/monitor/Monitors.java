package io.weir.monitor;

import io.weir.config.MonitorConfig;
import io.weir.config.MonitorConfig.Probe;
import io.weir.config.MonitorConfig.Scope;
import io.weir.event.EventBus;
import io.weir.event.EventTag;
import io.weir.event.ObjectRef;
import io.weir.monitor.MonitorStatus.State;
import io.weir.time.Ticker;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * The monitors at work: runs the checks that the configuration asks for and tells what they add up
 * to. Safe for every thread; only {@link #stop} blocks.
 *
 * <p>A node, or the machine of a pool-wide monitor, is checked as soon as it is assigned and then
 * once every delay, counted from the beginning of one check to that of the next, also while an
 * earlier check is still waiting for its answer. So a node that goes bad has failed at the latest
 * after {@code failures × delay + timeout}, and one that is well again is known to be so after
 * {@code delay + timeout}; with back-off, which lengthens the delay while the node stays failed,
 * the longer delay counts there (see {@link Verdict#delay}). No check waits for the check of
 * another node.
 *
 * <p>Each change between failed and well raises one event, {@code monitorfail} or {@code
 * monitorok}, however many pools use the node with the monitor; finding a node well for the first
 * time raises none.
 */
public final class Monitors {

    private static final Logger log = LoggerFactory.getLogger(Monitors.class);

    private static final Duration LONGEST_STOP = Duration.ofSeconds(2);

    private final Function<Probe, Check> checks;
    private final MonitorSink sink;
    private final EventBus events;
    private final Clockwork clockwork;

    // Changed on the timer thread only, which replaces the list whenever the map changes.
    private final Map<Target.Key, Target> targets = new HashMap<>();
    private volatile List<Target> shown = List.of();

    /**
     * Makes monitors that do nothing yet.
     *
     * @param checks makes the check for a probe, as {@link Check#of} does
     * @param random spreads checks that begin together
     * @param runner runs each check on a virtual thread of its own, without a bound: how many run
     *     is bounded by the number of monitored nodes and the failures they are allowed
     * @param timer runs one task at a time; everything is decided on it
     */
    public Monitors(
            Function<Probe, Check> checks,
            MonitorSink sink,
            EventBus events,
            Ticker ticker,
            RandomGenerator random,
            Executor runner,
            ScheduledExecutorService timer) {
        this.checks = checks;
        this.sink = sink;
        this.events = events;
        this.clockwork = new Clockwork(runner, timer, ticker, random);
    }

    /**
     * Puts a configuration in force, soon after the call. What was checked before and still is
     * keeps its verdict, and if the settings of its monitor did not change, its rhythm too. A pool
     * that joins in the use of a node which has a verdict is told it, and one that drops out of it
     * is told that the verdict holds no longer.
     *
     * @param monitors by name; those that no assignment names are not run
     * @throws IllegalArgumentException when a monitor is missing or cannot be run as it is set,
     *     naming it; nothing changes then
     */
    public void apply(Map<String, MonitorConfig> monitors, List<Assignment> assignments) {
        Map<Target.Key, Target.Plan> plans = plan(monitors, assignments);
        clockwork.onTimer(() -> follow(plans));
    }

    /** What is known now, one entry for each monitor, pool and node, in this order. */
    public List<MonitorStatus> status() {
        List<MonitorStatus> lines = new ArrayList<>();
        for (Target target : shown) {
            Target.Seen seen = target.seen();
            for (String pool : seen.pools()) {
                lines.add(
                        new MonitorStatus(
                                target.key().monitor(),
                                pool,
                                target.key().node(),
                                seen.state(),
                                seen.failures(),
                                seen.result() == null ? null : seen.result().text(),
                                seen.time(),
                                seen.duration()));
            }
        }
        lines.sort(
                Comparator.comparing(MonitorStatus::monitor)
                        .thenComparing(MonitorStatus::pool)
                        .thenComparing(
                                MonitorStatus::node,
                                Comparator.nullsFirst(Comparator.naturalOrder())));
        return List.copyOf(lines);
    }

    /**
     * Checks no more and tells nothing more, save what is being told at this moment. Interrupts the
     * checks under way and waits for their end, 2 seconds at most, so that no program that was
     * started for a check is left behind. The executors can be shut down afterwards. Stopping twice
     * is harmless.
     */
    public void stop() {
        Set<Run> ending = clockwork.stop(() -> targets.values().forEach(Target::end));
        CompletableFuture<?>[] ends =
                ending.stream().map(Run::ended).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(ends).get(LONGEST_STOP.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            log.warn("Some checks of monitors did not end within {}", LONGEST_STOP, e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private Map<Target.Key, Target.Plan> plan(
            Map<String, MonitorConfig> monitors, List<Assignment> assignments) {
        Map<String, Check> made = new HashMap<>();
        Map<Target.Key, Target.Plan> plans = new LinkedHashMap<>();
        for (Assignment assignment : assignments) {
            String name = assignment.monitor();
            MonitorConfig config = monitors.get(name);
            if (config == null) {
                throw new IllegalArgumentException(
                        "pool "
                                + assignment.pool()
                                + " uses monitor "
                                + name
                                + ", expected one of "
                                + monitors.keySet());
            }
            Check check = made.computeIfAbsent(name, _ -> check(config));
            for (Target.Key key : keys(config, assignment)) {
                Target.Plan plan = new Target.Plan(config, check, List.of(assignment.pool()));
                plans.merge(key, plan, Target.Plan::and);
            }
        }
        return plans;
    }

    private static List<Target.Key> keys(MonitorConfig config, Assignment assignment) {
        return switch (config.scope()) {
            case POOL_WIDE -> List.of(new Target.Key(assignment.monitor(), null));
            case PER_NODE ->
                    assignment.nodes().stream()
                            .map(node -> new Target.Key(assignment.monitor(), node))
                            .toList();
        };
    }

    private Check check(MonitorConfig config) {
        try {
            if (config.scope() == Scope.POOL_WIDE && config.machine() == null) {
                throw new IllegalArgumentException("machine is missing, a pool-wide one needs it");
            }
            expect(config.delay().isPositive(), "delay", config.delay());
            expect(config.timeout().isPositive(), "timeout", config.timeout());
            expect(config.failures() > 0, "failures", config.failures());
            return checks.apply(config.probe());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "monitor " + config.name() + ": " + e.getMessage(), e);
        }
    }

    private static void expect(boolean positive, String key, Object value) {
        if (!positive) {
            throw new IllegalArgumentException(key + " is " + value + ", expected more than 0");
        }
    }

    private void follow(Map<Target.Key, Target.Plan> plans) {
        for (Iterator<Target> all = targets.values().iterator(); all.hasNext(); ) {
            Target target = all.next();
            if (!plans.containsKey(target.key())) {
                all.remove();
                target.end();
                tellLeavers(target, target.plan().pools(), List.of());
            }
        }
        List<Target> fresh = new ArrayList<>();
        plans.forEach(
                (key, plan) -> {
                    Target target = targets.get(key);
                    if (target == null) {
                        target = new Target(key, plan, clockwork, this::result);
                        targets.put(key, target);
                        fresh.add(target);
                    } else {
                        List<String> knew = target.plan().pools();
                        target.change(plan);
                        tellNewcomers(target, knew);
                        tellLeavers(target, knew, plan.pools());
                    }
                });
        shown = List.copyOf(targets.values());
        fresh.forEach(Target::start);
    }

    private void tellNewcomers(Target target, List<String> knew) {
        Target.Seen seen = target.seen();
        if (seen.state() != State.UNCHECKED && seen.result() != null) {
            boolean ok = seen.state() == State.OK;
            for (String pool : target.plan().pools()) {
                if (!knew.contains(pool)) {
                    tell(pool, target, ok, seen.result().text());
                }
            }
        }
    }

    private void tellLeavers(Target target, List<String> knew, List<String> stay) {
        if (target.seen().state() == State.UNCHECKED) {
            return;
        }
        for (String pool : knew) {
            if (!stay.contains(pool)) {
                String monitor = target.key().monitor();
                guarded(pool, monitor, () -> sink.retracted(pool, target.key().node(), monitor));
            }
        }
    }

    private void result(Target target, CheckResult result, State before) {
        MonitorConfig config = target.plan().config();
        if (config.verbose()) {
            log.info(
                    "Monitor {} {} {}: {}",
                    target.key().monitor(),
                    result.ok() ? "passes" : "fails",
                    target.address(),
                    result.text());
        }
        State now = target.seen().state();
        if (now == before) {
            return;
        }
        for (String pool : target.plan().pools()) {
            tell(pool, target, result.ok(), result.text());
        }
        String subject = "Monitor " + target.key().monitor() + ": " + target.address();
        if (now == State.FAILED) {
            int failures = target.seen().failures();
            String times =
                    failures == 1
                            ? " failed its check: "
                            : " failed " + failures + " checks in a row: ";
            raise(EventTag.MONITORFAIL, target, subject + times + result.text());
        } else if (before == State.FAILED) {
            raise(EventTag.MONITOROK, target, subject + " is well again: " + result.text());
        }
    }

    private void tell(String pool, Target target, boolean ok, String text) {
        String monitor = target.key().monitor();
        guarded(
                pool,
                monitor,
                () -> sink.result(pool, target.key().node(), monitor, ok, ok ? null : text));
    }

    private static void guarded(String pool, String monitor, Runnable telling) {
        try {
            telling.run();
        } catch (RuntimeException e) {
            log.error("Pool {} did not take the verdict of monitor {}", pool, monitor, e);
        }
    }

    private void raise(EventTag tag, Target target, String text) {
        List<ObjectRef> objects = new ArrayList<>();
        objects.add(ObjectRef.monitor(target.key().monitor()));
        if (target.key().node() != null) {
            objects.add(ObjectRef.node(target.key().node().toString()));
        }
        target.plan().pools().forEach(pool -> objects.add(ObjectRef.pool(pool)));
        events.emit(tag, text, objects.toArray(ObjectRef[]::new));
    }
}
