package io.weir.js;

import io.weir.event.EventTag;
import io.weir.event.ObjectRef;
import io.weir.function.CurrentRun;
import io.weir.function.Functions;
import io.weir.function.Means;
import io.weir.function.Operation;
import io.weir.function.Sockets;
import io.weir.rule.RuleCounts;
import io.weir.rule.RuleOutcome;
import io.weir.rule.RuleSide;
import io.weir.rule.RuleWorld;

import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.SourceSection;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A context of the engine with all programs of a configuration in it, for one event loop. Confined
 * to one thread at a time.
 */
final class Guest {

    private static final RuleOutcome HELD =
            new RuleOutcome.Failed("it ran away a moment ago, and is held back for a while");

    /** Runs of a rule in which classes are loaded and nothing is compiled yet. */
    private static final int COLD_RUNS = 10;

    /** One that runs away again does not do so because it is cold. */
    private static final int COLD_STRIKES = 1;

    private static final RuleOutcome LOST =
            new RuleOutcome.Failed("another rule had to be stopped together with its context");

    private static final String ENDED_TOO_EARLY =
            "it ended while one of its calls was waiting: put await in front of async functions";

    private final RuleWorld world;
    private final CurrentRun run;
    private final Context context;
    private final Watchdog.Watch watch;
    private final CountingInstrument.Tally tally;
    private final Value begin;
    private final Bridge bridge;
    private final List<Installed> rules = new ArrayList<>();
    private final Value settle;
    private boolean lost;

    /** A program as it stands in the context. */
    private static final class Installed {
        private final Program program;
        private final Value function;
        private final RuleCounts counts;
        private int runs;

        Installed(Program program, Value function, RuleCounts counts) {
            this.program = program;
            this.function = function;
            this.counts = counts;
        }

        /** Whether much of the run that begins happens for the first time. */
        boolean cold() {
            return runs < COLD_RUNS
                    && ++runs <= COLD_RUNS
                    && program.hold().strikes() <= COLD_STRIKES;
        }
    }

    /** A run that may have to wait: what it goes on with. */
    private static final class Course {
        /** How often the rule had run away when the run began. */
        private final int strikes;

        /** What its calls have returned; null before its first part, or when it pauses instead. */
        private @Nullable Value journal;

        private @Nullable Value state;
        private @Nullable Value resume;
        private String[] groups = {};

        Course(int strikes) {
            this.strikes = strikes;
        }
    }

    Guest(
            Engine engine,
            Catalog catalog,
            Watchdog watchdog,
            RuleWorld world,
            Means means,
            List<Program> programs,
            @Nullable Consumer<String> trace,
            @Nullable String time) {
        this.world = world;
        this.run = new CurrentRun(world);
        this.context = Sandbox.context(engine);
        this.tally = tally(engine, context);
        this.watch = watchdog.watch(context, tally, world.limits());
        Map<String, Object> byName = Functions.of(run, means);
        Value prelude = context.eval(Prelude.SOURCE);
        Value host = context.eval("js", "(o) => o");
        Value table = context.eval("js", "(() => ({}))()");
        byName.forEach((name, family) -> table.putMember(name, host.execute(family)));
        Value bindings = context.eval(catalog.bindings());
        this.settle =
                context.eval(
                        "js",
                        "(p) => { const s = {done: false}; p.then(() => { s.done = true; },"
                                + " (e) => { s.done = true; s.error = e; }); return s; }");
        this.bridge = new Bridge(run, trace, time);
        Value words = context.eval("js", "(t) => t.split(' ')");
        Value waits = words.execute(String.join(" ", catalog.waitingNames()));
        Value parameters = words.execute(String.join(" ", catalog.familyNames()));
        Value made = prelude.execute(bridge, table, bindings, waits, parameters);
        this.begin = made.getMember("begin");
        for (Program program : programs) {
            Value function = context.eval(program.source());
            String runner = runner(program);
            rules.add(
                    new Installed(
                            program,
                            runner == null ? function : made.getMember(runner).execute(function),
                            world.counts(program.name())));
        }
    }

    private static CountingInstrument.Tally tally(Engine engine, Context context) {
        context.enter();
        try {
            return JsEngine.counting(engine).tally();
        } finally {
            context.leave();
        }
    }

    /** The function of the prelude that makes a program ready to run; null when it is as it is. */
    private static @Nullable String runner(Program program) {
        if (program.pauses()) {
            return "pausing";
        }
        if (program.waits()) {
            return program.async() ? "waitingAsync" : "waiting";
        }
        return program.async() ? null : "plain";
    }

    /** Ends the context, which runs nothing any more. */
    void close() {
        lost = true;
        context.close(true);
    }

    /** Whether the context was closed to end a rule, so that another one is needed. */
    boolean lost() {
        return lost;
    }

    /** Runs the program at {@code index} for {@code side}. */
    RuleOutcome run(int index, RuleSide side) {
        Installed rule = rules.get(index);
        Program program = rule.program;
        long now = System.nanoTime();
        if (!program.hold().lets(now)) {
            rule.counts.ran(HELD, 0, 0);
            return HELD;
        }
        run.begin(program.name(), rule.counts, side, program.waits());
        return execute(
                rule, side, program.waits() ? new Course(program.hold().strikes()) : null, now);
    }

    private RuleOutcome execute(
            Installed rule, RuleSide side, @Nullable Course course, long start) {
        Program program = rule.program;
        long statements = tally.statements();
        RuleOutcome outcome = null;
        RuntimeException thrown = null;
        String verdict;
        tally.begin();
        watch.begin(rule.cold());
        try {
            outcome = part(program, rule.function, course);
        } catch (PolyglotException | IllegalStateException e) {
            thrown = e;
        } finally {
            verdict = watch.end();
        }
        lost |= watch.closed() || closed(thrown);
        if (verdict != null || thrown instanceof PolyglotException e && e.isInterrupted()) {
            // The stop may have been noticed by the thread and not by the rule.
            var _ = Thread.interrupted();
        }
        if (verdict != null) {
            outcome = new RuleOutcome.Failed(verdict);
        } else if (thrown != null) {
            outcome = failed(program, thrown);
        }
        Operation pending = run.pending();
        Sockets sockets = run.opened();
        RuleOutcome said = run.end();
        if (outcome == null) {
            outcome = said;
        }
        long end = System.nanoTime();
        rule.counts.ran(outcome, end - start, tally.statements() - statements);
        if (verdict != null) {
            program.hold().ranAway(end);
        } else if (!(outcome instanceof RuleOutcome.Suspended)) {
            program.hold().endedWell();
        }
        after(rule, side, outcome, end - start);
        if (outcome instanceof RuleOutcome.Suspended && pending != null && course != null) {
            waitFor(rule, side, course, pending, sockets);
        } else if (sockets != null) {
            sockets.close();
        }
        return outcome;
    }

    /**
     * Runs a program up to its end or its next wait.
     *
     * @return null for what the functions that it called have said
     * @throws IllegalStateException when the context was closed
     */
    private @Nullable RuleOutcome part(Program program, Value function, @Nullable Course course) {
        if (program.pauses() && course != null) {
            return goOn(function, course);
        }
        if (course != null) {
            course.journal = begin.execute(course.journal);
        }
        if (program.async()) {
            return async(function);
        }
        function.executeVoid();
        return null;
    }

    /** Whether what was thrown tells that the context is no more; null does not. */
    private static boolean closed(@Nullable RuntimeException thrown) {
        return thrown instanceof PolyglotException e ? e.isCancelled() : thrown != null;
    }

    /** What a run came to that was left by {@code e}; null for what functions have said. */
    private @Nullable RuleOutcome failed(Program program, RuntimeException e) {
        if (!(e instanceof PolyglotException guests)) {
            return new RuleOutcome.Failed("its context was closed: " + e.getMessage());
        }
        return run.ended() ? null : new RuleOutcome.Failed(text(program, guests));
    }

    private @Nullable RuleOutcome async(Value function) {
        Value promise = function.execute();
        Value settled = settle.execute(promise);
        if (run.ended()) {
            return null;
        }
        if (!settled.getMember("done").asBoolean()) {
            return new RuleOutcome.Failed("it awaits a promise that nothing will settle");
        }
        return left(settled);
    }

    /** What a run came to whose promise was settled so, and was not ended by a function. */
    private static @Nullable RuleOutcome left(Value settled) {
        Value error = settled.getMember("error");
        if (error == null || error.isNull()) {
            return null;
        }
        if (error.isException()) {
            throw error.throwException();
        }
        return new RuleOutcome.Failed(error.toString());
    }

    /** Runs a rule that pauses, up to its next pause or its end. */
    private @Nullable RuleOutcome goOn(Value function, Course course) {
        // A run that was ended from outside may have paused before.
        var _ = bridge.takeParked();
        Value state = course.state;
        Value resume = course.resume;
        if (state == null || resume == null) {
            Value promise = function.execute();
            state = settle.execute(promise);
            course.state = state;
        } else {
            resume.executeVoid();
        }
        boolean done = state.getMember("done").asBoolean();
        course.resume = bridge.takeParked();
        if (course.resume != null) {
            course.groups = run.groups();
            return done ? new RuleOutcome.Failed(ENDED_TOO_EARLY) : null;
        }
        if (run.ended()) {
            return null;
        }
        if (!done) {
            return new RuleOutcome.Failed("it awaits a promise that nothing will settle");
        }
        return left(state);
    }

    private void waitFor(
            Installed rule,
            RuleSide side,
            Course course,
            Operation pending,
            @Nullable Sockets sockets) {
        pending.start(
                result -> side.loop().execute(() -> resume(rule, side, course, sockets, result)));
    }

    /** What the rule waited for is there; it has run away since when its run is not to go on. */
    private void resume(
            Installed rule,
            RuleSide side,
            Course course,
            @Nullable Sockets sockets,
            @Nullable Object result) {
        Program program = rule.program;
        boolean held = program.hold().strikes() > course.strikes;
        if (lost || held || side.over()) {
            drop(sockets, result);
        }
        if (side.over()) {
            return;
        }
        if (lost || held) {
            RuleOutcome outcome = held ? HELD : LOST;
            rule.counts.ran(outcome, 0, 0);
            side.resume(outcome);
            return;
        }
        run.resume(program.name(), rule.counts, side, result, sockets);
        if (program.pauses()) {
            run.groups(course.groups);
        }
        RuleOutcome outcome = execute(rule, side, course, System.nanoTime());
        if (!(outcome instanceof RuleOutcome.Suspended)) {
            side.resume(outcome);
        }
    }

    /** Nobody comes back for these. */
    private static void drop(@Nullable Sockets sockets, @Nullable Object result) {
        if (sockets != null) {
            sockets.close();
        }
        if (result instanceof Closeable open) {
            try {
                open.close();
            } catch (IOException e) {
                // It is of no use any more.
            }
        }
    }

    private void after(Installed rule, RuleSide side, RuleOutcome outcome, long nanos) {
        long warning = world.limits().timeWarning().toNanos();
        if (outcome instanceof RuleOutcome.Failed failed) {
            emit(EventTag.RULEABORT, rule.program, side, "was aborted: " + failed.text());
        } else if (warning > 0 && nanos > warning && rule.runs >= COLD_RUNS) {
            rule.counts.warned();
            emit(EventTag.RULEOVERRUN, rule.program, side, "took " + nanos / 1_000_000 + " ms");
        }
    }

    private void emit(EventTag tag, Program program, RuleSide side, String text) {
        world.events()
                .emit(
                        tag,
                        "rule " + program.name() + " " + text,
                        ObjectRef.rule(program.name()),
                        ObjectRef.virtualServer(side.virtualServer()));
    }

    /** What went wrong, and where in the rule: what it called comes before it on the stack. */
    private static String text(Program program, PolyglotException e) {
        String text = String.valueOf(e.getMessage()).replaceFirst("^Error: ", "");
        SourceSection at = e.getSourceLocation();
        Iterator<PolyglotException.StackFrame> frames = e.getPolyglotStackTrace().iterator();
        while (!program.contains(at) && frames.hasNext()) {
            PolyglotException.StackFrame frame = frames.next();
            at = frame.isGuestFrame() ? frame.getSourceLocation() : null;
        }
        if (at == null || !program.contains(at)) {
            return text;
        }
        return "line " + at.getStartLine() + ", column " + program.column(at) + ": " + text;
    }
}
