package io.weir.js;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.Overlay;
import io.weir.config.WeirConfig;
import io.weir.config.load.ConfigLoader;
import io.weir.config.load.Environment;
import io.weir.config.load.Loaded;
import io.weir.control.Foreseer;
import io.weir.explain.Foresight;
import io.weir.explain.Foresight.End;
import io.weir.explain.Foresight.Step;
import io.weir.explain.RequestQuestion;
import io.weir.rule.RuleEngine;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What rules would decide about a request that is not sent. */
class ForesightOfRulesTest {

    @TempDir Path directory;

    private Foresight ask(String request, String... headers) throws Exception {
        Files.writeString(
                directory.resolve("mark.js"),
                "http.addHeader('X-Marked', http.getHeader('X-In'));");
        Files.writeString(
                directory.resolve("route.js"),
                "if (http.getHeader('X-Marked') == 'gold') pool.use('gold');"
                        + "if (http.getPath() == '/old') http.redirect('http://b.example/');");
        Files.writeString(directory.resolve("never.js"), "connection.discard();");
        String text =
                """
                virtual-servers:
                  shop:
                    listen: :8080
                    pool: web
                    request-rules: [mark, route, {rule: never, enabled: false}]
                pools:
                  web: {nodes: ["10.0.0.1:80"]}
                  gold: {nodes: ["10.0.0.2:80"]}
                rules: {mark: mark.js, route: route.js, never: never.js}
                """;
        Path main = directory.resolve("weir.yaml");
        Loaded loaded = ConfigLoader.parse(text, main, Environment.of(Map.of(), main));
        assertThat(loaded.errors()).isEmpty();
        WeirConfig config = Objects.requireNonNull(loaded.config());
        return Foreseer.of(
                RequestQuestion.of(request, List.of(headers), null, null),
                config,
                Overlay.EMPTY,
                null,
                RuleEngine::find);
    }

    @Test
    void eachRuleSeesWhatTheOneBeforeHasDone() throws Exception {
        Foresight x = ask("http://a.example:8080/new", "X-In: gold");
        assertThat(x.steps())
                .startsWith(
                        new Step("rule mark", "continue", null),
                        new Step("rule route", "stop", "chooses pool gold"));
        assertThat(x.pool()).isEqualTo("gold");
        assertThat(x.end()).isEqualTo(End.NODE);
        assertThat(ask("http://a.example:8080/new").pool()).isEqualTo("web");
    }

    @Test
    void aRuleThatAnswersIsTheEnd() throws Exception {
        Foresight x = ask("http://a.example:8080/old");
        assertThat(x.end()).isEqualTo(End.ANSWER);
        assertThat(x.text()).isEqualTo("rule route answers it");
        assertThat(x.steps().getLast().detail()).contains("status 302");
        assertThat(x.candidates()).isEmpty();
    }
}
