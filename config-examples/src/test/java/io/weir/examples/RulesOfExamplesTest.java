package io.weir.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.RuleConfig;
import io.weir.rule.RuleEngine;
import io.weir.rule.RuleTrial;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Every rule of the examples has tests, and they hold. */
class RulesOfExamplesTest {

    private static List<Path> rules() throws IOException {
        try (Stream<Path> files = Files.walk(Example.HOME)) {
            return files.filter(
                            f ->
                                    Objects.requireNonNull(f.toAbsolutePath().getParent())
                                            .endsWith("rules"))
                    .filter(f -> f.toString().endsWith(".js"))
                    .filter(f -> !f.toString().endsWith(".test.js"))
                    .sorted()
                    .toList();
        }
    }

    private static RuleConfig read(Path file) throws IOException {
        String name = file.getFileName().toString().replaceFirst("\\.js$", "");
        return new RuleConfig(name, file.toAbsolutePath(), Files.readString(file));
    }

    @Test
    void testsBesideTheRulesHold() throws Exception {
        RuleTrial trial = Objects.requireNonNull(RuleEngine.find()).trial();
        assertThat(rules()).hasSizeGreaterThan(18);
        for (Path rule : rules()) {
            Path tests = Path.of(rule.toString().replaceFirst("\\.js$", ".test.js"));
            assertThat(tests).exists();
            assertThat(trial.test(read(rule), read(tests)))
                    .as(rule.toString())
                    .isNotEmpty()
                    .allSatisfy(result -> assertThat(result.failure()).as(result.name()).isNull());
        }
    }
}
