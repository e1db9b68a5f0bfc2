package io.weir.control.managed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.control.Author;
import io.weir.control.ConfigStore.Proposal;
import io.weir.control.Edit;
import io.weir.control.ManualTicker;
import io.weir.control.RefusedException;
import io.weir.control.Revision;
import io.weir.testkit.MemoryTempDir;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.node.JsonNodeFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What is found after a crash or on a bad disk: the old or the new revision, never a mixture. */
class DamagedStoreTest {

    private static final int PLACES_PER_FILE = 4;

    @TempDir(factory = MemoryTempDir.class)
    Path directory;

    private Path store;
    private final ManualTicker ticker = new ManualTicker();

    DamagedStoreTest(@TempDir(factory = MemoryTempDir.class) Path other) {
        store = other.resolve("store");
    }

    @BeforeEach
    void threeRevisions() throws RefusedException, IOException {
        ManagedSource source = open(store);
        for (int i = 1; i <= 3; i++) {
            add(source, "p" + i);
        }
    }

    @Test
    void everyFileCutOrChangedAnywhere() throws IOException, RefusedException {
        int cases = 0;
        for (Path file : filesOf(store)) {
            byte[] sound = Files.readAllBytes(store.resolve(file));
            for (byte[] damaged : damages(sound)) {
                Path copy = copy("case" + cases++);
                Files.delete(copy.resolve(file));
                Files.write(copy.resolve(file), damaged);
                ManagedSource source = open(copy);
                assertThat(pools(source)).describedAs("%s", file).containsExactly("p1", "p2", "p3");
                assertThat(source.settle()).describedAs("%s", file).isNull();
                add(source, "p4");
                assertThat(source.history(1).getFirst().number()).isGreaterThan(3);
                assertThat(pools(open(copy))).contains("p4");
                delete(copy);
            }
        }
        assertThat(cases).isGreaterThan(50);
    }

    @Test
    void whenBothSavesAreLostTheHistoryHelpsOutAndThatIsTold() throws IOException {
        Files.write(store.resolve("current"), new byte[3]);
        Files.delete(store.resolve("current.1"));
        ManagedSource source = open(store);
        assertThat(pools(source)).containsExactly("p1", "p2", "p3");
        assertThat(source.faults()).singleElement().asString().contains("is damaged");
        assertThat(pools(open(store))).hasSize(3);
    }

    @Test
    void whenNothingIsLeftTheStartIsRefusedAndNothingIsTouched() throws IOException {
        Files.write(store.resolve("current"), new byte[3]);
        Files.write(store.resolve("current.1"), new byte[3]);
        delete(store.resolve("history.git"));
        assertThatThrownBy(() -> open(store))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("no history to help out");
        assertThat(Files.size(store.resolve("current"))).isEqualTo(3);
    }

    @Test
    void aRevisionThatTheHistoryLacksIsAddedToIt() throws IOException, RefusedException {
        Path before = copy("before");
        add(open(store), "p4");
        delete(store.resolve("history.git"));
        Files.move(before.resolve("history.git"), store.resolve("history.git"));

        ManagedSource source = open(store);
        assertThat(pools(source)).hasSize(4);
        assertThat(source.settle()).isNull();
        assertThat(source.history(9)).extracting(Revision::number).containsExactly(4L, 3L, 2L, 1L);
        assertThat(source.faults()).isEmpty();
    }

    @Test
    void theLeavingsOfAKilledProcessAreInNobodysWay() throws IOException, RefusedException {
        Files.createFile(store.resolve("history.git/refs/heads/main.lock"));
        Files.createFile(store.resolve("history.git/HEAD.lock"));
        Files.writeString(store.resolve("current.new"), "weir-rev");
        Files.writeString(store.resolve("tree/weir.yaml"), "broken: [");
        Files.createDirectories(store.resolve("history.git.new/objects"));
        ManagedSource source = open(store);
        assertThat(pools(source)).hasSize(3);
        add(source, "p4");
        assertThat(source.history(1).getFirst().number()).isEqualTo(4);
    }

    @Test
    void aSaveCutBetweenItsTwoRenamesLeavesTheRevisionBefore() throws IOException {
        Files.move(store.resolve("current"), store.resolve("current.new"));
        ManagedSource source = open(store);
        // The history has the newer one already here; without it, the one before is used.
        assertThat(pools(source)).hasSize(3);
        Files.delete(store.resolve("current"));
        delete(store.resolve("history.git"));
        assertThat(pools(open(store))).hasSizeBetween(2, 3);
    }

    @Test
    void aSaveThatEndsAtAnyByteLeavesTheRevisionBeforeOrTheNewOne()
            throws IOException, RefusedException {
        Path before = copy("before");
        add(open(store), "p4");
        List<Path> written = new ArrayList<>();
        for (Path file : filesOf(store)) {
            Path former = before.resolve(file);
            if (!Files.exists(former)
                    || !Arrays.equals(
                            Files.readAllBytes(former), Files.readAllBytes(store.resolve(file)))) {
                written.add(file);
            }
        }
        // The order of a save; what git writes ends with the name of the branch.
        written.sort(Comparator.comparing(file -> file.toString().replace("refs", "zz")));
        assertThat(written).hasSizeGreaterThan(5).contains(Path.of("current"));
        int cases = 0;
        for (int i = 0; i < written.size(); i++) {
            byte[] whole = Files.readAllBytes(store.resolve(written.get(i)));
            // CheckedFileTest cuts such a file at every byte.
            int step = written.get(i).startsWith("history.git") ? 1 : 37;
            for (int length = 0; length < whole.length; length += step) {
                Path copy = copy(before, "cut" + cases++);
                for (Path earlier : written.subList(0, i)) {
                    put(copy.resolve(earlier), Files.readAllBytes(store.resolve(earlier)));
                }
                put(copy.resolve(written.get(i)), Arrays.copyOf(whole, length));
                ManagedSource source = open(copy);
                String where = written.get(i) + " cut at " + length;
                assertThat(pools(source))
                        .describedAs(where)
                        .isIn(Set.of("p1", "p2", "p3"), Set.of("p1", "p2", "p3", "p4"));
                assertThat(source.settle()).describedAs(where).isNull();
                assertThat(source.history(1).getFirst().number())
                        .describedAs(where)
                        .isEqualTo(source.revision());
                delete(copy);
            }
        }
        assertThat(cases).isGreaterThan(300);
    }

    private static void put(Path file, byte[] content) throws IOException {
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.deleteIfExists(file); // those of git are read-only
        Files.write(file, content);
    }

    private static List<byte[]> damages(byte[] sound) {
        List<byte[]> damages = new ArrayList<>();
        Set<Integer> places = new TreeSet<>();
        for (int i = 0; i < PLACES_PER_FILE && sound.length > 0; i++) {
            places.add((int) ((long) (sound.length - 1) * i / (PLACES_PER_FILE - 1)));
        }
        for (int place : places) {
            damages.add(Arrays.copyOf(sound, place));
            byte[] flipped = sound.clone();
            flipped[place] ^= 0x15;
            damages.add(flipped);
        }
        return damages;
    }

    private ManagedSource open(Path at) {
        ManagedSource source = new ManagedSource(at, Map.of(), new Random(), ticker);
        source.read();
        return source;
    }

    private void add(ManagedSource source, String pool) throws RefusedException, IOException {
        JsonNodeFactory json = JsonNodeFactory.instance;
        Edit edit =
                new Edit.Put(
                        List.of("pools", pool),
                        json.objectNode().set("nodes", json.arrayNode().add("a:80")));
        try (Proposal proposal = source.propose(List.of(edit), true)) {
            assertThat(proposal.candidate().config()).isNotNull();
            proposal.keep(Author.WEIR, "", ticker.now(), null);
        }
    }

    private static Set<String> pools(ManagedSource source) {
        return new TreeSet<>(Objects.requireNonNull(source.read().config()).pools().keySet());
    }

    private static List<Path> filesOf(Path store) throws IOException {
        try (Stream<Path> all = Files.walk(store)) {
            return all.filter(Files::isRegularFile)
                    .map(store::relativize)
                    .filter(file -> !file.startsWith("tree"))
                    .sorted()
                    .toList();
        }
    }

    private Path copy(String name) throws IOException {
        return copy(store, name);
    }

    private Path copy(Path from, String name) throws IOException {
        Path copy = directory.resolve(name);
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Files.copy(each, copy.resolve(from.relativize(each)));
            }
        }
        return copy;
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
