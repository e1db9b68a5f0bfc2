package io.weir.control.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.config.NodeAddress;
import io.weir.config.NodeConfig;
import io.weir.config.NodeLease;
import io.weir.config.Overlay;
import io.weir.config.OverlayEntry;
import io.weir.config.load.KeptConfig;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;

class OverlayStoreTest {

    private static final Overlay OVERLAY =
            new Overlay(
                    List.of(
                            new OverlayEntry(
                                    null,
                                    new NodeAddress("10.0.0.1", 80),
                                    NodeConfig.State.DRAINING,
                                    null,
                                    "alice",
                                    "kernel \"5.10\" → 6.1\n",
                                    Instant.parse("2026-01-02T03:04:05.678Z"),
                                    Instant.parse("2026-01-03T00:00:00Z")),
                            new OverlayEntry(
                                    "web",
                                    new NodeAddress("::1", 8080),
                                    null,
                                    7,
                                    "bob",
                                    "",
                                    Instant.EPOCH,
                                    null,
                                    Instant.parse("2026-01-04T00:00:00Z"),
                                    OverlayEntry.AtDeadline.CLOSE)),
                    List.of(
                            new NodeLease(
                                    new NodeAddress("::1", 8080),
                                    "carol",
                                    "disk",
                                    Instant.EPOCH,
                                    Instant.parse("2026-01-05T00:00:00Z"))));

    @TempDir Path directory;

    @Test
    void givesBackEveryFieldOfEveryEntry() throws IOException {
        new OverlayStore(directory).save(OVERLAY, 12);
        assertThat(new OverlayStore(directory).load())
                .isEqualTo(new OverlayStore.Loaded(OVERLAY, 12, null));
    }

    @Test
    void isEmptyAndWellWhereNothingWasKept() {
        assertThat(new OverlayStore(directory).load())
                .isEqualTo(new OverlayStore.Loaded(Overlay.EMPTY, 0, null));
    }

    @Test
    void namesTheFaultAndUsesTheSaveBeforeWhenTheFileIsDamaged() throws IOException {
        OverlayStore store = new OverlayStore(directory);
        store.save(OVERLAY, 1);
        store.save(Overlay.EMPTY, 2);
        Files.writeString(directory.resolve("overlay"), "rubbish\n");

        OverlayStore.Loaded loaded = store.load();

        assertThat(loaded.overlay()).isEqualTo(OVERLAY);
        assertThat(loaded.revision()).isEqualTo(1);
        assertThat(loaded.fault()).contains("overlay").contains("damaged");
    }

    @Test
    void isEmptyAndNamesTheFaultWhenEverySaveIsDamaged() throws IOException {
        OverlayStore store = new OverlayStore(directory);
        store.save(OVERLAY, 1);
        Files.writeString(directory.resolve("overlay"), "");

        OverlayStore.Loaded loaded = store.load();

        assertThat(loaded.overlay()).isEqualTo(Overlay.EMPTY);
        assertThat(loaded.fault()).contains("cut short");
    }

    @Test
    void keepsWhatItHasWhenTheDiskRefuses() throws IOException {
        OverlayStore store = new OverlayStore(directory);
        store.save(OVERLAY, 1);
        Files.createDirectories(directory.resolve("overlay.new/in-the-way"));

        assertThatThrownBy(() -> store.save(Overlay.EMPTY, 2)).isInstanceOf(IOException.class);

        assertThat(store.load()).isEqualTo(new OverlayStore.Loaded(OVERLAY, 1, null));
    }

    @Test
    void keepsTheLastGoodConfigurationOfItsSourceOnly() throws IOException {
        LastGood lastGood = new LastGood(directory);
        LastGood.Kept kept =
                new LastGood.Kept(
                        "/etc/weir/weir.yaml",
                        new KeptConfig("pools: {}\n", Map.of("/etc/weir/rules/a.js", "log(1);")));
        lastGood.save(kept);

        assertThat(lastGood.load("/etc/weir/weir.yaml")).isEqualTo(kept);
        assertThat(lastGood.load("/etc/weir/other.yaml")).isNull();
    }

    @Test
    void letsNobodyElseReadTheLastGoodConfigurations() throws IOException {
        LastGood lastGood = new LastGood(directory);
        for (String text : List.of("pools: {}\n", "pools: {a: {nodes: []}}\n")) {
            lastGood.save(new LastGood.Kept("weir.yaml", new KeptConfig(text, Map.of())));
        }
        for (String name : List.of("last-good", "last-good.1")) {
            assertThat(Files.getPosixFilePermissions(directory.resolve(name)))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        }
    }
}
