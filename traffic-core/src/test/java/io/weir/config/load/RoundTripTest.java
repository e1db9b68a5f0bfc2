package io.weir.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.ActionConfig;
import io.weir.config.Secret;
import io.weir.config.WeirConfig;
import io.weir.config.load.SchemaKeys.SchemaKey;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

class RoundTripTest {

    @TempDir Path directory;

    @BeforeEach
    void writeFilesThatExamplesName() throws IOException {
        Files.writeString(directory.resolve("sorry.html"), "<p>Sorry.</p>\n");
        Files.writeString(directory.resolve("route.js"), "pool.use('shop');\n");
        Files.createDirectory(directory.resolve("secrets"));
        Files.writeString(directory.resolve("secrets/probe-password"), "probe:secret\n");
        Files.writeString(directory.resolve("secrets/alert-password"), "long enough\n");
        Files.writeString(directory.resolve("secrets/alert-url"), "https://a.example/x\n");
        TlsFiles.write(directory);
        Files.writeString(directory.resolve("secrets/cluster-key"), "a key for all members\n");
    }

    @Test
    void everyGoldenConfigurationComesBackFromItsCanonicalText() {
        int sound = 0;
        for (Path folder : GoldenConfigTest.cases()) {
            WeirConfig config = GoldenConfigTest.load(folder).config();
            if (config != null && !folder.endsWith("substitutions")) {
                comesBack(config, folder.resolve("weir.yaml"), GoldenConfigTest.VARIABLES);
                sound++;
            }
        }
        assertThat(sound).isGreaterThan(10);
    }

    @Test
    void aConfigurationWithTheExampleOfEveryKeyComesBack() {
        WeirConfig config = load(SchemaKeys.flow(everything()));
        assertThat(config.monitors().keySet())
                .contains("type http", "type tcp-transaction", "type program");
        comesBack(config, directory.resolve("weir.yaml"), Map.of());
    }

    @Test
    void canonicalTextNamesEveryKeyOfTheSchema() {
        String text = ConfigWriter.canonical(load(SchemaKeys.flow(everything())));
        for (SchemaKey key : SchemaKeys.all()) {
            assertThat(text).contains(" " + key.name() + ":");
        }
    }

    @Test
    void textsThatLookLikeSomethingElseComeBackAsTexts() {
        for (String odd :
                List.of(
                        "true",
                        "null",
                        "~",
                        "5",
                        "0x10",
                        "1e3",
                        ".5",
                        "a: b",
                        "a #b",
                        "- a",
                        "*a",
                        "&a",
                        "!a",
                        "%a",
                        "@a",
                        "'a'",
                        "\"a\"",
                        "a\\b",
                        " a ",
                        "a\nb",
                        "a\r\n\tb",
                        "a\u0001b",
                        "a\u0085b",
                        "a\u2028b",
                        "a\ufeffb",
                        "é😀",
                        "${env:HOME}",
                        "$${env:HOME}",
                        "a$",
                        "{}",
                        "[a]",
                        "---",
                        "...")) {
            WeirConfig config = withNote(odd);
            String text = ConfigWriter.canonical(config);
            Loaded loaded = Loading.text(text);
            assertThat(loaded.problems()).as(text).isEmpty();
            assertThat(loaded.config()).as(text).isEqualTo(config);
        }
    }

    @Test
    void secretsAreWrittenAsReferencesOrNotAtAll() {
        String text =
                """
                virtual-servers: {web: {listen: ":80", pool: p}}
                pools: {p: {nodes: [10.0.0.1:80], monitors: [a, b]}}
                monitors:
                  a: {type: http, authentication: "${file:probe-password}"}
                  b: {type: http, authentication: "open:in-the-file"}
                """;
        WeirConfig config = load(text);
        assertThat(config.toString()).doesNotContain("probe:secret").doesNotContain("in-the-file");
        assertThat(ConfigWriter.canonical(config))
                .contains("authentication: \"${file:probe-password}\"")
                .contains("authentication: '***'")
                .doesNotContain("probe:secret")
                .doesNotContain("in-the-file");
        assertThat(config.monitors().get("a"))
                .extracting("probe.authentication")
                .isEqualTo(new Secret("probe:secret", "${file:probe-password}"));
    }

    @Test
    void whatIsKeptHasTheSecretsThatNoReferenceLeadsTo() {
        String referring = SchemaKeys.flow(everything());
        String text =
                referring
                        .replace("${file:probe-password}", "probe:$${secret")
                        .replace("${file:alert-password}", "long 'enough'")
                        .replace("${file:alert-url}", "https://a.example/x")
                        .replace("${file:cluster-key}", "1234567890123456");
        assertThat(text).doesNotContain("${file:");
        Path main = directory.resolve("weir.yaml");
        for (String each : List.of(referring, text)) {
            WeirConfig config = load(each);
            KeptConfig kept = ConfigWriter.kept(config);
            assertThat(kept.text()).doesNotContain("***");
            assertThat(kept.toString()).doesNotContain("1234567890123456");
            Loaded loaded = ConfigLoader.restore(kept, main, Environment.of(Map.of(), main));
            assertThat(loaded.errors()).isEmpty();
            assertThat(loaded.config()).isEqualTo(config);
        }
    }

    private void comesBack(WeirConfig config, Path main, Map<String, String> variables) {
        String text = ConfigWriter.canonical(config);
        Loaded loaded = ConfigLoader.parse(text, main, Environment.of(variables, main));
        assertThat(loaded.errors()).as(text).isEmpty();
        assertThat(loaded.config()).isEqualTo(config);
        assertThat(ConfigWriter.canonical(Objects.requireNonNull(loaded.config()))).isEqualTo(text);
    }

    private WeirConfig load(String text) {
        Path main = directory.resolve("weir.yaml");
        Loaded loaded = ConfigLoader.parse(text, main, Environment.of(Map.of(), main));
        assertThat(loaded.errors()).as(text).isEmpty();
        return Objects.requireNonNull(loaded.config());
    }

    private static WeirConfig withNote(String note) {
        String quoted = SchemaKeys.flow(new Node.Scalar(NOWHERE, note, note, false));
        String written = quoted.replace("${", "$${");
        Loaded loaded =
                Loading.text(
                        "virtual-servers: {web: {listen: ':80', pool: ['a:80']}}\n"
                                + "event-types: {All Events: {actions: [a]}}\n"
                                + "actions: {a: {note: "
                                + escaped(written)
                                + "}}\n");
        assertThat(loaded.problems()).as(written).isEmpty();
        WeirConfig config = Objects.requireNonNull(loaded.config());
        assertThat(config.actions().get("a")).extracting(ActionConfig::note).isEqualTo(note);
        return config;
    }

    private static final Place NOWHERE = Place.whole(Path.of("nowhere"));

    private static String escaped(String quoted) {
        StringBuilder out = new StringBuilder();
        quoted.codePoints()
                .forEach(
                        c -> {
                            if (c < ' ' || (c > '~' && c < 0x10000)) {
                                out.append(String.format("\\u%04x", c));
                            } else {
                                out.appendCodePoint(c);
                            }
                        });
        return out.toString();
    }

    /** {@code document} with an object of a type, and what the type cannot do without. */
    private static Node ofType(Node document, List<String> object, String type) {
        Map<String, String> members =
                object.getFirst().equals("actions")
                        ? SchemaKeys.needsOfAction(type)
                        : Map.of("type", type);
        Node with = document;
        for (Map.Entry<String, String> member : members.entrySet()) {
            List<String> path = List.of(object.get(0), object.get(1), member.getKey());
            if (member.getKey().equals("type") || !has(with, path)) {
                with = SchemaKeys.with(with, path, member.getValue());
            }
        }
        return with;
    }

    private static boolean has(Node document, List<String> path) {
        Node at = document;
        for (String key : path) {
            at = at instanceof Node.Mapping mapping ? mapping.get(key) : null;
        }
        return at != null;
    }

    /** The base document with the example of every key, and an object of each type. */
    private static Node everything() {
        Node document = SchemaKeys.base();
        for (SchemaKey key : SchemaKeys.all()) {
            String example = key.example();
            if (example == null
                    || List.of("log", "tls", "cache", "compression", "admin")
                            .contains(key.name())) {
                continue;
            }
            List<String> path = new java.util.ArrayList<>(key.path());
            List<String> types = key.shape().types();
            if (!types.isEmpty()) {
                path.set(1, "type " + types.getFirst());
                document = ofType(document, path.subList(0, 2), types.getFirst());
            }
            if (key.name().equals("nodes")
                    || key.path().equals(SchemaKeys.TYPE_OF_ACTION)
                    || key.path().equals(List.of("pools", "shop", "http2"))) {
                // The nodes stand there; actions of all types come with other keys; and HTTP/2 to
                // nodes goes with no PROXY header.
                continue;
            }
            document = SchemaKeys.with(document, path, example);
        }
        List<String> domain = List.of("virtual-servers", "web", "rewriting", "cookie-domain");
        return SchemaKeys.with(document, domain, "set-to-named");
    }
}
