package io.weir.js;

import io.weir.config.RuleConfig;
import io.weir.function.Authenticators;
import io.weir.function.Calls;
import io.weir.function.Counters;
import io.weir.function.CurrentRun;
import io.weir.function.DataStore;
import io.weir.function.Egress;
import io.weir.function.Functions;
import io.weir.function.JsonSchemas;
import io.weir.function.LdapAuthenticators;
import io.weir.function.Locations;
import io.weir.function.Means;
import io.weir.function.Names;
import io.weir.rule.FunctionText;
import io.weir.rule.Rule;
import io.weir.rule.RuleEngine;
import io.weir.rule.RuleFigures;
import io.weir.rule.RuleOutcome;
import io.weir.rule.RuleProblem;
import io.weir.rule.RuleSet;
import io.weir.rule.RuleSide;
import io.weir.rule.RuleTrial;
import io.weir.rule.RuleWorld;
import io.weir.rule.RulesRefusedException;
import io.weir.time.Ticker;
import io.weir.xml.Xml;

import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.Instrument;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.SourceSection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Rules in JavaScript on GraalJS: one engine for the process, and one context for each event loop
 * and set of rules. Loaded when a configuration has rules, and not before.
 */
public final class JsEngine implements RuleEngine {

    private static final Logger LOG = LoggerFactory.getLogger(JsEngine.class);

    /**
     * Runs of a function before it is compiled, once and for good. The compiler is written in Java
     * and cold at first: what it does then takes seconds, so it is to do nothing in vain.
     */
    private static final String COMPILED_AFTER = "10000";

    /** In TrafficScript it leaves the rule. */
    private static final String OUTSIDE_OF_LOOPS =
            "break stands in no loop: write return to leave the rule";

    private static final String LEFT = "a } before this closes more than the rule has opened";

    private final DataStore data = new DataStore();
    private @Nullable Machine machine;

    /** The texts of the rules in force, by name. */
    private volatile Map<String, String> warm = Map.of();

    /** What takes time to make. */
    private record Machine(
            Engine engine,
            Catalog catalog,
            Watchdog watchdog,
            Threads threads,
            Xml xml,
            Counters counters,
            JsonSchemas schemas,
            Locations locations,
            Authenticators authenticators) {}

    private synchronized Machine machine() {
        Machine made = machine;
        if (made == null) {
            Engine engine = engine();
            Watchdog watchdog = new Watchdog();
            Threads threads = new Threads(watchdog);
            made =
                    new Machine(
                            engine,
                            catalog(),
                            watchdog,
                            threads,
                            new Xml(),
                            new Counters(),
                            new JsonSchemas(),
                            new Locations(threads, Ticker.system()),
                            new LdapAuthenticators());
            machine = made;
        }
        return made;
    }

    /** An engine on which no rule can call too deeply. */
    static Engine engine() {
        Engine engine;
        try {
            engine =
                    builder()
                            .allowExperimentalOptions(true)
                            .option("engine.DynamicCompilationThresholds", "false")
                            .option("engine.MultiTier", "false")
                            .option("engine.SingleTierCompilationThreshold", COMPILED_AFTER)
                            .option("engine.CompileOnly", "~AtSetUp")
                            .build();
        } catch (IllegalArgumentException e) {
            // Without a compiler there is nothing to be said about it.
            engine = builder().build();
        }
        var _ = counting(engine);
        return engine;
    }

    /** What counts what rules do on {@code engine}. */
    static CountingInstrument.InForce counting(Engine engine) {
        Instrument instrument = engine.getInstruments().get(CountingInstrument.ID);
        CountingInstrument.InForce counting =
                instrument == null ? null : instrument.lookup(CountingInstrument.InForce.class);
        if (counting == null) {
            throw new IllegalStateException("nothing counts how deep rules call");
        }
        return counting;
    }

    private static Engine.Builder builder() {
        return Engine.newBuilder("js")
                .out(OutputStream.nullOutputStream())
                .err(OutputStream.nullOutputStream())
                .option("engine.WarnInterpreterOnly", "false");
    }

    @Override
    public RuleTrial trial() {
        Machine m = machine();
        return new JsTrial(
                m.engine(), m.catalog(), m.watchdog(), m.xml(), m.schemas(), m.locations());
    }

    /** All functions; only what marks them is looked at. */
    @SuppressWarnings("NullAway") // the families are made to be looked at, and never called
    static Catalog catalog() {
        CurrentRun none = new CurrentRun(null);
        Calls calls =
                new Calls(
                        new Egress(List.of(), port -> true, Names.OF_THE_MACHINE),
                        new NoWaiting(),
                        0);
        Locations nowhere = new Locations(new NoWaiting(), Ticker.system());
        return new Catalog(
                Functions.of(
                        none,
                        new Means(
                                calls,
                                new DataStore(),
                                new Xml(),
                                new JsonSchemas(),
                                nowhere,
                                (who, user, password) -> Map.of(),
                                new Counters(),
                                Names.OF_THE_MACHINE)));
    }

    /** Waits for nothing. */
    private static final class NoWaiting implements io.weir.function.Waiting {
        @Override
        public void after(long millis, Runnable task) {}

        @Override
        public void blocking(Runnable task) {}

        @Override
        public void working(long bytes, Supplier<Object> work, Consumer<@Nullable Object> done) {}
    }

    @Override
    public List<FunctionText> functions() {
        return catalog().texts();
    }

    @Override
    public synchronized RuleFigures figures() {
        Machine made = machine;
        return made == null
                ? RuleFigures.NONE
                : new RuleFigures(made.counters().all(), data.entries(), data.used());
    }

    @Override
    public String describe() {
        String name = machine().engine().getImplementationName();
        return name.equals("Interpreted")
                ? "rules are interpreted: the compiler is not on the module path of this JVM"
                : "rules are compiled (" + name + ")";
    }

    @Override
    public synchronized void close() {
        Machine made = machine;
        machine = null;
        if (made == null) {
            return;
        }
        made.threads().close();
        made.watchdog().close();
        try {
            made.engine().close(true);
        } catch (PolyglotException | IllegalStateException e) {
            LOG.warn("the engine of the rules was not closed: {}", e.toString());
        }
    }

    @Override
    public List<RuleProblem> check(RuleConfig rule) {
        Machine m = machine();
        List<RuleProblem> problems = new ArrayList<>();
        try (Context context = Sandbox.context(m.engine())) {
            program(m, rule, context, problems);
        }
        return problems;
    }

    @Override
    public @Nullable String problemOfLocations(Path file) {
        return Locations.problem(file);
    }

    private static Program program(
            Machine m, RuleConfig rule, Context context, List<RuleProblem> problems) {
        SourceText text =
                new SourceText(rule.source(), m.catalog().waiting(), m.catalog().spellings());
        Program program = new Program(rule, text, m.catalog().familyNames());
        return parsed(program, m.catalog(), context, problems);
    }

    /** Looks whether a program is sound. What has a better name is not told as the engine does. */
    static Program parsed(
            Program program, Catalog catalog, Context context, List<RuleProblem> problems) {
        List<RuleProblem> mistakes =
                Mistakes.in(program.name(), program.text(), catalog.spellings());
        problems.addAll(mistakes);
        if (!mistakes.isEmpty()) {
            return program;
        }
        try {
            context.parse(program.source());
        } catch (PolyglotException e) {
            String message =
                    String.valueOf(e.getMessage()).lines().findFirst().orElse("syntax error");
            String text =
                    message.replaceFirst("^SyntaxError: [^ ]*:\\d+:\\d+ ", "")
                            .replace("Illegal break statement", OUTSIDE_OF_LOOPS);
            problems.add(problem(program, e, text));
            return program;
        }
        try {
            context.parse(program.otherwise());
        } catch (PolyglotException e) {
            problems.add(problem(program, e, LEFT));
        }
        return program;
    }

    private static RuleProblem problem(Program program, PolyglotException e, String text) {
        SourceSection at = e.getSourceLocation();
        return at == null
                ? new RuleProblem(program.name(), 0, 0, text)
                : new RuleProblem(program.name(), at.getStartLine(), program.column(at), text);
    }

    @Override
    public RuleSet compile(Collection<RuleConfig> rules, RuleWorld world)
            throws RulesRefusedException {
        Machine m = machine();
        List<RuleProblem> problems = new ArrayList<>();
        List<Program> programs = new ArrayList<>();
        try (Context context = Sandbox.context(m.engine())) {
            for (RuleConfig rule : rules) {
                programs.add(program(m, rule, context, problems));
            }
        }
        if (!problems.isEmpty()) {
            throw new RulesRefusedException(problems);
        }
        Calls calls =
                new Calls(
                        new Egress(
                                world.limits().egress(),
                                world::isControlPort,
                                Names.OF_THE_MACHINE),
                        m.threads(),
                        world.limits().bodyLimit());
        if (programs.stream().anyMatch(Program::namesXml)) {
            m.xml().prepare();
        }
        Means means =
                new Means(
                        calls,
                        data,
                        m.xml(),
                        m.schemas(),
                        m.locations(),
                        m.authenticators(),
                        m.counters(),
                        Names.OF_THE_MACHINE);
        warmUp(m, programs, world, means);
        LoopRules[] loops = new LoopRules[world.eventLoops()];
        for (int i = 0; i < loops.length; i++) {
            loops[i] =
                    new LoopRules(
                            () ->
                                    new Guest(
                                            m.engine(),
                                            m.catalog(),
                                            m.watchdog(),
                                            world,
                                            means,
                                            programs,
                                            null,
                                            null));
        }
        Map<String, Rule> byName = new LinkedHashMap<>();
        for (int i = 0; i < programs.size(); i++) {
            byName.put(programs.get(i).name(), new JsRule(programs.get(i).name(), i, loops));
        }
        return new JsRules(
                byName,
                () -> {
                    data.limit(world.limits().dataSize());
                    m.locations().use(world.locations());
                });
    }

    /** Lets programs that are new run for a while before they get traffic. */
    private void warmUp(Machine m, List<Program> programs, RuleWorld world, Means means) {
        Map<String, String> before = warm;
        List<Program> fresh =
                programs.stream().filter(p -> !p.body().equals(before.get(p.name()))).toList();
        if (!fresh.isEmpty()) {
            var _ = new WarmUp(m.engine(), m.catalog(), m.watchdog(), world, means).run(fresh);
        }
        warm = programs.stream().collect(Collectors.toMap(Program::name, Program::body));
    }

    /**
     * The rules of a configuration.
     *
     * @param take what all rules share obeys the configuration
     */
    private record JsRules(Map<String, Rule> byName, Runnable take) implements RuleSet {
        @Override
        public @Nullable Rule rule(String name) {
            return byName.get(name);
        }

        @Override
        public void inForce() {
            take.run();
        }
    }

    /** A rule, on all event loops. */
    private record JsRule(String name, int index, LoopRules[] loops) implements Rule {
        @Override
        public RuleOutcome run(RuleSide side) {
            return loops[side.loopIndex()].run(index, side);
        }
    }
}
