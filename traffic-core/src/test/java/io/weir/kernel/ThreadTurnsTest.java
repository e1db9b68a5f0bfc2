package io.weir.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

@EnabledOnOs(OS.LINUX)
class ThreadTurnsTest {

    @BeforeEach
    void open() {
        ThreadTurns.open();
        assertThat(ThreadTurns.isOpen()).isTrue();
    }

    @Test
    void aThreadStepsBackAloneAndOthersStayWhereTheyAre() throws Exception {
        CompletableFuture<Integer> niceness = new CompletableFuture<>();
        Thread.ofPlatform()
                .start(
                        () -> {
                            assertThat(ThreadTurns.stepBack()).isTrue();
                            niceness.complete(niceness());
                        });
        int mine = niceness();
        assertThat(niceness.get()).isEqualTo(5);
        assertThat(mine).isZero();
        assertThat(niceness()).isZero();
    }

    @Test
    void shortTurnsLeaveTheShareAsItIs() throws Exception {
        CompletableFuture<Integer> niceness = new CompletableFuture<>();
        Thread.ofPlatform()
                .start(
                        () -> {
                            assertThat(ThreadTurns.brief()).isTrue();
                            niceness.complete(niceness());
                        });
        assertThat(niceness.get()).isZero();
    }

    /** The 19th field of /proc/.../stat, counted behind the name in brackets (proc(5)). */
    private static int niceness() {
        try {
            String stat = Files.readString(Path.of("/proc/thread-self/stat"));
            return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[16]);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
