package io.weir.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weir.testkit.ConfigText;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.TestCa;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * h2spec 2.2.0, strict checks included, finds nothing to object to, over TLS and without. The
 * program is in a jar of a Maven plugin, for Linux on x86-64.
 */
class H2specTest {

    private static final String PROGRAM = "/h2spec/2.2.0/h2spec_linux_amd64.tar.gz";

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    @TempDir static Path directory;

    @BeforeAll
    static void unpack() throws Exception {
        assumeTrue(
                System.getProperty("os.name").equals("Linux")
                        && System.getProperty("os.arch").equals("amd64"),
                "h2spec comes for Linux on x86-64");
        Path archive = directory.resolve("h2spec.tar.gz");
        try (InputStream in =
                Objects.requireNonNull(H2specTest.class.getResourceAsStream(PROGRAM), PROGRAM)) {
            Files.copy(in, archive);
        }
        assertThat(run(List.of("tar", "xzf", archive.toString()))).isEmpty();
    }

    /** Runs a program to its end; returns what it printed. */
    private static String run(List<String> command) throws IOException, InterruptedException {
        Path said = Files.createTempFile(directory, "said", ".txt");
        Process process =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start();
        try {
            assertThat(process.waitFor(300, TimeUnit.SECONDS)).as("%s ends", command).isTrue();
            return Files.readString(said);
        } finally {
            process.destroyForcibly();
        }
    }

    private static void conforms(RunningWeir weir, String... more)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("./h2spec", "--strict", "--timeout", "10"));
        command.addAll(List.of("-h", "127.0.0.1", "-p", String.valueOf(weir.port())));
        command.addAll(Arrays.asList(more));
        assertThat(run(command))
                .containsPattern("\n[0-9]+ tests, [0-9]+ passed, 0 skipped, 0 failed");
    }

    @Test
    void nothingIsFoundInTheClear() throws Exception {
        conforms(WEIR.start(ConfigText.of(WEIR.node("n"))));
    }

    @Test
    void nothingIsFoundOverTls() throws Exception {
        new TestCa("ca").issue("localhost").write(directory, "a");
        conforms(
                WEIR.start(
                        ConfigText.of(WEIR.node("n"))
                                .virtualServer(
                                        "tls: {certificate: "
                                                + directory.resolve("a.pem")
                                                + ", key: "
                                                + directory.resolve("a.key")
                                                + "}")),
                "--tls",
                "--insecure");
    }
}
