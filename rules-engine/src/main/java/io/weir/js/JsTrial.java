package io.weir.js;

import io.weir.config.RuleConfig;
import io.weir.event.Event;
import io.weir.event.EventTag;
import io.weir.function.Counters;
import io.weir.function.DataStore;
import io.weir.function.JsonSchemas;
import io.weir.function.Locations;
import io.weir.function.Means;
import io.weir.function.RuleFunction;
import io.weir.rule.Rehearsal;
import io.weir.rule.RuleOutcome;
import io.weir.rule.RuleProblem;
import io.weir.rule.RuleTrial;
import io.weir.rule.RulesRefusedException;
import io.weir.xml.Xml;

import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Tries rules on described exchanges. Safe for every thread. */
final class JsTrial implements RuleTrial {

    private static final String[] KNOWN = {
        "state",
        "method",
        "url",
        "headers",
        "body",
        "response",
        "bytes",
        "reply",
        "client",
        "local",
        "secure",
        "virtualServer",
        "pool",
        "pools",
        "node",
        "retries",
        "data",
        "connectionData",
        "calls",
        "time",
        "rates",
        "resources",
        "users",
        "names",
        "milliseconds",
        "nodeMilliseconds",
        "queueMilliseconds",
        "completion"
    };

    private final Engine engine;
    private final Catalog catalog;
    private final Watchdog watchdog;
    private final Xml xml;
    private final JsonSchemas schemas;
    private final Locations locations;

    JsTrial(
            Engine engine,
            Catalog catalog,
            Watchdog watchdog,
            Xml xml,
            JsonSchemas schemas,
            Locations locations) {
        this.engine = engine;
        this.catalog = catalog;
        this.watchdog = watchdog;
        this.xml = xml;
        this.schemas = schemas;
        this.locations = locations;
    }

    private Program program(RuleConfig rule, boolean traced) throws RulesRefusedException {
        SourceText text = new SourceText(rule.source(), catalog.waiting(), catalog.spellings());
        List<RuleProblem> problems = new ArrayList<>();
        try (Context context = Sandbox.context(engine)) {
            List<String> families = catalog.familyNames();
            Program program =
                    traced
                            ? new Program(rule, text, families, true)
                            : new Program(rule, text, families);
            JsEngine.parsed(program, catalog, context, problems);
            if (!problems.isEmpty()) {
                throw new RulesRefusedException(problems);
            }
            return program;
        }
    }

    @Override
    public String run(RuleConfig rule, String exchange) throws RulesRefusedException {
        return run(program(rule, true), exchange);
    }

    private String run(Program program, String json) {
        List<String> trace = new ArrayList<>();
        try (Stage stage = new Stage(program, Described.parse(json), trace::add)) {
            RuleOutcome outcome = stage.run();
            return Described.json(result(outcome, stage.side, stage.world, trace));
        }
    }

    @Override
    public Rehearsal rehearse(RuleConfig rule, String exchange) throws RulesRefusedException {
        return new Stage(program(rule, false), Described.parse(exchange), null);
    }

    /** A rule, an exchange, and the world around both. Confined to one thread. */
    private final class Stage implements Rehearsal {
        private final TrialWorld world;
        private final TrialSide side;
        private final Guest guest;

        Stage(Program program, Described exchange, @Nullable Consumer<String> trace) {
            exchange.only(KNOWN);
            world = new TrialWorld(exchange, watchdog);
            side = TrialSide.of(exchange, world);
            DataStore data = new DataStore();
            data.limit(world.limits().dataSize());
            exchange.texts("data").forEach(data::put);
            guest =
                    new Guest(
                            engine,
                            catalog,
                            watchdog,
                            world,
                            new Means(
                                    world.calls(),
                                    data,
                                    xml,
                                    schemas,
                                    locations,
                                    world,
                                    new Counters(),
                                    world),
                            List.of(program),
                            trace,
                            exchange.has("time") ? exchange.text("time", "") : null);
        }

        @Override
        public RuleOutcome run() {
            RuleOutcome outcome = guest.run(0, side);
            if (!(outcome instanceof RuleOutcome.Suspended)) {
                return outcome;
            }
            world.work();
            RuleOutcome later = side.takeOutcome();
            return later == null
                    ? new RuleOutcome.Failed("it waits for what is not described")
                    : later;
        }

        @Override
        public void renew() {
            if (side instanceof TrialHttp http) {
                http.renew();
            }
        }

        @Override
        public void close() {
            guest.close();
            world.close();
        }
    }

    private static Map<String, Object> result(
            RuleOutcome outcome, TrialSide side, TrialWorld world, List<String> trace) {
        Map<String, Object> result = new LinkedHashMap<>();
        switch (outcome) {
            case RuleOutcome.Continue c -> result.put("decision", "continue");
            case RuleOutcome.Stop s -> result.put("decision", "stop");
            case RuleOutcome.Discard d -> result.put("decision", "discard");
            case RuleOutcome.Retry r -> result.put("decision", "retry");
            case RuleOutcome.Suspended s -> result.put("decision", "suspended");
            case RuleOutcome.Refused refused -> {
                result.put("decision", "refused");
                result.put("error", refused.fault().text());
            }
            case RuleOutcome.Failed failed -> {
                result.put("decision", "failed");
                result.put("error", failed.text());
            }
            case RuleOutcome.Close close -> {
                result.put("decision", "close");
                result.put("answer", new String(close.data(), StandardCharsets.ISO_8859_1));
            }
            case RuleOutcome.Answer answer -> {
                result.put("decision", "answer");
                Map<String, Object> told = new LinkedHashMap<>();
                told.put("status", answer.status());
                told.put("reason", answer.reason());
                told.put("type", answer.contentType());
                Map<String, Object> fields = new LinkedHashMap<>();
                answer.fields().forEach(f -> fields.put(f.getKey(), f.getValue()));
                told.put("headers", fields);
                told.put("body", new String(answer.body(), StandardCharsets.ISO_8859_1));
                result.put("answer", told);
            }
        }
        side.decisions(result);
        side.tell(result);
        List<String> log = new ArrayList<>();
        List<Object> events = new ArrayList<>();
        for (Event event : world.noted()) {
            if (event.tag().name().startsWith("RULELOGMSG")) {
                log.add(event.text().replaceFirst("^rule [^:]*: ", ""));
            } else if (event.tag() == EventTag.CUSTOMEVENT) {
                events.add(Map.of("name", event.objects().getFirst().name(), "text", event.text()));
            } else {
                events.add(Map.of("name", event.tag().keyword(), "text", event.text()));
            }
        }
        result.put("log", log);
        result.put("events", events);
        result.put("calls", world.called());
        result.put("slept", world.slept());
        result.put("trace", trace);
        return result;
    }

    // ---- tests

    /** What a program of tests may reach. */
    public final class Host {
        private final Program program;
        private final List<Result> results = new ArrayList<>();

        private Host(Program program) {
            this.program = program;
        }

        @RuleFunction
        public String run(String exchange) {
            return JsTrial.this.run(program, exchange);
        }

        @RuleFunction
        public void passed(String name) {
            results.add(new Result(name, null));
        }

        @RuleFunction
        public void failed(String name, @Nullable String why) {
            results.add(new Result(name, why == null ? "" : why));
        }
    }

    @Override
    public List<Result> test(RuleConfig rule, RuleConfig tests) throws RulesRefusedException {
        Host host = new Host(program(rule, true));
        String head = "(function(test, run, expect){'use strict';";
        Source source =
                Source.newBuilder("js", head + tests.source() + "\n})", tests.name())
                        .buildLiteral();
        try (Context context = Sandbox.context(engine)) {
            Value body = context.eval(source);
            context.eval(testing()).execute(host, body);
            return host.results;
        } catch (PolyglotException e) {
            int line = e.getSourceLocation() == null ? 0 : e.getSourceLocation().getStartLine();
            throw new RulesRefusedException(
                    List.of(
                            new RuleProblem(
                                    tests.name(), line, 1, String.valueOf(e.getMessage()))));
        }
    }

    private static Source testing() {
        try (InputStream in = JsTrial.class.getResourceAsStream("testing.js")) {
            if (in == null) {
                throw new IllegalStateException("testing.js is missing");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return Source.newBuilder("js", text, "testing").buildLiteral();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
