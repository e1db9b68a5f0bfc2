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

    /** How long a rule is held back that ran away; twice as long each time in a row. */
    private static final long FIRST_HOLD_NANOS = 250_000_000;

    /** Runs of a rule in which classes are loaded and nothing is compiled yet. */
    private static final int COLD_RUNS = 10;

    private static final int MAX_STRIKES = 8;

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
    private final RuleCounts[] counts;
    private final Bridge bridge;
    private final List<Program> programs;
    private final List<Value> functions = new ArrayList<>();
    private final Value settle;
    private final int[] runs;
    private final int[] strikes;
    private final long[] heldUntil;
    private boolean lost;

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
        this.programs = programs;
        this.runs = new int[programs.size()];
        this.strikes = new int[programs.size()];
        this.heldUntil = new long[programs.size()];
        this.run = new CurrentRun(world);
        this.context = Sandbox.context(engine);
        this.watch = watchdog.watch(context, world.limits());
        this.tally = tally(engine, context);
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
        this.counts = new RuleCounts[programs.size()];
        for (Program program : programs) {
            counts[functions.size()] = world.counts(program.name());
            Value function = context.eval(program.source());
            String runner = runner(program);
            functions.add(runner == null ? function : made.getMember(runner).execute(function));
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
        Program program = programs.get(index);
        if (strikes[index] > 0 && System.nanoTime() - heldUntil[index] < 0) {
            counts[index].ran(HELD, 0, 0);
            return HELD;
        }
        run.begin(program.name(), counts[index], side, program.waits());
        return execute(index, side, program.waits() ? new Course() : null);
    }

    /** A run that may have to wait: what it goes on with. */
    private static final class Course {
        /** What its calls have returned; null before its first part, or when it pauses instead. */
        private @Nullable Value journal;

        private @Nullable Value state;
        private @Nullable Value resume;
        private String[] groups = {};
    }

    private RuleOutcome execute(int index, RuleSide side, @Nullable Course course) {
        Program program = programs.get(index);
        long start = System.nanoTime();
        long statements = tally.statements();
        RuleOutcome outcome = null;
        RuntimeException thrown = null;
        String verdict;
        watch.begin(cold(index));
        try {
            outcome = part(program, functions.get(index), course);
        } catch (PolyglotException | IllegalStateException e) {
            thrown = e;
        } finally {
            verdict = watch.end();
        }
        lost |= watch.closed();
        if (verdict != null || thrown instanceof PolyglotException e && e.isInterrupted()) {
            // The stop may have been noticed by the thread and not by the rule.
            var _ = Thread.interrupted();
        }
        if (thrown != null) {
            outcome = failed(program, thrown, verdict);
        }
        strike(index, verdict != null || lost);
        Operation pending = run.pending();
        Sockets sockets = run.opened();
        RuleOutcome said = run.end();
        if (outcome == null) {
            outcome = said;
        }
        long nanos = System.nanoTime() - start;
        counts[index].ran(outcome, nanos, tally.statements() - statements);
        after(index, program, side, outcome, nanos);
        if (outcome instanceof RuleOutcome.Suspended && pending != null && course != null) {
            waitFor(index, side, course, pending, sockets);
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

    /** What a run came to that was left by {@code e}; null for what functions have said. */
    private @Nullable RuleOutcome failed(
            Program program, RuntimeException e, @Nullable String verdict) {
        PolyglotException guests = e instanceof PolyglotException p ? p : null;
        lost |= guests == null || guests.isCancelled();
        if (verdict != null) {
            return new RuleOutcome.Failed(verdict);
        }
        if (guests == null) {
            return new RuleOutcome.Failed("its context was closed: " + e.getMessage());
        }
        return run.ended() ? null : new RuleOutcome.Failed(text(program, guests));
    }

    private boolean cold(int index) {
        return runs[index] < COLD_RUNS && ++runs[index] <= COLD_RUNS;
    }

    /** Keeps a rule that ran away from taking the event loop again and again. */
    private void strike(int index, boolean ranAway) {
        if (ranAway) {
            strikes[index] = Math.min(strikes[index] + 1, MAX_STRIKES);
            heldUntil[index] = System.nanoTime() + (FIRST_HOLD_NANOS << (strikes[index] - 1));
        } else if (strikes[index] > 0) {
            strikes[index] = 0;
        }
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
        Value error = settled.getMember("error");
        return error == null || error.isNull() ? null : new RuleOutcome.Failed(error.toString());
    }

    /** Runs a rule that pauses, up to its next pause or its end. */
    private @Nullable RuleOutcome goOn(Value function, Course course) {
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
        Value error = state.getMember("error");
        if (error == null || error.isNull()) {
            return null;
        }
        if (error.isException()) {
            throw error.throwException();
        }
        return new RuleOutcome.Failed(error.toString());
    }

    private void waitFor(
            int index, RuleSide side, Course course, Operation pending, @Nullable Sockets sockets) {
        pending.start(
                result -> side.loop().execute(() -> resume(index, side, course, sockets, result)));
    }

    /** What the rule waited for is there. */
    private void resume(
            int index,
            RuleSide side,
            Course course,
            @Nullable Sockets sockets,
            @Nullable Object result) {
        if (lost || side.over()) {
            drop(sockets, result);
        }
        if (side.over()) {
            return;
        }
        if (lost) {
            side.resume(LOST);
            return;
        }
        Program program = programs.get(index);
        run.resume(program.name(), counts[index], side, result, sockets);
        if (program.pauses()) {
            run.groups(course.groups);
        }
        RuleOutcome outcome = execute(index, side, course);
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

    private void after(int index, Program program, RuleSide side, RuleOutcome outcome, long nanos) {
        long warning = world.limits().timeWarning().toNanos();
        if (outcome instanceof RuleOutcome.Failed failed) {
            emit(EventTag.RULEABORT, program, side, "was aborted: " + failed.text());
        } else if (warning > 0 && nanos > warning && runs[index] >= COLD_RUNS) {
            counts[index].warned();
            emit(EventTag.RULEOVERRUN, program, side, "took " + nanos / 1_000_000 + " ms");
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
        int line = at.getStartLine();
        int column = program.column(line, at.getStartColumn());
        return "line " + line + ", column " + column + ": " + text;
    }
}
