package io.weir.soap;

import static io.weir.soap.SoapRig.list;
import static io.weir.soap.SoapRig.lists;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;

/** A Weir whose configuration belongs to files. */
class FilesOwnedTest {

    @TempDir Path directory;

    @Test
    void drainsButRefersToTheFileForEverythingElse() throws Exception {
        String config =
                """
                virtual-servers:
                  shop: {listen: "127.0.0.1:0", pool: ["127.0.0.1:81", "127.0.0.1:82"]}
                """;
        try (SoapRig rig = SoapRig.files(directory, config)) {
            rig.call("Pool.addDrainingNodes", list("shop"), lists("127.0.0.1:82"));
            String refused = rig.call("Pool.setMaxReplyTime", list("shop"), list("7"));

            assertThat(Answers.texts(rig.call("Pool.getDrainingNodes", list("shop"))))
                    .isEqualTo("[[127.0.0.1:82]]");
            assertThat(Answers.fault(refused)).startsWith("InvalidOperation");
            assertThat(refused).contains("weir.yaml");
            assertThat(Answers.texts(rig.call("Pool.getMaxReplyTime", list("shop"))))
                    .isEqualTo("[30]");
        }
    }

    @Test
    void givesAReportToThoseWhoHelp() throws Exception {
        try (SoapRig rig =
                SoapRig.files(directory, "pools: {web: {nodes: [\"127.0.0.1:81\"]}}\n")) {
            String answer = rig.items("Diagnose.getTechnicalSupportReport");

            assertThat(new String(Base64.getMimeDecoder().decode(answer), StandardCharsets.UTF_8))
                    .contains("weir.yaml")
                    .contains("127.0.0.1:81")
                    .contains("\"revisions\":[]");
        }
    }
}
