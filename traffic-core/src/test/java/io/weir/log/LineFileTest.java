package io.weir.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

class LineFileTest {

    @TempDir Path directory;

    private final HandTicker ticker = new HandTicker();
    private final List<String> watched = new ArrayList<>();

    private final LineFile.Watcher watcher =
            new LineFile.Watcher() {
                @Override
                public void failed(Path path, String problem) {
                    watched.add("failed: " + problem);
                }

                @Override
                public void recovered(Path path, Duration outage, long dropped) {
                    watched.add("recovered after " + outage.toSeconds() + ", dropped " + dropped);
                }
            };

    private LineFile file(String name) {
        return new LineFile(directory.resolve(name), ticker, watcher);
    }

    private static boolean add(LineFile file, String line) {
        byte[] bytes = ("<" + line + ">").getBytes(StandardCharsets.US_ASCII);
        return file.add(bytes, 1, bytes.length - 2);
    }

    private List<String> lines(String name) throws IOException {
        return Files.readAllLines(directory.resolve(name));
    }

    @Test
    void linesAreAppendedToWhatIsThere() throws IOException {
        Files.writeString(directory.resolve("log"), "old\n");
        LineFile file = file("log");

        add(file, "one");
        add(file, "two");
        assertThat(lines("log")).containsExactly("old");
        file.write();

        assertThat(lines("log")).containsExactly("old", "one", "two");
        assertThat(file.held()).isZero();
        assertThat(watched).isEmpty();
    }

    @Test
    void directoriesAreMadeAndOthersMayNotRead() throws IOException {
        LineFile file = file("a/b/log");
        add(file, "one");
        file.write();

        assertThat(lines("a/b/log")).containsExactly("one");
        assertThat(Files.getPosixFilePermissions(directory.resolve("a/b/log")))
                .isSubsetOf(PosixFilePermissions.fromString("rw-r-----"));
    }

    @Test
    void aLineThatWasCutShortByAKillIsNotContinued() throws IOException {
        Files.writeString(directory.resolve("log"), "whole\ntorn");
        LineFile file = file("log");

        add(file, "next");
        file.write();

        assertThat(lines("log")).containsExactly("whole", "torn", "next");
    }

    @Test
    void aFileThatWasRenamedIsMadeAnew() throws IOException {
        LineFile file = file("log");
        add(file, "one");
        file.write();
        Files.move(directory.resolve("log"), directory.resolve("log.1"));

        file.checkGone();
        add(file, "two");
        file.write();

        assertThat(lines("log.1")).containsExactly("one");
        assertThat(lines("log")).containsExactly("two");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFullDiskIsToldOnceAndNothingIsLostWhenItHasRoomAgain() throws IOException {
        Path log = directory.resolve("log");
        Files.createSymbolicLink(log, Path.of("/dev/full"));
        LineFile file = file("log");

        for (int i = 0; i < 5; i++) {
            add(file, "line " + i);
            file.write();
            ticker.advance(Duration.ofSeconds(2));
        }
        assertThat(watched).containsExactly("failed: No space left on device");
        assertThat(file.held()).isEqualTo(5);

        Files.delete(log);
        file.write();

        assertThat(lines("log")).containsExactly("line 0", "line 1", "line 2", "line 3", "line 4");
        assertThat(watched).endsWith("recovered after 10, dropped 0");
        assertThat(file.isFailing()).isFalse();
    }

    @Test
    void aDirectoryThatCannotBeMadeIsAnOutageLikeAnyOther() throws IOException {
        Files.writeString(directory.resolve("a"), "not a directory");
        LineFile file = file("a/log");

        assertThat(file.tryOpen()).isFalse();
        assertThat(watched).hasSize(1);
        add(file, "one");
        Files.delete(directory.resolve("a"));
        file.write(); // too early
        assertThat(file.held()).isEqualTo(1);
        ticker.advance(Duration.ofSeconds(1));
        file.write();

        assertThat(lines("a/log")).containsExactly("one");
        assertThat(watched).endsWith("recovered after 1, dropped 0");
    }

    @Test
    void linesBeyondTheBoundAreDroppedAndTheRestIsKeptInOrder() throws IOException {
        Files.writeString(directory.resolve("a"), "not a directory");
        LineFile file = file("a/log");
        int kept = 0;
        for (int i = 0; i < 5000; i++) {
            kept += add(file, "%099d".formatted(i)) ? 1 : 0;
        }

        assertThat(kept).isEqualTo(LineFile.MAX_HELD / 100).isEqualTo(file.held());
        Files.delete(directory.resolve("a"));
        ticker.advance(Duration.ofSeconds(1));
        file.write();

        assertThat(lines("a/log")).hasSize(kept).isSorted();
        assertThat(watched).endsWith("recovered after 1, dropped " + (5000 - kept));
        add(file, "more");
        file.write();
        assertThat(lines("a/log")).hasSize(kept + 1).endsWith("more");
    }

    @Test
    void manyLinesGoOutWithoutBeingAskedFor() throws IOException {
        LineFile file = file("log");
        for (int i = 0; i < 10_000; i++) {
            assertThat(add(file, "line " + i)).isTrue();
        }
        assertThat(lines("log").size()).isGreaterThan(5000);
        file.write();
        assertThat(lines("log")).hasSize(10_000).endsWith("line 9999");
    }

    @Test
    void aWriteThatFailsHalfWayLeavesWholeLinesOnly() throws IOException {
        // Every budget from nothing to everything, so that the disk fills up at every byte.
        List<String> all = List.of("first", "second", "third", "four");
        for (int budget = 0; budget <= 24; budget++) {
            for (boolean cuts : new boolean[] {true, false}) {
                FillingDisk disk = new FillingDisk(budget, cuts);
                LineFile file = new LineFile(Path.of("log"), disk, ticker, watcher);
                for (String line : all) {
                    add(file, line);
                }
                file.write();
                disk.room = 1000;
                ticker.advance(Duration.ofSeconds(1));
                file.write();

                if (cuts) {
                    assertThat(disk.text()).isEqualTo("first\nsecond\nthird\nfour\n");
                } else {
                    // A piece that could not be cut off stands alone; its line is lost.
                    List<String> whole = new ArrayList<>(disk.text().lines().toList());
                    boolean torn = whole.removeIf(line -> !all.contains(line));
                    assertThat(all).containsSubsequence(whole);
                    assertThat(whole).hasSize(torn ? 3 : 4);
                }
                assertThat(file.held()).isZero();
            }
        }
    }

    /** A disk that takes so many bytes and then is full. */
    private static final class FillingDisk implements LogOutput.Opener {
        final ByteArrayOutputStream written = new ByteArrayOutputStream();
        final boolean cuts;
        int room;

        FillingDisk(int room, boolean cuts) {
            this.room = room;
            this.cuts = cuts;
        }

        String text() {
            return written.toString(StandardCharsets.US_ASCII);
        }

        @Override
        public LogOutput open(Path path) {
            if (!text().isEmpty() && !text().endsWith("\n")) {
                written.write('\n');
            }
            return new LogOutput() {
                @Override
                public void write(ByteBuffer bytes) throws IOException {
                    int n = Math.min(3, Math.min(room, bytes.remaining()));
                    if (n == 0) {
                        throw new IOException("No space left on device");
                    }
                    for (int i = 0; i < n; i++) {
                        written.write(bytes.get());
                    }
                    room -= n;
                }

                @Override
                public boolean isGone() {
                    return false;
                }

                @Override
                public void cut(int bytes) throws IOException {
                    if (!cuts) {
                        throw new IOException("Illegal seek");
                    }
                    byte[] kept = written.toByteArray();
                    written.reset();
                    written.write(kept, 0, kept.length - bytes);
                    room += bytes;
                }

                @Override
                public long size() {
                    return written.size();
                }

                @Override
                public void close() {}
            };
        }
    }
}
