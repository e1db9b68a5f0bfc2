package io.weir.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;

@EnabledOnOs(OS.LINUX)
class ThreadTurnsTest {

    @BeforeEach
    void open() {
        ThreadTurns.open();
        assertThat(ThreadTurns.isOpen()).isTrue();
    }

    @Test
    void aThreadStepsBackAloneAndOthersStayWhereTheyAre() throws Exception {
        int mine = niceness();
        assertThat(nicenessOfAThread(ThreadTurns::stepBack)).isEqualTo(Math.max(5, mine));
        assertThat(niceness()).isEqualTo(mine);
    }

    @Test
    void shortTurnsLeaveTheShareAsItIs() throws Exception {
        assertThat(nicenessOfAThread(ThreadTurns::brief)).isEqualTo(niceness());
    }

    /** Of one that has asked the kernel for something, which the kernel took. */
    private static int nicenessOfAThread(BooleanSupplier asks) throws Exception {
        FutureTask<Integer> thread =
                new FutureTask<>(
                        () -> {
                            assertThat(asks.getAsBoolean()).isTrue();
                            return niceness();
                        });
        Thread.ofPlatform().start(thread);
        return thread.get();
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
