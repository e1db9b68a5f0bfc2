package io.weir.soap;

import static io.weir.soap.SoapRig.list;
import static io.weir.soap.SoapRig.lists;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.Await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** Programs for monitors and actions come over the control API and are run. */
class ProgramOperationsTest {

    @TempDir Path directory;
    private SoapRig rig;

    @BeforeEach
    void start() throws Exception {
        rig =
                SoapRig.managed(
                        directory,
                        """
                        pools:
                          web: {nodes: ["127.0.0.1:81"]}
                        event-types:
                          custom: {custom-events: ["*"], actions: [run]}
                        actions:
                          run: {type: program, program: "true"}
                        """);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private static String content(String program) {
        return "<c>"
                + Base64.getEncoder().encodeToString(program.getBytes(StandardCharsets.UTF_8))
                + "</c>";
    }

    @Test
    void anUploadedMonitorProgramIsRun() {
        String m = "Catalog.Monitor.";
        rig.items(
                m + "uploadMonitorProgram",
                "<n>look.sh</n>",
                content("#!/bin/sh\necho the disk is full\nexit 1\n"));
        rig.items(m + "addMonitors", list("disk"));
        rig.items(m + "setType", list("disk"), list("program"));
        rig.items(m + "setProgram", list("disk"), list("look.sh"));
        rig.items(m + "setFailures", list("disk"), list("1"));
        rig.items(m + "setDelay", list("disk"), list("1"));
        rig.items("Pool.setMonitors", list("web"), lists("disk"));

        assertThat(rig.items(m + "getProgram", list("disk"))).isEqualTo("[look.sh]");
        assertThat(rig.items(m + "getMonitorProgramNames")).isEqualTo("[look.sh]");
        Await.until(
                "the monitor condemns the node",
                () ->
                        String.valueOf(
                                        rig.control
                                                .status()
                                                .plane()
                                                .pools()
                                                .getFirst()
                                                .nodes()
                                                .getFirst()
                                                .cause())
                                .contains("the disk is full"));

        assertThat(rig.fault(m + "deleteMonitorProgram", list("look.sh")))
                .isEqualTo("ObjectInUse look.sh");
        rig.items(m + "setProgram", list("disk"), list("/bin/true"));
        rig.items(m + "deleteMonitorProgram", list("look.sh"));
        assertThat(rig.items(m + "getMonitorProgramNames")).isEqualTo("[/bin/true]");
        assertThat(rig.fault(m + "downloadMonitorProgram", "<n>look.sh</n>"))
                .isEqualTo("ObjectDoesNotExist look.sh");
    }

    @Test
    void anUploadedActionProgramIsRun() throws Exception {
        Path said = directory.resolve("said");
        String a = "Alerting.Action.";
        String program = "#!/bin/sh\necho ran > '" + said + "'\n";
        rig.items(a + "uploadActionProgram", "<n>tell.sh</n>", content(program));
        rig.items(a + "setScriptProgram", list("run"), list("tell.sh"));

        assertThat(rig.items(a + "getScriptProgram", list("run"))).isEqualTo("[tell.sh]");
        assertThat(rig.items(a + "downloadActionProgram", "<n>tell.sh</n>"))
                .isEqualTo(content(program).replaceAll("</?c>", ""));
        Path kept = directory.resolve("store/tree/programs/actions/tell.sh");
        assertThat(kept).isExecutable();
        Process run = new ProcessBuilder(kept.toString()).start();
        assertThat(run.waitFor()).isZero();
        assertThat(Files.readString(said)).isEqualTo("ran\n");
        assertThat(rig.fault(a + "deleteActionProgram", list("tell.sh")))
                .isEqualTo("ObjectInUse tell.sh");
        assertThat(rig.fault(a + "uploadActionProgram", "<n>../x</n>", content("")))
                .isEqualTo("InvalidObjectName ../x");
    }
}
