package io.weir.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.launcher.demo.DemoNode;
import io.weir.testkit.Await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

class WeirProcessTest {

    @TempDir Path home;

    private DemoNode one;
    private DemoNode two;
    private Path file;

    @BeforeEach
    void prepare() throws IOException {
        one = DemoNode.start("one", Duration.ofSeconds(1));
        two = DemoNode.start("two", Duration.ofSeconds(1));
        file = home.resolve("weir.yaml");
        write(one, two);
    }

    @AfterEach
    void end() throws IOException {
        one.close();
        two.close();
    }

    @Test
    void servesTellsItsStatusAndStopsOnSigterm() throws Exception {
        try (WeirProcess weir = WeirProcess.ready(home, "run", file.toString())) {
            assertThat(weir.get("/")).startsWith("HTTP/1.1 200").contains(" at 127.0.0.1:");
            assertThat(weir.command("status").out())
                    .contains("Weir is ready")
                    .contains("POOL web (round-robin)")
                    .contains(one.address());
            weir.signal("TERM");
            assertThat(weir.exitCode()).isZero();
            assertThat(weir.out()).endsWith("weir: stopped\n");
            assertThat(home.resolve("run/weir.sock")).doesNotExist();
        }
    }

    @Test
    void keepsADrainOverKillAndStart() throws Exception {
        try (WeirProcess weir = WeirProcess.ready(home, "run", file.toString())) {
            assertThat(weir.command("drain", one.address()).code()).isZero();
            weir.signal("KILL");
            assertThat(weir.exitCode()).isEqualTo(137);
        }
        try (WeirProcess weir = WeirProcess.ready(home, "run", file.toString())) {
            for (int i = 0; i < 10; i++) {
                assertThat(weir.get("/")).contains("two at " + two.address());
            }
            assertThat(weir.command("undrain", one.address()).out()).contains("draining -> active");
            Await.until("an answer of the other", () -> weir.get("/").contains("one at"));
        }
    }

    @Test
    void startsWithTheLastGoodConfigurationWhenTheFileIsBrokenAfterAKill() throws Exception {
        try (WeirProcess weir = WeirProcess.ready(home, "run", file.toString())) {
            Path kept = home.resolve("state/last-good");
            Await.until("it to be kept", () -> Files.exists(kept));
            weir.signal("KILL");
            weir.exitCode();
        }
        Files.writeString(file, "virtual-servers:\n  web:\n    lisen: 127.0.0.1:0\n");
        try (WeirProcess weir = WeirProcess.ready(home, "run", file.toString())) {
            assertThat(weir.get("/")).startsWith("HTTP/1.1 200");
            assertThat(weir.err()).contains("last good configuration").contains("lisen");
            assertThat(weir.command("status").out()).contains("degraded");
            Await.until(
                    "it to be told",
                    () -> weir.command("events").out().contains("serious confrefused"));

            write(one);
            Await.until(
                    "it to be ready",
                    () -> weir.command("status").out().contains("Weir is ready; up"));
        }
    }

    @Test
    void refusesToStartWithNothingGood() throws Exception {
        Files.writeString(file, "virtual-servers:\n  web:\n    lisen: 127.0.0.1:0\n");
        try (WeirProcess weir = WeirProcess.start(home, "run", file.toString())) {
            assertThat(weir.exitCode()).isEqualTo(1);
            assertThat(weir.err()).contains("weir.yaml:3").contains("lisen");
            assertThat(weir.out()).isEmpty();
        }
    }

    @Test
    void takesUpAChangedFileByItselfAndOnSighup() throws Exception {
        try (WeirProcess weir = WeirProcess.ready(home, "run", file.toString())) {
            write(two);
            Await.until(
                    "the one to be gone",
                    () -> !weir.command("status").out().contains(one.address()));
            assertThat(weir.get("/")).contains("two at");

            write(one);
            weir.signal("HUP");
            Await.until(
                    "the one to be back",
                    () -> weir.command("status").out().contains(one.address()));
            // What is in force is told after it is in force.
            Await.until(
                    "both to be told",
                    () -> {
                        String events = weir.command("events").out();
                        return events.contains("weir (file, " + file)
                                && events.contains("SIGHUP (signal)");
                    });
        }
    }

    @Test
    void letsAnExchangeInFlightEndBeforeItStops() throws Exception {
        try (WeirProcess weir = WeirProcess.ready(home, "run", file.toString());
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), weir.port())) {
            socket.setSoTimeout((int) Await.DEADLINE.toMillis());
            socket.getOutputStream()
                    .write(
                            "GET /slow?ms=1500 HTTP/1.1\r\nHost: x\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            Await.until("a request", () -> one.requests() + two.requests() > 0);
            weir.signal("TERM");
            String answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 200").contains("/slow?ms=1500");
            assertThat(weir.exitCode()).isZero();
        }
    }

    @Test
    void stopsAtOnceOnASecondSignal() throws Exception {
        try (WeirProcess weir = WeirProcess.ready(home, "run", file.toString());
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), weir.port())) {
            socket.getOutputStream()
                    .write(
                            "GET /slow?ms=60000 HTTP/1.1\r\nHost: x\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            Await.until("a request", () -> one.requests() + two.requests() > 0);
            weir.signal("INT");
            weir.awaitError("SIGINT");
            assertThat(weir.isAlive()).isTrue();
            weir.signal("INT");
            assertThat(weir.exitCode()).isEqualTo(130);
        }
    }

    @Test
    void doesNotShareItsDirectoriesWithAnotherOne() throws Exception {
        try (WeirProcess first = WeirProcess.ready(home, "run", file.toString());
                WeirProcess second = WeirProcess.start(home, "run", file.toString())) {
            assertThat(second.exitCode()).isEqualTo(4);
            assertThat(second.err())
                    .startsWith("weir: another Weir (process ")
                    .contains("--name")
                    .hasLineCount(1);
            assertThat(first.command("status").code()).isZero();
        }
    }

    @Test
    void proxiesWithoutAFile() throws Exception {
        try (WeirProcess weir =
                WeirProcess.ready(home, "proxy", "127.0.0.1:0", one.address(), two.address())) {
            assertThat(weir.get("/") + weir.get("/")).contains("one at").contains("two at");
        }
    }

    @Test
    void showsItselfWithNodesOfItsOwn() throws Exception {
        try (WeirProcess weir = WeirProcess.start(home, "demo", "--port", "0")) {
            weir.awaitOutput("Ctrl-C ends it.");
            assertThat(weir.get("/") + weir.get("/") + weir.get("/"))
                    .contains("node-1")
                    .contains("node-2")
                    .contains("node-3");
            weir.signal("INT");
            assertThat(weir.exitCode()).isZero();
        }
    }

    @Test
    void trainsAndEnds() throws Exception {
        try (WeirProcess weir = WeirProcess.start(home, "train")) {
            assertThat(weir.exitCode()).isZero();
            assertThat(weir.err()).doesNotContain("ERROR");
        }
    }

    private void write(DemoNode... nodes) throws IOException {
        StringBuilder list = new StringBuilder();
        for (DemoNode node : nodes) {
            list.append(list.isEmpty() ? "" : ", ").append(node.address());
        }
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
                """
                        .formatted(list));
    }
}
