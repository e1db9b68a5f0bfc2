package io.weir.control.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;

class CheckedFileTest {

    private static final byte[] OLD = bytes("{\"drained\":[\"a:80\"]}");
    private static final byte[] NEW = bytes("{\"drained\":[\"a:80\",\"b:80\"]}");

    @TempDir Path directory;

    @Test
    void findsNothingWhereNothingWasSaved() {
        assertThat(file().load()).isEqualTo(new CheckedFile.Content.Absent());
    }

    @Test
    void findsTheLatestSave() throws IOException {
        file().save(OLD);
        file().save(NEW);
        assertThat(current(file().load())).isEqualTo(NEW);
    }

    @Test
    void keepsAnEmptyBodyApartFromNothing() throws IOException {
        file().save(new byte[0]);
        assertThat(current(file().load())).isEmpty();
    }

    @Test
    void isReadableByItsOwnerOnly() throws IOException {
        file().save(OLD);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
                .isEqualTo("rw-------");
    }

    @Test
    void givesTheSaveBeforeWhenTheLatestIsCutAtAnyByte() throws IOException {
        byte[] whole = file().encode(NEW);
        for (int length = 0; length < whole.length; length++) {
            file().save(OLD);
            file().save(NEW);
            Files.write(path(), Arrays.copyOf(whole, length));
            assertThat(previous(file().load())).as("cut at byte %d", length).isEqualTo(OLD);
        }
    }

    @Test
    void givesTheSaveBeforeWhenAnyBitOfTheLatestIsFlipped() throws IOException {
        file().save(OLD);
        file().save(NEW);
        byte[] whole = Files.readAllBytes(path());
        for (int bit = 0; bit < whole.length * 8; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            Files.write(path(), flipped);
            assertThat(previous(file().load())).as("bit %d flipped", bit).isEqualTo(OLD);
        }
    }

    @Test
    void saysThatItIsLostWhenTheOnlySaveIsCutAtAnyByte() throws IOException {
        byte[] whole = file().encode(NEW);
        for (int length = 0; length < whole.length; length++) {
            Files.write(path(), Arrays.copyOf(whole, length));
            assertThat(file().load())
                    .as("cut at byte %d", length)
                    .isInstanceOf(CheckedFile.Content.Lost.class);
        }
    }

    @Test
    void refusesBytesAfterTheEnd() throws IOException {
        file().save(OLD);
        byte[] whole = Files.readAllBytes(path());
        Files.write(path(), Arrays.copyOf(whole, whole.length + 1));
        assertThat(file().load()).isInstanceOf(CheckedFile.Content.Lost.class);
    }

    @Test
    void refusesAFileOfAnotherKind() throws IOException {
        new CheckedFile(directory, "overlay", "weir-something").save(OLD);
        assertThat(file().load()).isInstanceOf(CheckedFile.Content.Lost.class);
    }

    /** Every state of the directory that a power cut can leave between two system calls. */
    @Test
    void findsTheOldOrTheNewContentAfterAPowerCutAtAnyPointOfASave() throws IOException {
        Path temporary = directory.resolve("overlay.new");
        byte[] whole = file().encode(NEW);

        for (int length = 0; length <= whole.length; length++) {
            startOver();
            Files.write(temporary, Arrays.copyOf(whole, length));
            assertThat(current(file().load())).isEqualTo(OLD);
            file().save(NEW); // and the next start saves over what the cut left
            assertThat(current(file().load())).isEqualTo(NEW);
        }

        startOver();
        Files.write(temporary, whole);
        Files.move(path(), directory.resolve("overlay.1"), StandardCopyOption.REPLACE_EXISTING);
        assertThat(previous(file().load())).isEqualTo(OLD);

        Files.move(temporary, path());
        assertThat(current(file().load())).isEqualTo(NEW);
    }

    @Test
    void neverReplacesAWholePreviousSaveByADamagedOne() throws IOException {
        file().save(OLD);
        file().save(NEW);
        Files.write(path(), bytes("rubbish"));
        file().save(bytes("third"));
        Files.write(path(), bytes("rubbish again"));

        assertThat(previous(file().load())).isEqualTo(OLD);
        assertThat(directory.resolve("overlay.damaged")).exists();
    }

    private void startOver() throws IOException {
        for (String name : new String[] {"overlay", "overlay.1", "overlay.new"}) {
            Files.deleteIfExists(directory.resolve(name));
        }
        file().save(bytes("older"));
        file().save(OLD);
    }

    private Path path() {
        return directory.resolve("overlay");
    }

    private CheckedFile file() {
        return new CheckedFile(directory, "overlay", "weir-overlay");
    }

    private static byte[] current(CheckedFile.Content content) {
        assertThat(content).isInstanceOf(CheckedFile.Content.Current.class);
        return ((CheckedFile.Content.Current) content).body();
    }

    private static byte[] previous(CheckedFile.Content content) {
        assertThat(content).isInstanceOf(CheckedFile.Content.Previous.class);
        return ((CheckedFile.Content.Previous) content).body();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
