package io.weir.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.control.store.Json;
import io.weir.testkit.Await;
import io.weir.testkit.Behaviour;
import io.weir.testkit.FakeNode;
import io.weir.testkit.RawClient;
import io.weir.testkit.ReceivedResponse;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What an operator does with an installed Weir, word for word. */
class InstallationTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String GET = RunningExample.request("/");

    @TempDir Path home;

    private FakeNode one;
    private FakeNode two;
    private Installation installed;
    private Path file;

    @BeforeEach
    void install() throws IOException {
        one = FakeNode.answering("one");
        two = FakeNode.answering("two");
        installed = new Installation(home);
        file = home.resolve("weir.yaml");
        write(one, two);
    }

    @AfterEach
    void end() {
        one.close();
        two.close();
    }

    @Test
    void keepsDrainsAndTheLastGoodConfigurationOverAKillAndEndsWellOnSigterm() throws Exception {
        try (Installation.Running weir = installed.run(file)) {
            assertThat(get(weir).status()).isEqualTo(200);
            assertThat(state(one)).isEqualTo("active");
            Installation.Answer drain =
                    installed.weir("drain", one.address(), "--reason", "new kernel", "--for", "1h");
            assertThat(drain.out())
                    .isEqualTo(one.address() + " in pool web: active -> draining, weight 1\n");
            assertThat(drain.code()).isZero();
            weir.signal("KILL");
            assertThat(weir.exitCode()).isEqualTo(137);
        }
        Files.writeString(file, "virtual-servers:\n  web:\n    listen: 127.0.0.1:0\n    pol: x\n");
        try (Installation.Running weir = installed.run(file)) {
            assertThat(weir.err())
                    .contains(file + ":4:5: error WEIR-C0103")
                    .contains("the last good configuration runs");
            for (int i = 0; i < 6; i++) {
                assertThat(get(weir).field("X-Node")).isEqualTo("two");
            }
            assertThat(state(one)).isEqualTo("draining");

            write(one, two);
            weir.signal("HUP");
            Await.until(
                    "the repaired file to be in force",
                    PATIENCE,
                    () -> !Boolean.TRUE.equals(configuration().get("last-good")));
            assertThat(installed.weir("undrain", one.address()).code()).isZero();
            assertThat(state(one)).isEqualTo("active");
        }
    }

    @Test
    void letsASlowResponseEndBeforeItStops() throws Exception {
        one.behave(
                Behaviour.dribbling(
                        "HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n" + "x".repeat(40),
                        Duration.ofMillis(20)));
        two.behave(
                Behaviour.dribbling(
                        "HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n" + "x".repeat(40),
                        Duration.ofMillis(20)));
        try (Installation.Running weir = installed.run(file);
                RawClient client = RawClient.to(weir.address())) {
            client.send(GET).head("GET");
            weir.signal("TERM");
            assertThat(client.exactly(40)).isEqualTo("x".repeat(40));
            assertThat(client.closedByPeer()).isTrue();
            assertThat(weir.exitCode()).isZero();
            assertThat(weir.out()).endsWith("weir: stopped\n");
        }
    }

    @Test
    void refusesASecondOneInTheSameDirectoriesAndAnAddressInUse() throws Exception {
        try (Installation.Running weir = installed.run(file)) {
            Installation.Answer second = installed.weir("run", file.toString());
            assertThat(second.code()).isEqualTo(4);
            assertThat(second.err()).startsWith("weir: another Weir (process ").hasLineCount(1);

            String same =
                    Files.readString(file)
                            .replace("listen: 127.0.0.1:0", "listen: " + weir.address());
            Path rival = Files.writeString(home.resolve("rival.yaml"), same);
            Path other = home.resolve("other");
            Installation.Answer third =
                    installed.weir(
                            Map.of(
                                    "WEIR_RUN_DIR",
                                    other.toString(),
                                    "WEIR_STATE_DIR",
                                    other.toString()),
                            "run",
                            rival.toString());
            assertThat(third.code()).isEqualTo(1);
            assertThat(third.err()).contains("cannot listen on " + weir.address());
            assertThat(get(weir).status()).isEqualTo(200);
        }
    }

    @Test
    void checksAFileAndTellsWhatItIs() throws Exception {
        assertThat(installed.weir("check", file.toString()).out())
                .endsWith("valid: 1 virtual server, 1 pool, 2 nodes\n");
        Files.writeString(
                file, "virtual-servers: {web: {listen: 127.0.0.1:0, pool: [a:80]}, }\npools: 5\n");
        Installation.Answer broken = installed.weir("check", file.toString());
        assertThat(broken.code()).isEqualTo(1);
        assertThat(broken.out()).contains(file + ":2:8: error WEIR-C0101");
        Installation.Answer version = installed.weir("version");
        assertThat(version.code()).isZero();
        assertThat(version.out()).startsWith("weir ");
    }

    @Test
    void saysInOneLineWhatIsMissing() throws Exception {
        Installation.Answer noJdk =
                installed.weir(Map.of("WEIR_JAVA_HOME", home.toString()), "version");
        assertThat(noJdk.code()).isEqualTo(127);
        assertThat(noJdk.err()).contains("not the home of a JDK 25").hasLineCount(1);
        assertThat(installed.weir("status").code()).isEqualTo(3);
        assertThat(installed.weir("statsu").code()).isEqualTo(2);
    }

    private static ReceivedResponse get(Installation.Running weir) {
        try (RawClient client = RawClient.to(weir.address())) {
            return client.exchange(GET);
        }
    }

    private Map<String, @Nullable Object> status() {
        try {
            Installation.Answer status = installed.weir("status", "-o", "json");
            assertThat(status.code()).as(status.err()).isZero();
            return Json.readObject(status.out());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private Map<?, ?> configuration() {
        return (Map<?, ?>) Objects.requireNonNull(status().get("configuration"));
    }

    /** The state of a node as {@code weir status -o json} tells it. */
    private Object state(FakeNode node) {
        for (Object pool : (List<?>) Objects.requireNonNull(status().get("pools"))) {
            for (Object each : (List<?>) Objects.requireNonNull(((Map<?, ?>) pool).get("nodes"))) {
                Map<?, ?> view = (Map<?, ?>) each;
                if (node.address().equals(view.get("node"))) {
                    return String.valueOf(view.get("state"));
                }
            }
        }
        throw new AssertionError("no node " + node.address());
    }

    private void write(FakeNode... nodes) throws IOException {
        Files.writeString(
                file,
                """
                virtual-servers:
                  web:
                    listen: 127.0.0.1:0
                    pool: [%s]
                global:
                  metrics: 127.0.0.1:0
                  admin: off
                  stop-timeout: 20s
                """
                        .formatted(
                                String.join(
                                        ", ",
                                        List.of(nodes).stream().map(FakeNode::address).toList())));
    }
}
