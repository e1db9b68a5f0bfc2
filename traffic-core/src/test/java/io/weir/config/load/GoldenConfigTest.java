package io.weir.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One folder per case under {@code src/test/resources/config}: {@code weir.yaml} and what belongs
 * to it, and {@code expected.txt} with the problems in order and the verdict. A line that must be
 * complained about ends in {@code # <- here}; so places are checked apart from the expected text,
 * which {@code -Dweir.golden=apply} writes anew.
 */
class GoldenConfigTest {

    static final Path CASES = Path.of("src", "test", "resources", "config");

    static final Map<String, String> VARIABLES =
            Map.of("WORD", "word", "PORT", "8080", "SECONDS", "60", "SWITCH", "false", "EMPTY", "");

    @TestFactory
    Stream<DynamicTest> everyProblemIsReportedAtItsPlaceWithItsHint() {
        return cases().stream()
                .map(folder -> DynamicTest.dynamicTest(name(folder), () -> check(folder)));
    }

    @Test
    void atLeastFortyMistakesAreAmongTheCases() {
        long refused =
                cases().stream().filter(folder -> expected(folder).endsWith("refused\n")).count();
        assertThat(refused).isGreaterThanOrEqualTo(40);
    }

    @Test
    void everyProblemCodeIsProvokedSomewhere() {
        String all = cases().stream().map(GoldenConfigTest::expected).collect(Collectors.joining());
        // Two need a file that the repository should not hold, one needs the rules engine.
        Set<ProblemCode> elsewhere =
                Set.of(ProblemCode.TOO_LARGE, ProblemCode.TOO_DEEP, ProblemCode.RULE_SYNTAX);
        assertThat(ProblemCode.values())
                .allSatisfy(
                        code ->
                                assertThat(elsewhere.contains(code) || all.contains(code.id()))
                                        .as(code.name())
                                        .isTrue());
    }

    /** All cases, by name. */
    static List<Path> cases() {
        try (Stream<Path> folders = Files.list(CASES)) {
            return folders.filter(Files::isDirectory).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Loaded load(Path folder) {
        Path main = folder.resolve("weir.yaml");
        return ConfigLoader.load(main, Environment.of(VARIABLES, main));
    }

    private static void check(Path folder) throws IOException {
        Loaded loaded = load(folder);
        StringBuilder actual = new StringBuilder();
        for (Problem problem : loaded.problems()) {
            actual.append(problem).append('\n');
        }
        actual.append(loaded.config() == null ? "refused\n" : "loaded\n");
        String text = actual.toString().replace(folder + "/", "");
        if ("apply".equals(System.getProperty("weir.golden"))) {
            Files.writeString(folder.resolve("expected.txt"), text);
        }
        assertThat(text).isEqualTo(expected(folder));
        assertThat(loaded.config() == null).isEqualTo(!loaded.errors().isEmpty());
        checkMarks(folder, loaded);
    }

    private static void checkMarks(Path folder, Loaded loaded) throws IOException {
        Set<String> marked = new TreeSet<>();
        Set<String> reported = new TreeSet<>();
        for (Loaded.SourceFile file : loaded.files()) {
            Path path = file.path();
            if (!Files.exists(path) || path.startsWith(folder.resolve("secrets"))) {
                continue;
            }
            List<String> lines = Files.readAllLines(path, StandardCharsets.ISO_8859_1);
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).endsWith("# <- here")) {
                    marked.add(folder.relativize(path) + ":" + (i + 1));
                }
            }
        }
        for (Problem problem : loaded.problems()) {
            reported.add(folder.relativize(problem.file()) + ":" + problem.line());
        }
        if (!marked.isEmpty()) {
            assertThat(reported).isEqualTo(marked);
        }
    }

    private static String expected(Path folder) {
        try {
            Path file = folder.resolve("expected.txt");
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String name(Path folder) {
        return String.valueOf(folder.getFileName());
    }
}
