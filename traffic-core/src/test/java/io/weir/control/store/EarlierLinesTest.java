package io.weir.control.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.control.store.EarlierLines.Page;
import io.weir.control.store.LinePages.Line;
import io.weir.testkit.MemoryTempDir;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

class EarlierLinesTest {

    @TempDir(factory = MemoryTempDir.class)
    Path directory;

    private static List<String> all(Path file, int max, Predicate<String> wanted) throws Exception {
        List<String> seen = new ArrayList<>();
        String before = EarlierLines.NEWEST;
        while (before != null) {
            Page page = EarlierLines.before(file, before, max, wanted);
            assertThat(page.lost()).isFalse();
            assertThat(page.lines()).hasSizeBetween(1, max);
            page.lines().reversed().forEach(line -> seen.add(line.text()));
            before = page.previous();
        }
        return seen;
    }

    @Test
    void everyLineComesOnceFromTheNewestToTheOldestOverFilesAndBlocks() throws Exception {
        LineLog log = new LineLog(directory.resolve("log"), 700_000, 9);
        String filling = "x".repeat(990);
        List<String> written = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            written.add(i + " " + filling.substring(i % 400) + (i % 7 == 0 ? " seventh" : ""));
            log.add(written.getLast());
        }
        assertThat(Files.exists(directory.resolve("log.2"))).isTrue();
        assertThat(all(log.file(), 97, line -> true)).isEqualTo(written.reversed());
        assertThat(all(log.file(), 30, line -> line.endsWith(" seventh")))
                .isEqualTo(
                        written.stream()
                                .filter(line -> line.endsWith(" seventh"))
                                .toList()
                                .reversed());
    }

    @Test
    void cursorsAreThoseOfWhoReadsOn() throws Exception {
        Path file = directory.resolve("log");
        assertThat(EarlierLines.before(file, EarlierLines.NEWEST, 5, line -> true))
                .isEqualTo(new Page(List.of(), null, false));
        Files.writeString(file, "one\ntwo\n\nfour\nhalf a li");
        Page page = EarlierLines.before(file, EarlierLines.NEWEST, 2, line -> true);
        assertThat(page.lines()).extracting(Line::text).containsExactly("", "four");
        String previous = Objects.requireNonNull(page.previous());
        assertThat(LinePages.isCursor(previous)).isTrue();
        assertThat(LinePages.read(file, previous, 5, line -> true).lines()).isEqualTo(page.lines());
        assertThat(LinePages.newest(file)).isEqualTo(page.lines().getLast().cursor());
        assertThat(EarlierLines.before(file, previous, 2, line -> true).previous()).isNull();
        String elsewhere = "0123456789abcdef-7";
        assertThat(EarlierLines.before(file, elsewhere, 5, line -> true))
                .isEqualTo(new Page(List.of(), null, true));
    }

    @Test
    void aLineThatIsLongerThanWhatIsReadAtOnceIsPassedOver() throws Exception {
        Path file = directory.resolve("log");
        Files.writeString(file, "one\n" + "x".repeat(600_000) + "\nthree\n");
        assertThat(all(file, 1, line -> true)).containsExactly("three", "one");
        // So is all of a file that is nothing but one line.
        Files.writeString(file, "x".repeat(600_000) + "\n");
        assertThat(EarlierLines.before(file, EarlierLines.NEWEST, 1, line -> true).lines())
                .isEmpty();
    }
}
