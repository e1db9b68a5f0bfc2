package io.weir.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.MadeFile;
import io.weir.testkit.MemoryTempDir;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The description of the API and the page made from it say what there is. */
class OperationsManualTest {

    private static final Path PAGE = Path.of("..", "docs", "rest-operations.md");
    private static final Path CLIENT = Path.of("src/main/ui/parts/operations.js");
    private static final Pattern PART = Pattern.compile("\\{([a-z]+)}");

    @TempDir(factory = MemoryTempDir.class)
    Path state;

    private RestRig rig;
    private JsonNode description;

    @BeforeEach
    void open() throws Exception {
        rig = new RestRig(state);
        description =
                JsonMapper.shared()
                        .readTree(
                                rig.door.ask("GET", "/api/openapi.json", rig.bearer(), "").body());
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    @Test
    void theDescriptionHoldsTogether() {
        Set<String> ids = new HashSet<>();
        for (Map.Entry<String, JsonNode> path : description.get("paths").properties()) {
            assertThat(path.getKey()).startsWith("/");
            for (Map.Entry<String, JsonNode> each : path.getValue().properties()) {
                String where = each.getKey() + " " + path.getKey();
                JsonNode operation = each.getValue();
                assertThat(each.getKey()).isIn("get", "put", "post", "patch", "delete");
                assertThat(ids.add(operation.get("operationId").stringValue())).as(where).isTrue();
                assertThat(operation.get("responses").isEmpty()).as(where).isFalse();
                Set<String> named = new HashSet<>();
                for (JsonNode parameter : operation.path("parameters")) {
                    boolean inPath = parameter.get("in").stringValue().equals("path");
                    assertThat(parameter.path("required").asBoolean(false))
                            .as(where)
                            .isEqualTo(inPath);
                    assertThat(parameter.get("schema").has("type")).as(where).isTrue();
                    if (inPath) {
                        named.add(parameter.get("name").stringValue());
                    }
                }
                Set<String> expected = new HashSet<>();
                Matcher parts = PART.matcher(path.getKey());
                while (parts.find()) {
                    expected.add(parts.group(1));
                }
                assertThat(named).as(where).isEqualTo(expected);
                if (each.getKey().equals("get")) {
                    assertThat(operation.has("requestBody")).as(where).isFalse();
                }
            }
        }
        assertThat(ids).hasSizeGreaterThan(40);
        for (JsonNode reference : description.findValues("$ref")) {
            String pointer = reference.asString("").replaceFirst("^#", "");
            assertThat(description.at(pointer).isMissingNode()).as(pointer).isFalse();
        }
    }

    @Test
    void thePageIsThatOfTheOperations() throws IOException {
        MadeFile.mustHave(PAGE, page());
    }

    @Test
    void theClientOfThePagesIsThatOfTheOperations() throws IOException {
        MadeFile.mustHave(CLIENT, client());
        Set<String> known = new HashSet<>();
        rig.operations.forEach(each -> known.add(each.id()));
        Set<String> asked = new HashSet<>();
        Matcher calls =
                Pattern.compile("(?:run|address)\\('(\\w+)'")
                        .matcher(Files.readString(CLIENT.resolveSibling("api.js")));
        while (calls.find()) {
            asked.add(calls.group(1));
        }
        assertThat(asked).hasSizeGreaterThan(30);
        assertThat(known).containsAll(asked);
    }

    private String client() {
        Map<String, String> rows = new TreeMap<>();
        for (Operation each : rig.operations) {
            StringBuilder names = new StringBuilder();
            for (int i = 0; i < each.query().size(); i += 2) {
                names.append(i == 0 ? "'" : ", '").append(each.query().get(i)).append('\'');
            }
            rows.put(
                    each.id(),
                    "  %s: ['%s', '%s', [%s]],\n"
                            .formatted(each.id(), each.method(), each.path(), names));
        }
        return "/** Method, path and parameters of each operation: made from the table of"
                + " operations by OperationsManualTest. */\n"
                + "export const OPERATIONS = {\n"
                + String.join("", rows.values())
                + "};\n";
    }

    private String page() {
        Map<String, String> rows = new TreeMap<>();
        for (Operation each : rig.operations) {
            StringBuilder row = new StringBuilder("| `");
            row.append(each.method()).append(" /api").append(each.path()).append("` | ");
            row.append(each.summary());
            for (int i = 0; i < each.query().size(); i += 2) {
                row.append(i == 0 ? ". In the query: `" : "; `").append(each.query().get(i));
                row.append("`, ").append(each.query().get(i + 1));
            }
            row.append(" | ");
            if (each.permission() != null) {
                row.append(each.permission().keyword()).append(" `");
                row.append(each.kind()).append('`');
            }
            rows.put(each.path() + " " + each.method(), row.append(" |\n").toString());
        }
        StringBuilder text = new StringBuilder("# Operations of the REST API\n\n");
        text.append("Made from the table of operations. What bodies look like is in `GET ");
        text.append(
                "/api/openapi.json`; how to sign in, in [administration.md](administration.md).\n");
        text.append("\n| operation | | needs |\n|---|---|---|\n");
        rows.values().forEach(text::append);
        return text.toString();
    }
}
