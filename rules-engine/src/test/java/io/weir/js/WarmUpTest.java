package io.weir.js;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.RuleConfig;
import io.weir.config.RuleLimits;
import io.weir.event.EventTag;
import io.weir.function.Counters;
import io.weir.function.DataStore;
import io.weir.function.JsonSchemas;
import io.weir.function.Locations;
import io.weir.function.Means;
import io.weir.function.Names;
import io.weir.testkit.FakeNode;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.WeirExtension;
import io.weir.time.Ticker;
import io.weir.xml.Xml;

import org.graalvm.polyglot.Engine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Rules that run before they get traffic, and leave nothing behind. */
class WarmUpTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    private static final Engine ENGINE = JsEngine.engine();
    private static final Catalog CATALOG = JsEngine.catalog();
    private static final Watchdog WATCHDOG = new Watchdog();

    /** No good rule takes as long, not even in the first of its runs. */
    private static final RuleLimits PATIENT = limits(Duration.ofSeconds(20));

    private static RuleLimits limits(Duration time) {
        return new RuleLimits(time, Duration.ZERO, 64 << 20, 1 << 20, 1 << 20, List.of());
    }

    @TempDir Path directory;

    /** How often the rule runs when it is warmed for a list; {@code exchange} says for which. */
    private static int runs(String source, String exchange) {
        return runs(source, exchange, PATIENT);
    }

    private static int runs(String source, String exchange, RuleLimits limits) {
        Threads threads = new Threads(WATCHDOG);
        try (TrialWorld live =
                new TrialWorld(Described.parse(exchange), WATCHDOG, limits, _ -> null)) {
            Means means =
                    new Means(
                            live.calls(),
                            new DataStore(),
                            new Xml(),
                            new JsonSchemas(),
                            new Locations(threads, Ticker.system()),
                            (who, user, password) -> Map.of(),
                            new Counters(),
                            Names.OF_THE_MACHINE);
            SourceText text = new SourceText(source, CATALOG.waiting(), CATALOG.spellings());
            Program program =
                    new Program(
                            new RuleConfig("rule", Path.of("rule.js"), source),
                            text,
                            CATALOG.familyNames());
            return new WarmUp(ENGINE, CATALOG, WATCHDOG, live, means).run(List.of(program))[0];
        }
    }

    @Test
    void aRuleRunsAsOftenAsItTakesWhereverItStands() {
        assertThat(runs("http.setHeader('X-A', http.getPath());", "{}")).isEqualTo(WarmUp.RUNS);
        assertThat(runs("http.setResponseHeader('X-A', 'b');", "{\"response\": {}}"))
                .isEqualTo(WarmUp.RUNS);
        assertThat(runs("request.getLine(); pool.use('a');", "{\"bytes\": \"x\"}"))
                .isEqualTo(WarmUp.RUNS);
        assertThat(runs("http.getBody(); connection.sleep(60000);", "{}")).isEqualTo(WarmUp.RUNS);
    }

    @Test
    void aRuleThatFailsOrNeverEndsIsLeftAloneSoon() {
        assertThat(runs("throw new Error('no');", "{}")).isLessThan(10);
        long begin = System.nanoTime();
        assertThat(runs("for (;;) {}", "{}", limits(Duration.ofMillis(200)))).isLessThan(10);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(30));
    }

    @Test
    void anInterruptedThreadWarmsNothing() {
        Thread.currentThread().interrupt();
        try {
            assertThat(runs(";", "{}")).isZero();
        } finally {
            var _ = Thread.interrupted();
        }
    }

    @Test
    void nothingThatARuleDoesBeforeTrafficIsSeenByAnybody() {
        FakeNode node = WEIR.node("n");
        RuledWeir ruled =
                new RuledWeir(directory, node)
                        .global("rules: {egress: [127.0.0.0/8]}")
                        .request(
                                """
                                const before = data.get('ran');
                                data.set('ran', 'yes');
                                counter.increment(1);
                                log.warn('here I am');
                                event.emit('seen', 'by me');
                                http.request.get('http://%s/asked');
                                http.sendResponse(200, 'text/plain', '[' + before + ']');
                                """
                                        .formatted(node.address()));
        RunningWeir weir = ruled.start(WEIR);
        assertThat(node.requests()).isZero();
        assertThat(weir.events())
                .noneMatch(e -> e.tag() == EventTag.CUSTOMEVENT || e.text().contains("here I am"));
        assertThat(ruled.get("/").text()).isEqualTo("[]");
        assertThat(node.requests()).isEqualTo(1);
        assertThat(weir.events()).filteredOn(e -> e.tag() == EventTag.CUSTOMEVENT).hasSize(1);
    }
}
