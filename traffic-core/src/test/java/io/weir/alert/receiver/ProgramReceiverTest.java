package io.weir.alert.receiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.config.ActionConfig.Program;
import io.weir.testkit.Await;
import io.weir.time.Ticker;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

@EnabledOnOs({OS.LINUX, OS.MAC})
class ProgramReceiverTest {

    @TempDir Path directory;

    private static void run(Duration timeout, String... arguments) throws Exception {
        new ProgramReceiver(
                        new Program(arguments[0], List.of(arguments).subList(1, arguments.length)),
                        "machine",
                        timeout,
                        Ticker.system())
                .send(List.of(Alerts.nodefail()));
    }

    @Test
    void theProgramGetsItsArgumentsTheLineAndTheParts() throws Exception {
        Path out = directory.resolve("out");
        run(
                Duration.ofSeconds(30),
                "/bin/sh",
                "-c",
                "printf '%s|%s|%s' \"$1\" \"$2\" \"$WEIR_TAG $WEIR_OBJECTS $WEIR_EVENT_TYPE\" > "
                        + out,
                "sh",
                "--first");
        assertThat(Files.readString(out))
                .isEqualTo(
                        "--first|SERIOUS\tpools/web,nodes/a:80\tnodefail\t"
                                + Alerts.nodefail().event().text()
                                + "|nodefail pools/web,nodes/a:80 trouble");
    }

    @Test
    void theExitStatusSaysWhetherToTryAgain() {
        Duration long1 = Duration.ofSeconds(30);
        assertThatThrownBy(() -> run(long1, "/bin/sh", "-c", "echo later >&2; exit 75"))
                .isInstanceOf(IOException.class)
                .hasMessage("exit status 75: later");
        assertThatThrownBy(() -> run(long1, "/bin/sh", "-c", "echo never; exit 3"))
                .isInstanceOf(UndeliverableException.class)
                .hasMessage("exit status 3, expected 0: never");
        assertThatThrownBy(() -> run(long1, "/no/such/program"))
                .isInstanceOf(UndeliverableException.class);
    }

    @Test
    void aProgramThatTakesTooLongIsKilledWithWhatItStarted() throws Exception {
        Path pid = directory.resolve("pid");
        assertThatThrownBy(
                        () ->
                                run(
                                        Duration.ofMillis(500),
                                        "/bin/sh",
                                        "-c",
                                        "sleep 600 & echo $! > " + pid + "; wait"))
                .isInstanceOf(UndeliverableException.class)
                .hasMessageContaining("did not end within 500 ms");
        if (Files.exists(pid)) {
            long child = Long.parseLong(Files.readString(pid).strip());
            Await.until(
                    "the child ends",
                    () -> ProcessHandle.of(child).filter(ProcessHandle::isAlive).isEmpty());
        }
    }
}
