package io.weir.control.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.control.store.LinePages.Line;
import io.weir.control.store.LinePages.Page;
import io.weir.testkit.MemoryTempDir;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

class LinePagesTest {

    @TempDir(factory = MemoryTempDir.class)
    Path directory;

    @Test
    void everyLineComesOnceAndInOrderWhileFilesAreWrittenAndPutAside() throws Exception {
        int lines = 5000;
        LineLog log = new LineLog(directory.resolve("log"), 20_000, 20);
        Thread writer =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    for (int i = 0; i < lines; i++) {
                                        try {
                                            log.add("line " + i + " of the log");
                                        } catch (java.io.IOException e) {
                                            throw new java.io.UncheckedIOException(e);
                                        }
                                    }
                                });
        List<String> seen = new ArrayList<>();
        String cursor = LinePages.OLDEST;
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (seen.size() < lines && System.nanoTime() < deadline) {
            Page page = LinePages.read(log.file(), cursor, 97, line -> true);
            assertThat(page.lost()).isFalse();
            page.lines().forEach(line -> seen.add(line.text()));
            cursor = page.next();
        }
        writer.join();
        assertThat(seen)
                .isEqualTo(
                        IntStream.range(0, lines)
                                .mapToObj(i -> "line " + i + " of the log")
                                .toList());
        assertThat(Files.exists(directory.resolve("log.2"))).isTrue();
        assertThat(LinePages.newest(log.file())).isEqualTo(cursor);
    }

    @Test
    void aCursorIsBehindEachLineAndHalfALineIsNoLine() throws Exception {
        Path file = directory.resolve("log");
        assertThat(LinePages.read(file, LinePages.OLDEST, 10, line -> true).next())
                .isEqualTo(LinePages.OLDEST);
        Files.writeString(file, "one\ntwo\nthree\nfour");
        Page page = LinePages.read(file, LinePages.OLDEST, 10, line -> true);
        assertThat(page.lines()).extracting(Line::text).containsExactly("one", "two", "three");
        String afterOne = page.lines().getFirst().cursor();
        assertThat(LinePages.isCursor(afterOne)).isTrue();
        assertThat(LinePages.read(file, afterOne, 1, line -> true).lines().getFirst().text())
                .isEqualTo("two");
        assertThat(LinePages.read(file, afterOne, 1, line -> true).more()).isTrue();
        Files.writeString(file, "one\ntwo\nthree\nfour\n");
        assertThat(LinePages.read(file, page.next(), 10, line -> true).lines())
                .extracting(Line::text)
                .containsExactly("four");
        Page some = LinePages.read(file, LinePages.OLDEST, 10, line -> line.startsWith("t"));
        assertThat(some.lines()).extracting(Line::text).containsExactly("two", "three");
        assertThat(LinePages.read(file, some.next(), 10, line -> true).lines()).isEmpty();
    }

    @Test
    void whoComesTooLateIsToldThatLinesAreMissed() throws Exception {
        LineLog log = new LineLog(directory.resolve("log"), 100, 2);
        log.add("the first line, which goes away");
        String cursor = LinePages.newest(log.file());
        for (int i = 0; i < 20; i++) {
            log.add("a line of more than thirty bytes " + i);
        }
        Page page = LinePages.read(log.file(), cursor, 100, line -> true);
        assertThat(page.lost()).isTrue();
        assertThat(page.lines().getLast().text()).endsWith(" 19");
    }
}
