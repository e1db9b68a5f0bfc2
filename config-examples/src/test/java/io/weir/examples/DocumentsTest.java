package io.weir.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.load.ConfigLoader;
import io.weir.config.load.Environment;
import io.weir.config.load.Loaded;
import io.weir.event.EventTag;
import io.weir.fault.TrafficFault;
import io.weir.http.FieldName;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The documents speak of what there is. */
class DocumentsTest {

    /** Surefire runs tests in the module's directory. */
    private static final Path ROOT = Path.of("..");

    private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");
    private static final Pattern LINK = Pattern.compile("]\\(([^)#]*)(#[^)]*)?\\)");
    private static final Pattern TYPE =
            Pattern.compile("([a-z.]+\\.)?([A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*)(\\.[a-z]\\w*)?");
    private static final Pattern PACKAGE_ROW =
            Pattern.compile("(?m)^\\| \\w+ \\| ((?:`[a-z.]+` ?)+)\\|");

    @ParameterizedTest
    @ValueSource(strings = {"docs/life-of-a-request.md", "ARCHITECTURE.md"})
    void everyClassThatIsNamedExists(String document) throws IOException {
        Map<String, Path> classes = sources("main");
        classes.putAll(sources("test"));
        List<String> named = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        matches(CODE, read(ROOT.resolve(document)))
                .flatMap(code -> matches(TYPE, code.group(1)).filter(t -> isAll(t, code.group(1))))
                .forEach(
                        type -> {
                            named.add(type.group());
                            Path file = classes.get(type.group(2));
                            String layer = type.group(1) == null ? "" : type.group(1);
                            boolean exists =
                                    file == null
                                            ? layer.isEmpty() && isOfOthers(type.group(2))
                                            : slashes(file).contains(path(layer));
                            if (!exists) {
                                missing.add(type.group());
                            }
                        });
        assertThat(named).hasSizeGreaterThan(5);
        assertThat(missing).isEmpty();
    }

    @Test
    void everyPackageOfTheLayersExists() throws IOException {
        Set<String> packages = new TreeSet<>();
        matches(PACKAGE_ROW, read(ROOT.resolve("ARCHITECTURE.md")))
                .flatMap(row -> matches(CODE, row.group(1)))
                .forEach(code -> packages.add(code.group(1)));
        assertThat(packages).hasSizeGreaterThan(15);
        assertThat(packages)
                .allSatisfy(
                        name ->
                                assertThat(
                                                ROOT.resolve("traffic-core/src/main/java/io/weir")
                                                        .resolve(name.replace('.', '/')))
                                        .isDirectory());
    }

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        List<String> dead = new ArrayList<>();
        int[] links = {0};
        for (Path document : documents()) {
            matches(LINK, read(document))
                    .map(link -> link.group(1))
                    .filter(target -> !target.isEmpty() && !target.matches("[a-z]+:.*"))
                    .forEach(
                            target -> {
                                links[0]++;
                                if (!Files.exists(document.resolveSibling(target))) {
                                    dead.add(document + " -> " + target);
                                }
                            });
        }
        assertThat(links[0]).isGreaterThan(20);
        assertThat(dead).isEmpty();
    }

    @Test
    void theConfigurationInTheReadmeLoads() throws IOException {
        List<String> lines =
                read(ROOT.resolve("README.md"))
                        .lines()
                        .dropWhile(line -> !line.equals("    virtual-servers:"))
                        .takeWhile(line -> line.startsWith("    "))
                        .toList();
        assertThat(lines).hasSize(4);
        Loaded loaded =
                ConfigLoader.parse(
                        String.join("\n", lines).stripIndent() + "\n",
                        Path.of("README.md"),
                        new Environment(Map.of(), Path.of("no-secrets")));
        assertThat(loaded.problems()).isEmpty();
    }

    @Test
    void everyEventIsExplainedWithItsSeverity() throws IOException {
        Map<String, String> told = rows("\\| `(\\w+)` \\| (info|warn|serious|fatal) \\| ");
        Map<String, String> real =
                Arrays.stream(EventTag.values())
                        .collect(
                                Collectors.toMap(
                                        EventTag::keyword,
                                        tag -> tag.severity().name().toLowerCase(Locale.ROOT)));
        assertThat(told).containsExactlyInAnyOrderEntriesOf(real);
    }

    @Test
    void everyFaultIsExplainedWithItsStatus() throws Exception {
        Map<String, String> told = rows("\\| `(\\w+)` \\| ([345]\\d\\d)(?: and others)? \\| ");
        Map<String, String> real = new TreeMap<>();
        for (Class<?> kind : TrafficFault.class.getPermittedSubclasses()) {
            String metric = example(kind, 0).metric();
            // Where the status depends on the case, the usual one is told.
            int usual = Integer.parseInt(told.getOrDefault(metric, "0"));
            real.put(metric, String.valueOf(example(kind, usual).status()));
        }
        assertThat(told).containsExactlyInAnyOrderEntriesOf(real);
    }

    private static TrafficFault example(Class<?> kind, int status)
            throws ReflectiveOperationException {
        for (Constructor<?> constructor : kind.getDeclaredConstructors()) {
            Object[] arguments =
                    Arrays.stream(constructor.getParameterTypes())
                            .map(
                                    type ->
                                            type == int.class
                                                    ? (Object) status
                                                    : type == boolean.class ? true : "text")
                            .toArray();
            constructor.setAccessible(true);
            return (TrafficFault) constructor.newInstance(arguments);
        }
        throw new AssertionError(kind + " has no constructor");
    }

    /** What stands in the first and second group in the rows of tables in the operations guide. */
    private static Map<String, String> rows(String row) throws IOException {
        return matches(Pattern.compile("(?m)^" + row), read(ROOT.resolve("docs/operations.md")))
                .collect(Collectors.toMap(m -> m.group(1), m -> m.group(2)));
    }

    // ---- words

    private static String read(Path file) throws IOException {
        return Files.readString(file);
    }

    private static Stream<MatchResult> matches(Pattern pattern, String text) {
        return pattern.matcher(text).results();
    }

    private static boolean isAll(MatchResult match, String text) {
        return match.start() == 0 && match.end() == text.length();
    }

    private static String slashes(Path file) {
        return file.toString().replace('\\', '/');
    }

    /** {@code wire.} as a part of a path. */
    private static String path(String layer) {
        return layer.isEmpty() ? "" : "/" + layer.replace('.', '/');
    }

    /** Whether {@code name} is a class of the platform or of Netty, or a field of HTTP. */
    private static boolean isOfOthers(String name) {
        for (String where :
                List.of(
                        "java.lang.",
                        "java.util.",
                        "java.util.concurrent.atomic.",
                        "io.netty.buffer.")) {
            try {
                Class.forName(where + name, false, DocumentsTest.class.getClassLoader());
                return true;
            } catch (ClassNotFoundException e) {
                // Then in the next one.
            }
        }
        return Arrays.stream(FieldName.class.getFields())
                .anyMatch(field -> field.getName().equals(name.toUpperCase(Locale.ROOT)));
    }

    /** Every class of the project that has a file, by its simple name. */
    private static Map<String, Path> sources(String set) throws IOException {
        Map<String, Path> found = new TreeMap<>();
        for (Path module : modules()) {
            Path java = module.resolve("src").resolve(set).resolve("java");
            if (Files.isDirectory(java)) {
                try (Stream<Path> files = Files.walk(java)) {
                    files.filter(file -> file.toString().endsWith(".java"))
                            .forEach(
                                    file ->
                                            found.put(
                                                    file.getFileName()
                                                            .toString()
                                                            .replace(".java", ""),
                                                    file));
                }
            }
        }
        return found;
    }

    private static List<Path> modules() throws IOException {
        try (Stream<Path> children = Files.list(ROOT)) {
            return children.filter(child -> Files.exists(child.resolve("pom.xml"))).toList();
        }
    }

    /** Every document that people read. */
    private static List<Path> documents() throws IOException {
        List<Path> found = new ArrayList<>();
        List<Path> places = new ArrayList<>(modules());
        places.add(ROOT);
        for (Path place : places) {
            try (Stream<Path> files = Files.list(place)) {
                files.filter(DocumentsTest::isDocument).forEach(found::add);
            }
        }
        try (Stream<Path> files = Files.walk(ROOT.resolve("docs"))) {
            files.filter(DocumentsTest::isDocument).forEach(found::add);
        }
        return found;
    }

    private static boolean isDocument(Path file) {
        return file.toString().endsWith(".md") && Files.isRegularFile(file);
    }
}
