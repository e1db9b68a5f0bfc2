package io.weir.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weir.testkit.ConfigText;
import io.weir.testkit.RunningWeir;
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
        Optional<String> python = python();
        assumeTrue(python.isPresent(), "a Python with the module grpc");
        Process service =
                new ProcessBuilder(python.get(), script("server.py"))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        WEIR.closing(service::destroyForcibly);
        String port;
        try (BufferedReader out = service.inputReader(StandardCharsets.US_ASCII)) {
            port = out.readLine();
        }
        RunningWeir weir = WEIR.start(ConfigText.ofNodes("127.0.0.1:" + port).pool("http2: h2c"));

        Path said = scripts.resolve("said");
        Process client =
                new ProcessBuilder(python.get(), script("client.py"), Integer.toString(weir.port()))
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start();
        WEIR.closing(client::destroyForcibly);
        assertThat(client.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readAllLines(said))
                .isEqualTo(
                        List.of(
                                "unary",
                                "errors",
                                "server streaming",
                                "client streaming",
                                "both",
                                "a thousand at once"));
        assertThat(client.exitValue()).isZero();
    }
}
