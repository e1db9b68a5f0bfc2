package io.weir.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.launcher.WeirProcess.Answer;
import io.weir.launcher.demo.DemoNode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A Weir that keeps its configuration itself, over commands and over its death. */
class ManagedProcessTest {

    private static final int CHANGES = 30;

    @TempDir Path home;

    private DemoNode node;

    @BeforeEach
    void prepare() throws IOException {
        node = DemoNode.start("one", Duration.ofSeconds(1));
    }

    @AfterEach
    void end() throws IOException {
        node.close();
    }

    @Test
    void takesFilesInKeepsThemOverKillAndGivesThemBack() throws Exception {
        Path file = write("web");
        Path out = home.resolve("checkout");
        try (WeirProcess weir = WeirProcess.ready(home, "run")) {
            assertThat(weir.out()).contains("serving nothing");
            ok(weir.command("import", file.toString(), "-m", "First"), "added pools/web");
            assertThat(WeirProcess.get(port(weir), "/")).startsWith("HTTP/1.1 200");
            ok(weir.command("export", out.toString()), "revision 1");
            assertThat(Files.readString(out.resolve("pools/web.yaml"))).contains(node.address());
            assertThat(Files.readString(out.resolve("weir.yaml")))
                    .contains("${file:global-cluster-key-")
                    .doesNotContain("sesame");

            // What was written comes back as it is.
            ok(weir.command("apply", out.toString()), "nothing has changed; revision 1");

            Path pool = out.resolve("pools/web.yaml");
            Files.writeString(pool, Files.readString(pool) + "    max-reply-time: 7s\n");
            Answer conflict = weir.command("apply", out.toString(), "--base", "7");
            assertThat(conflict.code()).isEqualTo(4);
            ok(weir.command("apply", out.toString(), "--dry-run"), "changed pools/web");
            ok(weir.command("apply", out.toString(), "--confirm", "1h"), "weir confirm 2");
            assertThat(weir.command("apply", out.toString()).code()).isEqualTo(4);
            ok(weir.command("confirm"), "revision 2 stays");
            ok(weir.command("diff"), "+    max-reply-time: 7s");

            Files.writeString(pool, "pools:\n  web:\n    nodes: []\n    algoritm: x\n");
            Answer refused = weir.command("apply", out.toString());
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.out()).contains("web.yaml:4").contains("did you mean 'algorithm'?");

            weir.signal("KILL");
            weir.exitCode();
        }
        try (WeirProcess weir = WeirProcess.ready(home, "run")) {
            assertThat(weir.get("/")).startsWith("HTTP/1.1 200");
            ok(weir.command("history"), "2  ", "1  ", "First");
            ok(weir.command("rollback", "1"), "revision 3 is in force");
            Path again = home.resolve("again");
            ok(weir.command("export", again.toString()), "revision 3");
            ok(weir.command("export", "--revision", "1", out.toString()), "revision 1");
            assertThat(contents(again)).isEqualTo(contents(out));
            ok(
                    weir.command("audit"),
                    "change virtual-servers/web",
                    "REFUSED",
                    "rollback revision 1");
        }
    }

    @Test
    void changesFailNoRequestAndADeathLosesNoConfirmedOne() throws Exception {
        Path file = write("web");
        int confirmed = 0;
        try (WeirProcess weir = WeirProcess.ready(home, "run")) {
            ok(weir.command("import", file.toString()), "revision 1");
            int port = port(weir);
            AtomicBoolean over = new AtomicBoolean();
            AtomicInteger served = new AtomicInteger();
            AtomicReference<Throwable> failure = new AtomicReference<>();
            Thread load =
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        try {
                                            while (!over.get()) {
                                                assertThat(WeirProcess.get(port, "/"))
                                                        .startsWith("HTTP/1.1 200");
                                                served.incrementAndGet();
                                            }
                                        } catch (Throwable e) {
                                            failure.set(e);
                                        }
                                    });
            Path change = home.resolve("change.yaml");
            for (int i = 1; i <= CHANGES; i++) {
                Files.writeString(
                        change,
                        "pools:\n  other%d: {nodes: [\"127.0.0.1:%d\"]}\n".formatted(i % 7, i + 1));
                Answer answer = weir.command("import", change.toString());
                assertThat(answer.code()).describedAs("%s", answer).isZero();
                confirmed++;
            }
            over.set(true);
            load.join();
            assertThat(failure.get()).isNull();
            assertThat(served.get()).isPositive();
            weir.signal("KILL");
            weir.exitCode();
        }
        try (WeirProcess weir = WeirProcess.ready(home, "run")) {
            assertThat(weir.command("history", "-n", "1").out()).startsWith(confirmed + 1 + "  ");
            assertThat(weir.command("export").out()).contains("127.0.0.1:" + (confirmed + 1));
        }
    }

    private static void ok(Answer answer, String... texts) {
        assertThat(answer.code()).describedAs("%s", answer).isZero();
        assertThat(answer.out()).contains(texts);
    }

    private static int port(WeirProcess weir) {
        Matcher matcher =
                Pattern.compile("\"listen\":\\[\"127.0.0.1:([0-9]+)\"]")
                        .matcher(weir.command("status", "-o", "json").out());
        assertThat(matcher.find()).isTrue();
        return Integer.parseInt(matcher.group(1));
    }

    private static Map<String, String> contents(Path directory) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path each : all.filter(Files::isRegularFile).toList()) {
                contents.put(directory.relativize(each).toString(), Files.readString(each));
            }
        }
        return contents;
    }

    private Path write(String name) throws IOException {
        return Files.writeString(
                home.resolve("first.yaml"),
                """
                virtual-servers:
                  %s:
                    listen: 127.0.0.1:0
                    pool: %s
                pools:
                  %s:
                    nodes: ["%s"]
                global:
                  admin: "off"
                  cluster-key: sesame-open-sesame
                """
                        .formatted(name, name, name, node.address()));
    }
}
