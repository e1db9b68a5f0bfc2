package io.weir.soap;

import static io.weir.soap.SoapRig.list;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.control.Author;
import io.weir.control.Change;
import io.weir.control.Edit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.node.JsonNodeFactory;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Rules whose files do not have the names of the rules. */
class RulesInFilesTest {

    @TempDir Path directory;

    private static Edit text(String file, String text) {
        return new Edit.PutFile(file, text.getBytes(StandardCharsets.UTF_8));
    }

    private static Edit rule(String name, String file) {
        return new Edit.Put(List.of("rules", name), JsonNodeFactory.instance.stringNode(file));
    }

    @Test
    void aRuleThatGoesOrGetsAnotherNameLeavesTheFilesOfOthersAlone() throws Exception {
        try (SoapRig rig = SoapRig.withoutTraffic(directory, "{}")) {
            rig.control.change(
                    Change.of(
                            text("rules/a.js", "one"),
                            rule("b", "rules/a.js"),
                            text("rules/new.js", "two"),
                            rule("a", "rules/new.js"),
                            text("rules/c.js", "three"),
                            rule("c", "rules/c.js")),
                    Author.WEIR);

            rig.items("Catalog.Rule.renameRule", list("c"), list("new"));
            assertThat(rig.items("Catalog.Rule.getRuleDetails", list("a", "b", "new")))
                    .isEqualTo("[[two, ], [one, ], [three, ]]");

            rig.items("Catalog.Rule.deleteRule", list("a"));
            assertThat(rig.items("Catalog.Rule.getRuleDetails", list("b", "new")))
                    .isEqualTo("[[one, ], [three, ]]");

            rig.items("Catalog.Rule.renameRule", list("b"), list("a"));
            rig.items("Catalog.Rule.deleteRule", list("new", "a"));
            assertThat(rig.items("Catalog.Rule.getRuleNames")).isEqualTo("[]");
            assertThat(rig.control.files()).isEmpty();
        }
    }
}
