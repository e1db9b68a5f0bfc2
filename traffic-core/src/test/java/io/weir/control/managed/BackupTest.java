package io.weir.control.managed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.config.BackupConfig;
import io.weir.config.Secret;
import io.weir.control.Author;
import io.weir.control.BackupDrill;
import io.weir.control.ConfigStore.Proposal;
import io.weir.control.Edit;
import io.weir.control.ManualTicker;
import io.weir.control.RefusedException;
import io.weir.control.Revision;
import io.weir.testkit.Await;
import io.weir.testkit.MemoryTempDir;

import org.eclipse.jgit.lib.Repository;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;

class BackupTest {

    private static final Random RANDOM = new Random();

    @TempDir(factory = MemoryTempDir.class)
    Path directory;

    private final ManualTicker ticker = new ManualTicker();
    private Path remote;
    private ManagedSource source;

    BackupTest(@TempDir(factory = MemoryTempDir.class) Path home) {
        remote = home.resolve("remote.git");
        source = new ManagedSource(home.resolve("store"), Map.of(), RANDOM, ticker);
    }

    @BeforeEach
    void aStoreAndAPlaceForItsCopy() throws IOException, RefusedException {
        try (Repository made = Git.open(remote)) {
            assertThat(made.isBare()).isTrue();
        }
        source.read();
        JsonNodeFactory json = JsonNodeFactory.instance;
        put(json.objectNode().set("nodes", json.arrayNode().add("a:80")), "pools", "web");
        put(json.stringNode("sesame-open-sesame"), "global", "cluster-key");
    }

    @Test
    void whatIsPushedComesBackWithItsSecrets() throws IOException, RefusedException {
        BackupConfig config = config("passphrase");
        pushed(config);
        assertThat(everythingIn(remote)).doesNotContain("sesame-open");

        Path anew = directory.resolve("anew");
        Restore.Restored restored = Restore.from(config, anew, RANDOM);
        assertThat(restored).isEqualTo(new Restore.Restored(2, List.of()));
        ManagedSource second = new ManagedSource(anew, Map.of(), RANDOM, ticker);
        assertThat(second.read().config()).isEqualTo(source.read().config());
        assertThat(second.revision()).isEqualTo(2);
        assertThat(second.history(9)).extracting(Revision::number).containsExactly(2L, 1L);
        assertThatThrownBy(() -> Restore.from(config, anew, RANDOM))
                .hasMessageContaining("has a store already");
    }

    @Test
    void theWrongPassphraseOpensNothing() throws IOException {
        pushed(config("passphrase"));
        assertThatThrownBy(
                        () -> Restore.from(config("passphrasE"), directory.resolve("anew"), RANDOM))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is the passphrase right?");
    }

    @Test
    void aDrillTellsWhatWouldBeLost() throws IOException, RefusedException {
        BackupConfig config = config(null);
        pushed(config);
        BackupDrill fresh = source.drill(config);
        assertThat(fresh.loss()).isZero();
        assertThat(fresh.revision()).isEqualTo(2);
        assertThat(fresh.missingSecrets())
                .singleElement()
                .asString()
                .startsWith("global-cluster-key-");

        put(JsonNodeFactory.instance.stringNode("5s"), "pools", "web", "max-reply-time");
        ticker.advance(Duration.ofSeconds(7));
        put(JsonNodeFactory.instance.stringNode("6s"), "pools", "web", "max-reply-time");
        ticker.advance(Duration.ofSeconds(2));
        BackupDrill late = source.drill(config);
        assertThat(late.loss()).isEqualTo(Duration.ofSeconds(9));
        assertThat(late.present()).isEqualTo(4);
    }

    @Test
    void aDrillNamesTheObjectThatTheCopyLacks() throws IOException {
        BackupConfig config = config(null);
        pushed(config);
        String last = Files.readString(remote.resolve("refs/heads/main")).strip();
        try (Stream<Path> files = Files.walk(remote.resolve("objects"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
        assertThatThrownBy(() -> source.drill(config))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining(remote + " lacks the object " + last)
                .hasMessageContaining("global.backup.remote");
    }

    @Test
    void aFailureIsToldAndTriedAgain() throws IOException {
        Path elsewhere = directory.resolve("elsewhere.git");
        BackupConfig config = new BackupConfig(elsewhere.toString(), null, null, null);
        Await.until("it to be behind", () -> source.backUp(config) != null);
        assertThat(source.backUp(config)).contains("not up to date").contains("elsewhere.git");
        try (Repository made = Git.open(elsewhere)) {
            assertThat(made.isBare()).isTrue();
        }
        ticker.advance(Duration.ofSeconds(10));
        Await.until("it to have caught up", () -> source.backUp(config) == null);
        assertThat(Files.exists(elsewhere.resolve("refs/heads/main"))).isTrue();
    }

    private BackupConfig config(@org.jspecify.annotations.Nullable String passphrase) {
        return new BackupConfig(
                remote.toString(), null, null, passphrase == null ? null : new Secret(passphrase));
    }

    private void pushed(BackupConfig config) {
        Await.until(
                "a push",
                () ->
                        source.backUp(config) == null
                                && Files.exists(remote.resolve("refs/heads/main")));
    }

    private void put(JsonNode value, String... path) throws RefusedException, IOException {
        try (Proposal proposal =
                source.propose(List.of(new Edit.Put(List.of(path), value)), true)) {
            Objects.requireNonNull(proposal.candidate().config());
            proposal.keep(Author.WEIR, "", ticker.now(), null);
        }
    }

    private static String everythingIn(Path directory) throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return all.toString();
    }
}
