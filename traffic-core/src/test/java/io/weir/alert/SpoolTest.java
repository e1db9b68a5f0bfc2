package io.weir.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.alert.receiver.Alert;
import io.weir.event.Event;
import io.weir.event.EventTag;
import io.weir.event.ObjectRef;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

class SpoolTest {

    @TempDir Path directory;

    private static Alert alert(int number) {
        Event event =
                new Event(
                        Instant.ofEpochSecond(1_700_000_000, number),
                        EventTag.NODEFAIL,
                        List.of(ObjectRef.pool("größe"), ObjectRef.node("a:80")),
                        "event " + number);
        return new Alert(event, "type");
    }

    private static List<Alert> all(Spool spool) {
        return spool.first(1000);
    }

    @Test
    void whatWaitsComesBackAsItWas() {
        Path file = directory.resolve("deep/a.spool");
        Spool spool = Spool.onDisk(10, file);
        for (int i = 0; i < 5; i++) {
            spool.add(alert(i));
        }
        spool.remove(2);
        spool.close();

        Spool again = Spool.onDisk(10, file);
        assertThat(all(again)).containsExactly(alert(2), alert(3), alert(4));
        again.remove(3);
        again.close();
        assertThat(file).isEmptyFile();
    }

    @Test
    void aBoundIsABound() {
        Spool spool = Spool.inMemory(2);
        assertThat(spool.add(alert(1))).isTrue();
        assertThat(spool.add(alert(2))).isTrue();
        assertThat(spool.add(alert(3))).isFalse();
        assertThat(all(spool)).containsExactly(alert(1), alert(2));
    }

    @Test
    void aFileCutAtAnyByteHoldsWhatWasThereAMomentBefore() throws Exception {
        Path file = directory.resolve("a.spool");
        Spool spool = Spool.onDisk(10, file);
        for (int i = 0; i < 3; i++) {
            spool.add(alert(i));
        }
        spool.remove(1);
        spool.close();
        byte[] whole = Files.readAllBytes(file);
        List<List<Alert>> states =
                List.of(
                        List.of(),
                        List.of(alert(0)),
                        List.of(alert(0), alert(1)),
                        List.of(alert(0), alert(1), alert(2)),
                        List.of(alert(1), alert(2)));

        int reached = 0;
        for (int length = 0; length <= whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            Spool cut = Spool.onDisk(10, file);
            List<Alert> found = all(cut);
            cut.close();
            assertThat(states).contains(found);
            int at = states.indexOf(found);
            assertThat(at).isBetween(reached, reached + 1);
            reached = at;
        }
        assertThat(reached).isEqualTo(4);
    }

    @Test
    void damageEndsWhatIsReadAndHarmsNothingElse() throws Exception {
        Path file = directory.resolve("a.spool");
        Spool spool = Spool.onDisk(10, file);
        spool.add(alert(0));
        spool.add(alert(1));
        spool.close();
        byte[] whole = Files.readAllBytes(file);
        for (int at = 0; at < whole.length; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 0x40;
            Files.write(file, damaged);
            Spool read = Spool.onDisk(10, file);
            assertThat(all(read)).isIn(List.of(), List.of(alert(0)));
            read.close();
        }
    }

    /** A spool whose file is so large that taking away the first alert has it written anew. */
    private static Spool large(Path file) {
        Spool spool = Spool.onDisk(1000, file);
        for (int i = 0; i < 600; i++) {
            Event event = alert(i).event();
            String text = "x".repeat(8000) + i;
            spool.add(
                    new Alert(new Event(event.time(), event.tag(), event.objects(), text), "type"));
        }
        assertThat(file.toFile().length()).isGreaterThan(4L << 20);
        return spool;
    }

    private static List<Integer> numbers(Spool spool) {
        return all(spool).stream()
                .map(each -> Integer.valueOf(each.event().text().replaceAll("\\D", "")))
                .toList();
    }

    @Test
    void whatWasTakenAwayWhileTheFileCouldNotBeWrittenDoesNotComeBack() throws Exception {
        Path file = directory.resolve("a.spool");
        Spool spool = large(file);
        // A directory in its place keeps the file from being written anew.
        Path obstacle = Files.createDirectories(directory.resolve("a.spool.new/full"));
        spool.remove(1);
        spool.remove(597);

        Files.delete(obstacle);
        Files.delete(directory.resolve("a.spool.new"));
        spool.add(alert(1));
        Spool crashed = Spool.onDisk(1000, Files.copy(file, directory.resolve("copy.spool")));
        assertThat(numbers(crashed)).containsExactly(598, 599, 1);
        crashed.close();
        spool.remove(1);
        spool.close();

        Spool again = Spool.onDisk(1000, file);
        assertThat(numbers(again)).containsExactly(599, 1);
        again.close();
    }

    @Test
    void aSpoolThatIsClosedTriesOnceMoreToBeWritten() throws Exception {
        Path file = directory.resolve("a.spool");
        Spool spool = large(file);
        Path obstacle = Files.createDirectories(directory.resolve("a.spool.new/full"));
        spool.remove(599);
        Files.delete(obstacle);
        Files.delete(directory.resolve("a.spool.new"));
        spool.close();

        Spool again = Spool.onDisk(1000, file);
        assertThat(numbers(again)).containsExactly(599);
        again.close();
    }

    @Test
    void whereNothingWaitsNothingComesBackThoughTheFileCannotBeWritten() throws Exception {
        Path file = directory.resolve("a.spool");
        Spool spool = large(file);
        Path obstacle = Files.createDirectories(directory.resolve("a.spool.new/full"));
        spool.remove(1);
        spool.remove(599);
        spool.close();
        Files.delete(obstacle);

        Spool again = Spool.onDisk(1000, file);
        assertThat(numbers(again)).isEmpty();
        again.close();
    }
}
