package io.weir.js;

import io.weir.event.EventTag;
import io.weir.event.ObjectRef;
import io.weir.function.Any;
import io.weir.function.CurrentRun;
import io.weir.function.Functions;
import io.weir.function.Means;
import io.weir.function.Numbers;
import io.weir.function.Operation;
import io.weir.function.RuleFunction;
import io.weir.function.Sockets;
import io.weir.rule.RuleCounts;
import io.weir.rule.RuleOutcome;
import io.weir.rule.RuleSide;
import io.weir.rule.RuleWorld;

import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.HostAccess.TargetMappingPrecedence;
import org.graalvm.polyglot.PolyglotAccess;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.ResourceLimits;
import org.graalvm.polyglot.SourceSection;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.io.IOAccess;
import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A context of the engine with all programs of a configuration in it, for one event loop. Confined
 * to one thread at a time.
 */
final class Guest {

    /** What Java objects may be touched: what is marked, and nothing else. */
    static final HostAccess ACCESS =
            HostAccess.newBuilder()
                    .allowAccessAnnotatedBy(RuleFunction.class)
                    .targetTypeMapping(
                            Value.class,
                            String.class,
                            value -> true,
                            value -> Numbers.text(Values.plain(value).value()),
                            TargetMappingPrecedence.LOWEST)
                    .targetTypeMapping(
                            Value.class,
                            Integer.class,
                            value -> true,
                            value -> (int) Numbers.whole(Values.plain(value).value()),
                            TargetMappingPrecedence.LOWEST)
                    .targetTypeMapping(
                            Value.class,
                            Double.class,
                            value -> true,
                            value -> Numbers.number(Values.plain(value).value()),
                            TargetMappingPrecedence.LOWEST)
                    .targetTypeMapping(Value.class, Any.class, value -> true, Values::plain)
                    .build();

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

    /**
     * Statements of one run, for rules that no stop gets out of their {@code finally}. More than
     * compiled code does within any time limit: whoever reaches it takes the context, and all rules
     * in it, along.
     */
    private static final long MAX_STATEMENTS = 1_000_000_000;

    private static final int MAX_STRING = 32 << 20;
    private static final int MAX_ARRAY = 32 << 20;

    private final RuleWorld world;
    private final CurrentRun run;
    private final Context context;
    private final Watchdog.Watch watch;
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
        this.context = context(engine);
        this.watch = watchdog.watch(context, world.limits());
        Map<String, Object> byName = Functions.of(run, means);
        Value prelude = context.eval(Prelude.SOURCE);
        Value host = context.eval("js", "(o) => o");
        Value table = context.eval("js", "(() => ({}))()");
        byName.forEach((name, family) -> table.putMember(name, host.execute(family)));
        Value listed = context.eval("js", "(t) => JSON.parse(t)").execute(catalog.json());
        this.settle =
                context.eval(
                        "js",
                        "(p) => { const s = {done: false}; p.then(() => { s.done = true; },"
                                + " (e) => { s.done = true; s.error = e; }); return s; }");
        this.bridge = new Bridge(run, trace, time);
        Value parameters =
                context.eval("js", "(t) => t.split(' ')")
                        .execute(String.join(" ", catalog.familyNames()));
        Value made = prelude.execute(bridge, table, listed, parameters);
        this.begin = made.getMember("begin");
        this.counts = new RuleCounts[programs.size()];
        for (Program program : programs) {
            counts[functions.size()] = world.counts(program.name());
            Value function = context.eval(program.source());
            String runner = runner(program);
            functions.add(runner == null ? function : made.getMember(runner).execute(function));
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

    /** A context in which nothing of the machine can be reached. */
    static Context context(Engine engine) {
        return Context.newBuilder("js")
                .engine(engine)
                .allowHostAccess(ACCESS)
                .allowIO(IOAccess.NONE)
                .allowPolyglotAccess(PolyglotAccess.NONE)
                .allowCreateProcess(false)
                .allowCreateThread(false)
                .allowNativeAccess(false)
                .allowHostClassLoading(false)
                .allowExperimentalOptions(true)
                .option("js.bigint", "false")
                .option("js.disable-eval", "true")
                .option("js.graal-builtin", "false")
                .option("js.java-package-globals", "false")
                .option("js.load", "false")
                .option("js.max-typed-array-length", Integer.toString(MAX_ARRAY))
                .option("js.polyglot-builtin", "false")
                .option("js.print", "false")
                .option("js.console", "false")
                .option("js.regexp-static-result", "false")
                .option("js.shared-array-buffer", "false")
                .option("js.string-length-limit", Integer.toString(MAX_STRING))
                .resourceLimits(
                        ResourceLimits.newBuilder().statementLimit(MAX_STATEMENTS, null).build())
                .in(InputStream.nullInputStream())
                .out(OutputStream.nullOutputStream())
                .err(OutputStream.nullOutputStream())
                .build();
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
            counts[index].ran(HELD, 0);
            return HELD;
        }
        run.begin(program.name(), counts[index], side, program.waits());
        Course course = program.pauses() ? new Course() : null;
        Value journal = program.waits() && course == null ? begin.execute((Object) null) : null;
        return execute(index, side, journal, course);
    }

    /** A run that goes on where it paused. */
    private static final class Course {
        private @Nullable Value state;
        private @Nullable Value resume;
        private String[] groups = {};
    }

    private RuleOutcome execute(
            int index, RuleSide side, @Nullable Value journal, @Nullable Course course) {
        Program program = programs.get(index);
        Value function = functions.get(index);
        long start = System.nanoTime();
        RuleOutcome outcome;
        String verdict;
        context.resetLimits();
        watch.begin(cold(index));
        try {
            if (course != null) {
                outcome = goOn(function, course);
            } else if (program.async()) {
                outcome = async(function);
            } else {
                function.executeVoid();
                outcome = null;
            }
            verdict = watch.end();
        } catch (PolyglotException e) {
            verdict = watch.end();
            lost |= e.isCancelled() || e.isResourceExhausted() && broken();
            outcome = run.ended() && verdict == null ? null : failed(program, e, verdict);
        } catch (IllegalStateException e) {
            verdict = watch.end();
            lost = true;
            outcome = new RuleOutcome.Failed("its context was closed: " + e.getMessage());
        }
        strike(index, verdict != null || lost);
        if (verdict != null) {
            // The stop may have been noticed by the thread and not by the rule.
            Thread.interrupted();
        }
        Operation pending = run.pending();
        Sockets sockets = run.opened();
        RuleOutcome said = run.end();
        if (outcome == null) {
            outcome = said;
        }
        long nanos = System.nanoTime() - start;
        counts[index].ran(outcome, nanos);
        after(index, program, side, outcome, nanos);
        boolean kept = journal != null || course != null;
        if (outcome instanceof RuleOutcome.Suspended && pending != null && kept) {
            waitFor(index, side, journal, course, pending, sockets);
        } else if (sockets != null) {
            sockets.close();
        }
        return outcome;
    }

    /** Whether the context was closed. */
    private boolean broken() {
        try {
            context.enter();
            context.leave();
            return false;
        } catch (IllegalStateException | PolyglotException e) {
            return true;
        }
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
            int index,
            RuleSide side,
            @Nullable Value journal,
            @Nullable Course course,
            Operation pending,
            @Nullable Sockets sockets) {
        pending.start(
                result ->
                        side.loop()
                                .execute(
                                        () -> {
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
                                            run.resume(
                                                    programs.get(index).name(),
                                                    counts[index],
                                                    side,
                                                    result,
                                                    sockets);
                                            if (course != null) {
                                                run.groups(course.groups);
                                            } else {
                                                begin.execute(journal);
                                            }
                                            RuleOutcome outcome =
                                                    execute(index, side, journal, course);
                                            if (!(outcome instanceof RuleOutcome.Suspended)) {
                                                side.resume(outcome);
                                            }
                                        }));
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

    private static RuleOutcome failed(
            Program program, PolyglotException e, @Nullable String verdict) {
        if (verdict != null) {
            return new RuleOutcome.Failed(verdict);
        }
        String text = String.valueOf(e.getMessage());
        SourceSection at = e.getSourceLocation();
        for (PolyglotException.StackFrame frame : e.getPolyglotStackTrace()) {
            if (at == null && frame.isGuestFrame()) {
                at = frame.getSourceLocation();
            }
        }
        if (at == null || !at.getSource().getName().equals(program.name() + ".js")) {
            return new RuleOutcome.Failed(text);
        }
        int line = at.getStartLine();
        int column = program.column(line, at.getStartColumn());
        return new RuleOutcome.Failed("line " + line + ", column " + column + ": " + text);
    }
}
