package io.weir.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;

import io.weir.config.load.SchemaKeys.SchemaKey;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The published schema means to other people's tools what it means to Weir. An independent
 * implementation of draft 2020-12 is the judge.
 */
class SchemaTest {

    private static final com.networknt.schema.Schema JUDGE =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(json(ConfigLoader.schema()));

    /** Values that are right for some keys and wrong for others. */
    private static final List<String> VALUES =
            List.of(
                    "true",
                    "null",
                    "0",
                    "5",
                    "-1",
                    "1.5",
                    "100000",
                    "\"\"",
                    "\"x\"",
                    "\"true\"",
                    "\"5\"",
                    "\"10s\"",
                    "\"10 s\"",
                    "\"1.5h\"",
                    "\"64KiB\"",
                    "\"64k\"",
                    "\":80\"",
                    "\"10.0.0.1:80\"",
                    "\"/a b\"",
                    "\"/a\"",
                    "\"random\"",
                    "\"user:pw\"",
                    "\"é😀\"",
                    "\"header:X-User\"",
                    "[]",
                    "[\"x\"]",
                    "[1]",
                    "[\":80\"]",
                    "[\"10.0.0.1:80\"]",
                    "[{\"address\": \"10.0.0.1:80\"}]",
                    "[{\"adress\": \"10.0.0.1:80\"}]",
                    "{}",
                    "{\"x\": 1}",
                    "{\"enabled\": true}");

    /** What the schema leaves to code: addresses, expressions, and ranges of written-out units. */
    private static final Set<ProblemCode> BEYOND_THE_SCHEMA =
            EnumSet.of(
                    ProblemCode.BAD_LISTEN_ADDRESS,
                    ProblemCode.BAD_NODE_ADDRESS,
                    ProblemCode.BAD_ADDRESS,
                    ProblemCode.BAD_REGEX);

    @Test
    void theSchemaIsAValidSchema() {
        assertThat(
                        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                                .getSchema(
                                        com.networknt.schema.SchemaLocation.of(
                                                SpecificationVersion.DRAFT_2020_12.getDialectId()))
                                .validate(json(ConfigLoader.schema())))
                .isEmpty();
    }

    @Test
    void anyValueOfAnyKeyIsJudgedAsAnotherImplementationJudgesIt() {
        List<String> differences = new ArrayList<>();
        for (SchemaKey key : SchemaKeys.all()) {
            for (String value : VALUES) {
                Node document = SchemaKeys.with(SchemaKeys.base(), key.path(), value);
                compare(key.path() + " = " + value, document, differences);
            }
        }
        assertThat(differences).isEmpty();
    }

    @Test
    void aKeyThatIsTakenAwayOrMisspeltIsJudgedTheSame() {
        List<String> differences = new ArrayList<>();
        for (SchemaKey key : SchemaKeys.all()) {
            List<String> misspelt = new ArrayList<>(key.path());
            misspelt.set(misspelt.size() - 1, key.name() + "x");
            compare(
                    misspelt.toString(),
                    SchemaKeys.with(SchemaKeys.base(), misspelt, "true"),
                    differences);
        }
        for (String required : List.of("listen", "pool")) {
            Node document =
                    SchemaKeys.with(
                            SchemaKeys.base(),
                            List.of("virtual-servers", "other"),
                            "{\"" + required + "\": \":80\"}");
            compare(required, document, differences);
        }
        assertThat(differences).isEmpty();
    }

    @Test
    void examplesAndDefaultsOfTheSchemaAreRightByTheSchema() {
        List<String> differences = new ArrayList<>();
        for (SchemaKey key : SchemaKeys.all()) {
            for (String value : new String[] {key.example(), key.defaultValue()}) {
                if (value == null) {
                    continue;
                }
                Node document = SchemaKeys.with(SchemaKeys.base(), key.path(), value);
                if (!JUDGE.validate(json(SchemaKeys.flow(document))).isEmpty()) {
                    differences.add(key.path() + " = " + value);
                }
            }
        }
        assertThat(differences).isEmpty();
    }

    @Test
    void theCasesOfTheGoldenTestAreJudgedTheSame() {
        // These use ZXTM's spellings, which Weir takes and the schema does not advertise.
        Set<String> lenient =
                Set.of(
                        "zxtm-spellings",
                        "cookie-domain-missing",
                        "pool-wide-monitor-without-machine");
        List<String> differences = new ArrayList<>();
        for (Path folder : GoldenConfigTest.cases()) {
            String name = String.valueOf(folder.getFileName());
            Problems problems = new Problems();
            Path main = folder.resolve("weir.yaml");
            SourceFiles files = new SourceFiles(Map.of());
            String text = files.text(main, Place.whole(main), problems);
            Node node = text == null ? null : YamlReader.read(main, text, problems);
            if (node == null || problems.hasErrors() || lenient.contains(name)) {
                continue;
            }
            Environment environment = Environment.of(GoldenConfigTest.VARIABLES, main);
            Node substituted = new Substitution(environment, files, problems).in(node);
            if (!problems.hasErrors()) {
                compare(name, substituted, differences);
            }
        }
        assertThat(differences).isEmpty();
    }

    private static void compare(String what, Node document, List<String> differences) {
        Problems problems = new Problems();
        new StructureCheck(problems).check(document, Schema.root(), "");
        List<Problem> ours = problems.sorted();
        boolean weRefuse = !ours.isEmpty();
        boolean onlyBeyond =
                ours.stream()
                        .allMatch(
                                p ->
                                        BEYOND_THE_SCHEMA.contains(p.code())
                                                || p.code() == ProblemCode.OUT_OF_RANGE
                                                || p.code() == ProblemCode.UNSUPPORTED);
        boolean theyRefuse = !JUDGE.validate(json(SchemaKeys.flow(document))).isEmpty();
        if (weRefuse != theyRefuse && !(weRefuse && onlyBeyond)) {
            differences.add(what + ": we say " + ours + ", they refuse: " + theyRefuse);
        }
    }

    private static JsonNode json(String text) {
        return Objects.requireNonNull(JsonMapper.shared().readTree(text));
    }
}
