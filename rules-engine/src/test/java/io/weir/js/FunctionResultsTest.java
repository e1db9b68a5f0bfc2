package io.weir.js;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.RuleConfig;
import io.weir.rule.RuleTrial;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What functions give back: each line of {@code functions.txt} is an expression, and the JSON of
 * its value. Lines without one are run for what they do. A heading describes the exchange.
 */
class FunctionResultsTest {

    private static final RuleTrial TRIAL = new JsEngine().trial();
    private static final Pattern CALL =
            Pattern.compile("\\b([a-z0-9]+(?:\\.[A-Za-z0-9_]+)+)\\s*\\(");

    private static List<String> lines() throws IOException {
        try (InputStream in = FunctionResultsTest.class.getResourceAsStream("functions.txt")) {
            return new String(
                            Objects.requireNonNull(in, "functions.txt").readAllBytes(),
                            StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }

    @Test
    void everyExpressionGivesWhatIsWrittenBesideIt() throws Exception {
        Map<String, List<String>> parts = new LinkedHashMap<>();
        List<String> part = new ArrayList<>();
        for (String line : lines()) {
            if (line.startsWith("#")) {
                part = parts.computeIfAbsent(line.substring(1), key -> new ArrayList<>());
            } else if (!line.isBlank()) {
                part.add(line);
            }
        }
        assertThat(parts).isNotEmpty();
        List<String> wrong = new ArrayList<>();
        for (Map.Entry<String, List<String>> each : parts.entrySet()) {
            wrong.addAll(wrong(each.getKey(), each.getValue()));
        }
        assertThat(wrong).isEmpty();
    }

    private static List<String> wrong(String exchange, List<String> lines) throws Exception {
        StringBuilder source = new StringBuilder("const results = [];\n");
        for (String line : lines) {
            String expression = line.split(" => ", 2)[0];
            source.append("results.push(JSON.stringify(").append(expression).append(") ?? '');\n");
        }
        source.append("log.info(JSON.stringify(results));\n");
        String told =
                TRIAL.run(new RuleConfig("rule", Path.of("rule.js"), source.toString()), exchange);
        JsonMapper json = new JsonMapper();
        JsonNode logged = json.readTree(told).path("log");
        String log = logged.path(logged.size() - 1).asString("");
        if (log.isEmpty()) {
            return List.of(told);
        }
        List<String> wrong = new ArrayList<>();
        List<?> results = json.readValue(log, List.class);
        for (int i = 0; i < lines.size(); i++) {
            String[] both = lines.get(i).split(" => ", 2);
            if (both.length == 2 && !both[1].strip().equals(results.get(i))) {
                wrong.add(both[0] + " => " + results.get(i) + ", expected " + both[1]);
            }
        }
        return wrong;
    }

    @Test
    void everyFunctionThatRulesHaveIsCalledByATest() throws IOException {
        Set<String> called = new TreeSet<>();
        noteCalls(String.join("\n", lines()), called);
        for (String directory :
                List.of(
                        "src/test/java",
                        "../config-examples/examples",
                        "../config-examples/src/test")) {
            try (Stream<Path> files = Files.walk(Path.of(directory))) {
                for (Path file :
                        files.filter(f -> f.toString().matches(".*\\.(java|js)")).toList()) {
                    noteCalls(Files.readString(file), called);
                }
            }
        }
        assertThat(JsEngine.catalog().names())
                .filteredOn(name -> !called.contains(name.toLowerCase(Locale.ROOT)))
                .isEmpty();
    }

    @Test
    void everyFamilyIsShownByAnExample() throws IOException {
        Set<String> called = new TreeSet<>();
        try (Stream<Path> files = Files.walk(Path.of("../config-examples/examples"))) {
            for (Path file :
                    files.filter(f -> f.toString().matches(".*/rules/[^.]*\\.js")).toList()) {
                noteCalls(Files.readString(file), called);
            }
        }
        Set<String> families = new TreeSet<>();
        called.forEach(name -> families.add(name.substring(0, name.indexOf('.'))));
        assertThat(families)
                .containsAll(
                        JsEngine.catalog().names().stream()
                                .map(name -> name.substring(0, name.indexOf('.')))
                                .toList());
    }

    private static void noteCalls(String text, Set<String> called) {
        Matcher matcher = CALL.matcher(text);
        while (matcher.find()) {
            called.add(matcher.group(1).toLowerCase(Locale.ROOT));
        }
    }
}
