package io.weir.control;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.json.JsonMapper;

import java.util.Set;

class RuleFilesTest {

    private static RuleFiles files(String written, Set<String> names, String... stored) {
        return new RuleFiles(
                JsonMapper.shared().readTree(written), names, Set.of(stored)::contains);
    }

    @Test
    void aRuleIsWrittenWhereItIsWhateverItsName() {
        RuleFiles files = files("{\"b\": \"./rules/a.js\"}", Set.of("b"), "rules/a.js");
        assertThat(files.own("b")).isEqualTo("rules/a.js");
        assertThat(files.toWrite("b")).isEqualTo("rules/a.js");
    }

    @Test
    void aRuleThatIsFoundByTheNameOfItsFileHasThatFile() {
        RuleFiles files = files("{}", Set.of("a"), "rules/a.js");
        assertThat(files.own("a")).isEqualTo("rules/a.js");
    }

    @Test
    void aNewRuleGetsAFileThatNoOtherUses() {
        RuleFiles files =
                files(
                        "{\"b\": \"rules/a.js\", \"c\": \"rules/a-3.js\"}",
                        Set.of("b", "c"),
                        "rules/a.js",
                        "rules/a-2.js",
                        "rules/a-3.js");
        assertThat(files.own("a")).isNull();
        assertThat(files.toWrite("a")).isEqualTo("rules/a-4.js");
        assertThat(files.toWrite("d")).isEqualTo("rules/d.js");
    }

    @Test
    void aFileThatRulesShareIsNobodysOwn() {
        RuleFiles files =
                files(
                        "{\"a\": \"rules/a.js\", \"b\": \"rules/a.js\"}",
                        Set.of("a", "b"),
                        "rules/a.js");
        assertThat(files.own("a")).isNull();
        assertThat(files.toWrite("a")).isEqualTo("rules/a-2.js");
        assertThat(files.toWrite("b")).isEqualTo("rules/b.js");
    }

    @Test
    void aFileOutsideOfTheConfigurationIsNotWritten() {
        RuleFiles files = files("{\"a\": \"/etc/a.js\"}", Set.of("a"));
        assertThat(files.own("a")).isNull();
        assertThat(files.toWrite("a")).isEqualTo("rules/a.js");
    }
}
