package io.weir.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.event.Event;
import io.weir.event.EventTag;
import io.weir.event.ObjectRef;
import io.weir.time.Ticker;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

class EventLogActionTest {

    @TempDir Path directory;

    private static final Instant TIME = Instant.parse("2026-03-04T05:06:07.008Z");

    private long nanos;

    private final Ticker ticker =
            new Ticker() {
                @Override
                public long nanos() {
                    return nanos;
                }

                @Override
                public Instant now() {
                    return TIME;
                }
            };

    private static Event event(EventTag tag, String text, ObjectRef... objects) {
        return new Event(TIME, tag, List.of(objects), text);
    }

    private List<String> lines(String file) throws IOException {
        return Files.readAllLines(directory.resolve(file));
    }

    @Test
    void anEventIsOneLineInTabSeparatedColumns() throws IOException {
        Action log = Action.eventLog(directory, "events.log", ticker);
        try {
            log.run(
                    event(
                            EventTag.NODEFAIL,
                            "Node a:80 of pool web fails: größer",
                            ObjectRef.pool("web"),
                            ObjectRef.node("a:80")));
            log.run(event(EventTag.RUNNING, "Weir runs"));
        } catch (Exception e) {
            throw new AssertionError(e);
        }

        assertThat(lines("events.log"))
                .containsExactly(
                        "2026-03-04T05:06:07.008Z\tSERIOUS\tpools/web,nodes/a:80\tnodefail\t"
                                + "Node a:80 of pool web fails: größer",
                        "2026-03-04T05:06:07.008Z\tINFO\t-\trunning\tWeir runs");
    }

    @Test
    void aLineCannotBeForged() {
        String hostile = "x\n2026-01-01\tFATAL\r\u001b[2J\u2028,\\u001b";

        String line =
                EventLogAction.line(
                        event(EventTag.CONFOK, hostile, new ObjectRef("pools", hostile)));

        assertThat(line.lines().count()).isEqualTo(1);
        assertThat(line.split("\t", -1)).hasSize(5);
        assertThat(line.chars().filter(c -> c != '\t').noneMatch(Character::isISOControl)).isTrue();
        assertThat(line).contains("\\u2028\\u002c\\\\u001b");
    }

    @Test
    void anEndlessTextIsCut() {
        String line = EventLogAction.line(event(EventTag.CONFOK, "x".repeat(1_000_000)));

        assertThat(line).hasSizeLessThan(10_000).endsWith("x...");
    }

    @Test
    void fullFilesAreKeptUpToABound() throws IOException {
        EventLogAction log = new EventLogAction(directory, "logs/events.log", 1000, 2, ticker);
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            log.run(event(EventTag.CONFOK, "event " + i));
            all.add("event " + i);
        }
        log.close();

        List<String> kept = new ArrayList<>();
        for (String file : List.of("logs/events.log.2", "logs/events.log.1", "logs/events.log")) {
            assertThat(Files.size(directory.resolve(file))).isLessThanOrEqualTo(1000);
            for (String line : lines(file)) {
                kept.add(line.substring(line.lastIndexOf('\t') + 1));
            }
        }
        assertThat(kept).isEqualTo(all.subList(100 - kept.size(), 100));
        assertThat(kept.size()).isGreaterThan(30);
        try (var files = Files.list(directory.resolve("logs"))) {
            assertThat(files.count()).isEqualTo(3);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFullDiskLosesNothingWhenItHasRoomAgain() throws IOException {
        Path file = directory.resolve("events.log");
        Files.createSymbolicLink(file, Path.of("/dev/full"));
        EventLogAction log = new EventLogAction(directory, "events.log", 1000, 2, ticker);
        for (int i = 0; i < 10; i++) {
            log.run(event(EventTag.CONFOK, "event " + i));
        }
        Files.delete(file);
        nanos += Duration.ofSeconds(1).toNanos();

        log.idle();

        assertThat(lines("events.log")).hasSize(10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../events.log", "/tmp/events.log", "", "a/../..", "."})
    void aFileOutsideTheDirectoryIsRefused(String file) {
        assertThatThrownBy(() -> Action.eventLog(directory, file, ticker))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + file + "\"")
                .hasMessageContaining("in the log directory");
    }
}
