package io.weir.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.MonitorConfig.Program;
import io.weir.config.NodeAddress;
import io.weir.testkit.Await;
import io.weir.time.Ticker;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class ProgramCheckTest {

    private static final NodeAddress NODE = new NodeAddress("127.0.0.1", 4711);

    @TempDir Path directory;

    private Program script(String text, String... arguments) {
        Path script = directory.resolve("check.sh");
        try {
            Files.writeString(script, text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        List<String> all = new ArrayList<>(List.of(script.toString()));
        all.addAll(List.of(arguments));
        return new Program("/bin/sh", all);
    }

    @Test
    void passesOnExitStatus0() {
        assertThat(Trial.pass(script("exit 0"), NODE)).isEqualTo("exit status 0");
        assertThat(Trial.pass(script("echo; echo fine; echo more"), NODE))
                .isEqualTo("exit status 0: fine");
    }

    @Test
    void passesItsOwnArgumentsThenTheNodesAddress() throws IOException {
        Network network =
                new Trial.Names(Map.of("app.example", List.of(InetAddress.ofLiteral("::1"))));
        Program program = script("for a in \"$@\"; do printf '[%s]' \"$a\"; done", "-v", "a b");
        CheckResult result =
                Trial.run(program, new NodeAddress("app.example", 80), Trial.LONG, network);
        assertThat(result)
                .isEqualTo(
                        CheckResult.passed(
                                "exit status 0: [-v][a b][--ipaddr=0:0:0:0:0:0:0:1][--port=80]"
                                        + "[--node=app.example]"));
    }

    @Test
    void namesTheExitStatusAndTheFirstLineOfError() {
        assertThat(Trial.cause(script("echo looking; echo disk full >&2; exit 3"), NODE))
                .isEqualTo("exit status 3, expected 0: disk full");
        assertThat(Trial.cause(script("echo only this; exit 1"), NODE))
                .isEqualTo("exit status 1, expected 0: only this");
        assertThat(Trial.cause(script("exit 1"), NODE)).isEqualTo("exit status 1, expected 0");
    }

    @Test
    void cutsTheExplanationAt1024BytesAndDropsControlCharacters() {
        String cause =
                Trial.cause(
                        script(
                                "printf '\\033[2J'; i=0; while [ $i -lt 1000 ]; do printf abcd;"
                                        + " i=$((i+1)); done; exit 1"),
                        NODE);
        assertThat(cause)
                .startsWith("exit status 1, expected 0: [2Jabcd")
                .hasSize("exit status 1, expected 0: ".length() + 1023);
    }

    @Test
    void readsOnWhateverTheProgramPrints() {
        Program chatty = script("head -c 3000000 /dev/zero | tr '\\0' x; exit 0");
        assertThat(Trial.pass(chatty, NODE)).startsWith("exit status 0: xxx");
    }

    @Test
    void saysThatTheProgramCannotBeRun() {
        assertThat(Trial.cause(new Program("/nowhere/check", List.of()), NODE))
                .startsWith("program cannot be run: ")
                .contains("/nowhere/check");
    }

    @Test
    void doesNotRunItForANameThatIsNotFound() {
        Path trace = directory.resolve("trace");
        assertThat(Trial.cause(script("touch " + trace), new NodeAddress("nowhere.example", 80)))
                .isEqualTo("name nowhere.example not found");
        assertThat(trace).doesNotExist();
    }

    @Test
    void killsAProgramThatHangsTogetherWithItsDescendants() throws IOException {
        Path pids = directory.resolve("pids");
        Program hanging =
                script(
                        "(sh -c 'echo $$ >> "
                                + pids
                                + "; sleep 600; true' ; true) & echo $$ >> "
                                + pids
                                + "; echo waiting; wait; true");
        CheckResult result = Trial.run(hanging, NODE, Duration.ofSeconds(1));
        assertThat(result)
                .isEqualTo(
                        CheckResult.failed(
                                "program did not end within 1 s and was killed: waiting"));
        List<String> started = Files.readAllLines(pids);
        assertThat(started).hasSize(2);
        Await.until(
                "the processes " + started + " to be gone",
                () -> started.stream().noneMatch(pid -> lives(Long.parseLong(pid))));
    }

    @Test
    void killsAProgramThatPrintsForEver() {
        Program chatty = script("while :; do echo again; done");
        assertThat(Trial.run(chatty, NODE, Duration.ofSeconds(1)))
                .isEqualTo(
                        CheckResult.failed("program did not end within 1 s and was killed: again"));
    }

    @Test
    void doesNotWaitForAChildThatOutlivesTheProgram() {
        Path pid = directory.resolve("pid");
        try {
            assertThat(Trial.pass(script("sleep 600 & echo $! > " + pid + "; echo done"), NODE))
                    .isEqualTo("exit status 0: done");
        } finally {
            kill(pid);
        }
    }

    @Test
    void killsTheProgramWhenInterrupted() throws InterruptedException {
        Path pid = directory.resolve("pid");
        Program hanging = script("echo $$ > " + pid + "; exec sleep 600");
        Check check = Check.of(hanging, new Trial.Names(Map.of()), Ticker.system());
        Thread thread =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        check.run(NODE, Trial.LONG);
                                    } catch (InterruptedException _) {
                                        // This is what is tested.
                                    }
                                });
        Await.until("the program to run", () -> !read(pid).isEmpty());
        thread.interrupt();
        thread.join();
        Await.until("the program to be gone", () -> !lives(Long.parseLong(read(pid))));
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file).strip() : "";
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void kill(Path pid) {
        Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(read(pid)));
        process.ifPresent(ProcessHandle::destroyForcibly);
    }

    /** Whether a process runs; one that is dead but not yet reaped does not. */
    private static boolean lives(long pid) {
        if (!Files.exists(Path.of("/proc/self/stat"))) {
            return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
        }
        return !List.of("", "Z").contains(state(pid));
    }

    private static String state(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            int name = stat.lastIndexOf(')');
            return stat.substring(name + 2, name + 3);
        } catch (IOException _) {
            return "";
        }
    }
}
