package io.weir.js;

import com.sun.management.ThreadMXBean;

import io.weir.function.Counters;
import io.weir.function.DataStore;
import io.weir.function.Means;
import io.weir.rule.RuleOutcome;
import io.weir.rule.RulePlace;
import io.weir.rule.RuleWorld;

import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.PolyglotException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The first runs of rules that are new or edited, on made-up exchanges and away from traffic, so
 * that the engine knows them when traffic comes: it shares among contexts what it has learned and
 * compiled. Nothing that a rule does here reaches anything outside: no pool, no counter, no store,
 * no other server. Used on threads that may wait, and given up when they are interrupted.
 */
final class WarmUp {

    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

    /** Runs of one rule, by which all its classes are loaded and all its calls are known. */
    static final int RUNS = 500;

    /** For all rules together: processor time, and time. */
    private static final long NANOS = Duration.ofSeconds(1).toNanos();

    /** A rule that fails so often in a row has no use for more. */
    private static final int MAX_FAILURES = 5;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Engine engine;
    private final Catalog catalog;
    private final Watchdog watchdog;
    private final RuleWorld live;
    private final Means means;

    /**
     * @param live what rules will see of the Weir around them; only its limits and files are used
     * @param means what functions will act by; only what changes nothing is used
     */
    WarmUp(Engine engine, Catalog catalog, Watchdog watchdog, RuleWorld live, Means means) {
        this.engine = engine;
        this.catalog = catalog;
        this.watchdog = watchdog;
        this.live = live;
        this.means = means;
    }

    /**
     * Runs each of the programs where it will stand, within the time for all of them.
     *
     * @return how often each of them ran
     */
    int[] run(List<Program> programs) {
        long begin = System.nanoTime();
        long cpu = threads.getCurrentThreadCpuTime();
        DataStore data = new DataStore();
        data.limit(live.limits().dataSize());
        int[] runs = new int[programs.size()];
        if (Thread.currentThread().isInterrupted()) {
            return runs;
        }
        try (TrialWorld world =
                new TrialWorld(Described.parse("{}"), watchdog, live.limits(), live::resource)) {
            Guest guest =
                    new Guest(
                            engine,
                            catalog,
                            watchdog,
                            world,
                            new Means(
                                    world.calls(),
                                    data,
                                    means.xml(),
                                    means.schemas(),
                                    means.locations(),
                                    world,
                                    new Counters(),
                                    world),
                            programs,
                            null,
                            null);
            try {
                for (int i = 0; i < programs.size(); i++) {
                    long part = NANOS * (i + 1) / programs.size();
                    runs[i] = run(guest, i, programs.get(i), world, begin + part, cpu + part);
                }
            } finally {
                guest.close();
            }
        } catch (PolyglotException | IllegalStateException e) {
            // Rules that are not warm are rules, too.
            LOG.warn("rules could not be warmed before they get traffic: {}", e.toString());
        }
        for (int i = 0; i < runs.length; i++) {
            LOG.debug("rule {} is warm after {} runs", programs.get(i).name(), runs[i]);
        }
        return runs;
    }

    /** Runs one program; returns how often. */
    private int run(
            Guest guest, int index, Program program, TrialWorld world, long end, long cpuEnd) {
        List<Described> samples = new ArrayList<>();
        for (RulePlace place : live.places(program.name())) {
            samples.addAll(Samples.of(place));
        }
        int runs = 0;
        int failures = 0;
        while (!samples.isEmpty()
                && runs < RUNS
                && failures < MAX_FAILURES
                && !guest.lost()
                && System.nanoTime() - end < 0
                && threads.getCurrentThreadCpuTime() < cpuEnd
                && !Thread.currentThread().isInterrupted()) {
            TrialSide side = TrialSide.of(samples.get(runs % samples.size()), world);
            RuleOutcome outcome = guest.run(index, side);
            // What it does on made-up exchanges is not held against it.
            program.hold().endedWell();
            world.work();
            world.forget();
            failures = outcome instanceof RuleOutcome.Failed ? failures + 1 : 0;
            runs++;
        }
        return runs;
    }
}
