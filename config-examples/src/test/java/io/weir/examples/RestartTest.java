package io.weir.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.Await;
import io.weir.testkit.Behaviour;
import io.weir.testkit.FakeNode;
import io.weir.testkit.RawClient;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Starting again and stopping from afar. */
class RestartTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String ANSWER = "x".repeat(40);
    private static final Pattern READY =
            Pattern.compile("pid (\\d+), serving .*? on (127\\.0\\.0\\.1:\\d+)");

    @TempDir Path home;

    @Test
    void whatIsUnderWayEndsWellThenTheSameProcessServesWhatTheFileSaysAndStopsWhenTold()
            throws Exception {
        try (FakeNode node =
                FakeNode.start(
                        "slow",
                        Behaviour.dribbling(
                                "HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n" + ANSWER,
                                Duration.ofMillis(20)))) {
            Path file = home.resolve("weir.yaml");
            write(file, "web", node);
            Installation installed = new Installation(home);
            try (Installation.Running weir = installed.start(Map.of(), "run", file.toString());
                    Administrator admin = new Administrator(weir)) {
                write(file, "pool-that-is-not-there", node);
                HttpResponse<String> refused = admin.ask("POST", "/api/v1/process/restart", "");
                assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
                write(file, "web", node);

                Matcher first = ready(weir, 1);
                try (RawClient client = RawClient.to(first.group(2))) {
                    client.send(RunningExample.request("/")).head("GET");
                    assertThat(admin.ask("POST", "/api/v1/process/restart", "").statusCode())
                            .isEqualTo(202);
                    assertThat(client.exactly(40)).isEqualTo(ANSWER);
                }
                Matcher second = ready(weir, 2);
                assertThat(second.group(1)).isEqualTo(first.group(1));
                try (RawClient client = RawClient.to(second.group(2))) {
                    assertThat(client.exchange(RunningExample.request("/")).text())
                            .isEqualTo(ANSWER);
                }
                assertThat(installed.weir("status").out()).contains("web");
                assertThat(Files.readString(home.resolve("state/audit/audit.log")))
                        .contains("\"restart\"")
                        .contains("pool-that-is-not-there");
                weir.signal("TERM");
                assertThat(weir.exitCode()).isZero();
                assertThat(weir.out()).contains("weir: starts again").endsWith("weir: stopped\n");
            }
        }
    }

    private static Matcher ready(Installation.Running weir, int which) {
        Await.until("ready line " + which, PATIENCE, () -> found(weir, which) != null);
        return Objects.requireNonNull(found(weir, which));
    }

    private static @Nullable Matcher found(Installation.Running weir, int which) {
        Matcher matcher = READY.matcher(weir.out());
        for (int i = 0; i < which; i++) {
            if (!matcher.find()) {
                return null;
            }
        }
        return matcher;
    }

    private static void write(Path file, String pool, FakeNode node) throws Exception {
        Files.writeString(
                file,
                """
                virtual-servers:
                  web: {listen: 127.0.0.1:0, pool: %s}
                pools:
                  web: {nodes: [%s]}
                global:
                  metrics: off
                  admin: {listen: 127.0.0.1:0}
                """
                        .formatted(pool, node.address()));
    }
}
