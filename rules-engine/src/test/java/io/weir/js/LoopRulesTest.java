package io.weir.js;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.RuleConfig;
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
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The rules of an event loop whose context has gone. */
class LoopRulesTest {

    private static final Catalog CATALOG = JsEngine.catalog();
    private static final Watchdog WATCHDOG = new Watchdog();

    private static Guest guest(Engine engine, TrialWorld world) {
        RuleConfig rule = new RuleConfig("rule", Path.of("rule.js"), "http.setHeader('X-A', 'b');");
        SourceText text = new SourceText(rule.source(), CATALOG.waiting(), CATALOG.spellings());
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
        Program program = new Program(rule, text, CATALOG.familyNames());
        return new Guest(engine, CATALOG, WATCHDOG, world, means, List.of(program), null, null);
    }

    @Test
    void aContextThatIsClosedBetweenTwoRunsIsReplacedEvenIfThatFailsAtFirst() {
        try (Engine closed = JsEngine.engine();
                Engine open = JsEngine.engine();
                TrialWorld world = new TrialWorld(Described.parse("{}"), WATCHDOG)) {
            Queue<Engine> engines = new ConcurrentLinkedQueue<>(List.of(closed, closed, open));
            LoopRules rules = new LoopRules(() -> guest(engines.remove(), world));
            TrialSide side = TrialSide.of(Described.parse("{}"), world);
            assertThat(rules.run(0, side)).isEqualTo(RuleOutcome.CONTINUE);
            closed.close(true);
            assertThat(rules.run(0, side)).isInstanceOf(RuleOutcome.Failed.class);
            Await.until("rules run again", () -> rules.run(0, side).equals(RuleOutcome.CONTINUE));
        }
    }
}
