package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weir.testkit.ConfigText;
import io.weir.testkit.RunningWeir;
import io.weir.testkit.TestCa;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A gRPC client and a gRPC service that know nothing of Weir, with Weir between them. Runs where
 * Python has the {@code grpc} module (Debian: python3-grpcio).
 */
class GrpcTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    @TempDir Path scripts;

    private static Optional<String> python() {
        return Stream.of("python3", "/usr/bin/python3").filter(GrpcTest::hasGrpc).findFirst();
    }

    private static boolean hasGrpc(String python) {
        try {
            Process process =
                    new ProcessBuilder(python, "-c", "import grpc")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException none) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String script(String name) throws IOException {
        Path file = scripts.resolve(name);
        try (InputStream in =
                Objects.requireNonNull(getClass().getResourceAsStream("/grpc/" + name))) {
            Files.copy(in, file);
        }
        return file.toString();
    }

    @Test
    void everyKindOfCallPasses() throws Exception {
        String port = service();
        RunningWeir weir = WEIR.start(ConfigText.ofNodes("127.0.0.1:" + port).pool("http2: h2c"));
        everyCallPasses(weir);
    }

    @Test
    void everyKindOfCallPassesWithTlsOnBothSides() throws Exception {
        Path authority = scripts.resolve("ca.pem");
        new TestCa("ca").write(authority).issue("localhost", "127.0.0.1").write(scripts, "own");
        Path certificate = scripts.resolve("own.pem");
        Path key = scripts.resolve("own.key");
        String port = service(certificate.toString(), key.toString());
        RunningWeir weir =
                WEIR.start(
                        ConfigText.ofNodes("127.0.0.1:" + port)
                                .virtualServer(
                                        "tls: {certificate: " + certificate + ", key: " + key + "}")
                                .pool("http2: h2c", "tls: {ca-file: " + authority + "}"));
        everyCallPasses(weir, authority.toString());
    }

    /** Starts the service; returns its port. */
    private String service(String... tls) throws IOException {
        Optional<String> python = python();
        assumeTrue(python.isPresent(), "a Python with the module grpc");
        Process service =
                new ProcessBuilder(command(python.get(), script("server.py"), tls))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        WEIR.closing(service::destroyForcibly);
        try (BufferedReader out = service.inputReader(StandardCharsets.US_ASCII)) {
            return Objects.requireNonNull(out.readLine(), "the service says no port");
        }
    }

    private void everyCallPasses(RunningWeir weir, String... tls) throws Exception {
        Path said = scripts.resolve("said");
        List<String> client =
                command(python().orElseThrow(), script("client.py"), Integer.toString(weir.port()));
        Process process =
                new ProcessBuilder(Stream.concat(client.stream(), Arrays.stream(tls)).toList())
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start();
        WEIR.closing(process::destroyForcibly);
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readAllLines(said))
                .isEqualTo(
                        List.of(
                                "unary",
                                "errors",
                                "server streaming",
                                "client streaming",
                                "both",
                                "a thousand at once"));
        assertThat(process.exitValue()).isZero();
    }

    private static List<String> command(String program, String script, String... words) {
        return Stream.concat(Stream.of(program, script), Arrays.stream(words)).toList();
    }
}
