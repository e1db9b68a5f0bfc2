package io.weir.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.WeirConfig;
import io.weir.control.store.OverlayStore;
import io.weir.event.EventTag;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Both of files that have just been written, and of such that are old by the clock. */
@ParameterizedClass
@ValueSource(strings = {"PT0S", "P3650D"})
class FileWatchTest {

    private static final WeirConfig ONE = Configs.web("a:80", "b:80");
    private static final WeirConfig TWO = Configs.web("a:80", "b:80", "c:80");

    @TempDir Path directory;

    private final Duration later;
    private final ManualTicker ticker = new ManualTicker();
    private final List<Path> read = new ArrayList<>();
    private final RecordingEvents events = new RecordingEvents();
    private final SettableSource source = new SettableSource(ONE);
    private Path file;
    private Path included;
    private Control control;
    private FileWatch watch;

    FileWatchTest(Duration later) {
        this.later = later;
    }

    @BeforeEach
    void start() throws Exception {
        file = Files.writeString(directory.resolve("weir.yaml"), "one");
        included = Files.createDirectory(directory.resolve("conf.d"));
        source.watch(file, included);
        control =
                Control.start(
                        source,
                        RecordingPlane::new,
                        new OverlayStore(directory),
                        null,
                        events,
                        ticker);
        ticker.advance(later);
        watch = watch();
        watch.look();
        watch.look();
    }

    private FileWatch watch() {
        return new FileWatch(
                control,
                ticker,
                path -> {
                    read.add(path);
                    return Files.readAllBytes(path);
                });
    }

    @Test
    void leavesAFileAloneThatNobodyTouches() {
        int reads = source.reads();
        for (int i = 0; i < 5; i++) {
            watch.look();
        }
        assertThat(source.reads()).isEqualTo(reads);
        assertThat(events.tags()).containsExactly(EventTag.RUNNING);
    }

    @Test
    void readsAFileAgainThatMayHaveChangedWithoutLookingSo() {
        read.clear();
        for (int i = 0; i < 5; i++) {
            watch.look();
        }
        assertThat(read).hasSize(later.isZero() ? 5 : 0);
    }

    @Test
    void readsAnOldFileOnceMoreWhenItLooksAnother() throws IOException {
        write("two", TWO);
        read.clear();
        settle();
        watch.look();
        assertThat(read).hasSize(later.isZero() ? 3 : 1);
        assertThat(control.config()).isEqualTo(TWO);
    }

    @Test
    void reloadsAChangedFileOnceItHasSettled() throws IOException {
        write("two", TWO);
        watch.look();
        assertThat(control.config()).isEqualTo(ONE);
        watch.look();
        assertThat(control.config()).isEqualTo(TWO);
        watch.look();
        watch.look();
        assertThat(events.texts(EventTag.CONFMOD)).hasSize(1);
        assertThat(events.texts(EventTag.CONFMOD).getFirst()).contains("weir (file, weir.yaml)");
    }

    @Test
    void waitsWhileAFileIsStillBeingWritten() throws IOException {
        for (int i = 0; i < 5; i++) {
            write("two, part " + i, TWO);
            watch.look();
            assertThat(watch.isSettling()).isTrue();
        }
        assertThat(control.config()).isEqualTo(ONE);
        watch.look();
        assertThat(watch.isSettling()).isFalse();
        assertThat(control.config()).isEqualTo(TWO);
    }

    @Test
    void seesAFileThatIsReplacedByRenaming() throws IOException {
        Path other = Files.writeString(directory.resolve("weir.yaml.tmp"), "two");
        source.set(TWO);
        Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
        settle();
        assertThat(control.config()).isEqualTo(TWO);
    }

    @Test
    void seesASymbolicLinkThatIsSwitchedOver() throws IOException {
        Path first = Files.createDirectory(directory.resolve("v1"));
        Path second = Files.createDirectory(directory.resolve("v2"));
        Files.writeString(first.resolve("weir.yaml"), "one");
        Files.writeString(second.resolve("weir.yaml"), "two");
        Path link = Files.createSymbolicLink(directory.resolve("current"), first);
        source.watch(link.resolve("weir.yaml"));
        source.breakWith("so that the watched files are taken up");
        write("changed", null);
        settle();

        source.set(TWO);
        Files.createSymbolicLink(directory.resolve("next"), second);
        Files.move(directory.resolve("next"), link, StandardCopyOption.ATOMIC_MOVE);
        settle();
        settle();

        assertThat(control.config()).isEqualTo(TWO);
    }

    @Test
    void seesAFileThatAppearsBesideTheIncludedOnes() throws IOException {
        source.set(TWO);
        Files.writeString(included.resolve("more.yaml"), "");
        settle();
        assertThat(control.config()).isEqualTo(TWO);
    }

    @Test
    void missesNoChangeMadeBetweenTheStartAndTheFirstLook() throws IOException {
        write("two", TWO);
        FileWatch late = watch();
        late.look();
        late.look();
        assertThat(control.config()).isEqualTo(TWO);
    }

    @Test
    void reportsARefusedFileOnceAndTakesItUpWhenItIsMended() throws IOException {
        source.breakWith("typo");
        Files.writeString(file, "typo");
        for (int i = 0; i < 6; i++) {
            watch.look();
        }
        assertThat(control.config()).isEqualTo(ONE);
        assertThat(events.texts(EventTag.CONFREFUSED)).hasSize(1);

        write("two", TWO);
        settle();
        assertThat(control.config()).isEqualTo(TWO);
    }

    @Test
    void leavesAFileThatShrinksTooMuchToAnExplicitReload() throws Exception {
        write("two", TWO);
        settle();
        write("cut", Configs.web("a:80"));
        settle();
        assertThat(control.config()).isEqualTo(TWO);
        assertThat(events.texts(EventTag.CONFREFUSED))
                .singleElement()
                .asString()
                .contains("removes 2 of 3 nodes")
                .contains("--allow-shrink");

        control.reload(new ReloadRequest(true, false, null), Author.WEIR);
        assertThat(control.config()).isEqualTo(Configs.web("a:80"));
    }

    @Test
    void leavesAPipeAloneWhoseContentComesOnce() throws Exception {
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
        source.watch(pipe);
        source.set(TWO);
        control.reload(ReloadRequest.PLAIN, Author.WEIR);
        int reads = source.reads();
        settle();
        settle();
        assertThat(source.reads()).isEqualTo(reads);
    }

    @Test
    void waitsForAFileThatIsGoneForAMoment() throws IOException {
        Files.delete(file);
        watch.look();
        write("two", TWO);
        settle();
        assertThat(events.texts(EventTag.CONFREFUSED)).isEmpty();
        assertThat(control.config()).isEqualTo(TWO);
    }

    private void write(String content, @org.jspecify.annotations.Nullable WeirConfig config)
            throws IOException {
        if (config != null) {
            source.set(config);
        }
        Files.writeString(file, content);
    }

    private void settle() {
        watch.look();
        watch.look();
    }
}
