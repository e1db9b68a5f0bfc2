package io.weir.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * The reference utility manager hears from a Weir of its own that a service has failed and restarts
 * it, and no request fails meanwhile. The other stories take longer and are played by hand.
 */
class ClosedLoopTest {

    @TempDir Path home;

    @Test
    void aFailedServiceIsRestartedWithoutAFailedRequest() throws Exception {
        new Installation(home);
        File said = Files.createTempFile(home, "story", ".txt").toFile();
        ProcessBuilder builder =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "Story.java",
                                "failed",
                                home.resolve("bin/weir").toString(),
                                "quick")
                        .directory(new File("closed-loop"))
                        .redirectErrorStream(true)
                        .redirectOutput(said);
        builder.environment().put("WEIR_JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("WEIR_NO_AOT", "1");
        builder.environment()
                .put("WEIR_JAVA_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx256m");
        Process story = builder.start();
        boolean ended = story.waitFor(180, TimeUnit.SECONDS);
        story.descendants().forEach(ProcessHandle::destroyForcibly);
        story.destroyForcibly();
        String text = Files.readString(said.toPath());
        assertThat(ended).as(text).isTrue();
        assertThat(text)
                .containsSubsequence(
                        "KILLS  31b",
                        "heard  pools_nodefail",
                        "does   restart 31b",
                        "heard  pools_nodeworking",
                        "sees   31b serves new sessions",
                        " 0 failed",
                        "the story went as told");
        assertThat(story.exitValue()).as(text).isZero();
    }
}
