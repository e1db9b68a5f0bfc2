package io.weir.control.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

class LineLogTest {

    @TempDir Path directory;

    @Test
    void keepsTheLatestLinesInABoundedNumberOfFiles() throws IOException {
        Path file = directory.resolve("a.log");
        LineLog log = new LineLog(file, 100, 3);
        for (int i = 0; i < 100; i++) {
            log.add("line " + i);
        }
        assertThat(log.last(5))
                .containsExactly("line 95", "line 96", "line 97", "line 98", "line 99");
        List<String> all = new LineLog(file, 100, 3).last(1000);
        assertThat(all)
                .hasSizeBetween(20, 36)
                .isEqualTo(
                        IntStream.range(100 - all.size(), 100).mapToObj(i -> "line " + i).toList());
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).hasSize(3);
        }
    }

    @Test
    void goesOnBehindALineThatACrashHasCut() throws IOException {
        Path file = directory.resolve("a.log");
        new LineLog(file, 1000, 2).add("one");
        Files.writeString(file, "one\ntw");
        LineLog log = new LineLog(file, 1000, 2);
        log.add("three");
        assertThat(log.last(10)).containsExactly("one", "tw", "three");
    }

    @Test
    void goesOnBehindALineThatTheDiskDidNotTakeWhole() throws IOException {
        Path file = directory.resolve("a.log");
        LineLog log = new LineLog(file, 1000, 2);
        log.add("one");
        Thread.currentThread().interrupt(); // the channel refuses to write
        assertThatThrownBy(() -> log.add("two")).isInstanceOf(IOException.class);
        assertThat(Thread.interrupted()).isTrue();
        Files.writeString(file, "one\ntw");
        log.add("three");
        assertThat(log.last(10)).containsExactly("one", "tw", "three");
    }
}
