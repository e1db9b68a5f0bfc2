package io.weir.js;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.RuleConfig;
import io.weir.config.RuleLimits;
import io.weir.function.Counters;
import io.weir.function.DataStore;
import io.weir.function.JsonSchemas;
import io.weir.function.Locations;
import io.weir.function.Means;
import io.weir.function.Names;
import io.weir.rule.RuleOutcome;
import io.weir.testkit.Await;
import io.weir.time.Ticker;
import io.weir.xml.Xml;

import org.graalvm.polyglot.Engine;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The rules of an event loop of which some run away, or whose context has gone. */
class LoopRulesTest {

    private static final Catalog CATALOG = JsEngine.catalog();
    private static final Watchdog WATCHDOG = new Watchdog();

    private static final RuleLimits LIMITS =
            new RuleLimits(
                    Duration.ofMillis(40), Duration.ZERO, 64 << 20, 1 << 20, 1 << 20, List.of());

    /** Interrupted once, it would go on. */
    private static final String STAYS =
            "for (;;) { try { for (;;) {} } catch {} finally { try { for (;;) {} } finally {"
                    + " continue; } } }";

    private static Program program(String source) {
        RuleConfig rule = new RuleConfig("rule", Path.of("rule.js"), source);
        SourceText text = new SourceText(source, CATALOG.waiting(), CATALOG.spellings());
        return new Program(rule, text, CATALOG.familyNames());
    }

    private static Guest guest(Engine engine, TrialWorld world, Program program) {
        Means means =
                new Means(
                        world.calls(),
                        new DataStore(),
                        new Xml(),
                        new JsonSchemas(),
                        new Locations(new Threads(WATCHDOG), Ticker.system()),
                        (who, user, password) -> Map.of(),
                        new Counters(),
                        Names.OF_THE_MACHINE);
        return new Guest(engine, CATALOG, WATCHDOG, world, means, List.of(program), null, null);
    }

    @Test
    void aContextThatIsClosedBetweenTwoRunsIsReplacedEvenIfThatFailsAtFirst() {
        try (Engine closed = JsEngine.engine();
                Engine open = JsEngine.engine();
                TrialWorld world = new TrialWorld(Described.parse("{}"), WATCHDOG)) {
            Queue<Engine> engines = new ConcurrentLinkedQueue<>(List.of(closed, closed, open));
            Program program = program("http.setHeader('X-A', 'b');");
            LoopRules rules = new LoopRules(() -> guest(engines.remove(), world, program));
            TrialSide side = TrialSide.of(Described.parse("{}"), world);
            assertThat(rules.run(0, side)).isEqualTo(RuleOutcome.CONTINUE);
            closed.close(true);
            assertThat(rules.run(0, side)).isInstanceOf(RuleOutcome.Failed.class);
            Await.until("rules run again", () -> rules.run(0, side).equals(RuleOutcome.CONTINUE));
        }
    }

    @Test
    void aRuleThatStaysInItsFinallyIsEndedAndLeavesTheContextToTheOthers() {
        try (Engine engine = JsEngine.engine();
                TrialWorld world = limited()) {
            // A thread that gets no turn for long cannot leave, and loses its context for that.
            Await.until(
                    "one is ended within its context",
                    () -> {
                        Guest guest = guest(engine, world, program(STAYS));
                        TrialSide side = TrialSide.of(Described.parse("{}"), world);
                        assertThat(text(guest.run(0, side))).contains("time-limit");
                        return !guest.lost();
                    });
        }
    }

    @Test
    void aRuleThatRanAwayOnOneLoopIsHeldBackOnTheOthers() {
        try (Engine engine = JsEngine.engine();
                TrialWorld world = limited()) {
            Program program = program("for (;;) {}");
            program.hold().ranAway(System.nanoTime() + Duration.ofHours(1).toNanos());
            Guest one = guest(engine, world, program);
            assertThat(text(one.run(0, TrialSide.of(Described.parse("{}"), world))))
                    .contains("held back");
        }
    }

    @Test
    void runsThatWaitAreNotGoneOnWithWhenTheirRuleHasRunAwayMeanwhile() {
        try (Engine engine = JsEngine.engine();
                TrialWorld world = limited()) {
            Guest guest = guest(engine, world, program("connection.sleep(10); for (;;) {}"));
            TrialSide one = TrialSide.of(Described.parse("{}"), world);
            TrialSide other = TrialSide.of(Described.parse("{}"), world);
            assertThat(guest.run(0, one)).isEqualTo(RuleOutcome.SUSPENDED);
            assertThat(guest.run(0, other)).isEqualTo(RuleOutcome.SUSPENDED);
            world.work();
            assertThat(text(one.takeOutcome())).contains("time-limit");
            assertThat(text(other.takeOutcome())).contains("held back");
        }
    }

    private static TrialWorld limited() {
        return new TrialWorld(Described.parse("{}"), WATCHDOG, LIMITS, _ -> null);
    }

    private static String text(@Nullable RuleOutcome outcome) {
        return outcome instanceof RuleOutcome.Failed failed ? failed.text() : "" + outcome;
    }
}
