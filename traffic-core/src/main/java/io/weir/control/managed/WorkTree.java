package io.weir.control.managed;

import io.weir.control.Edit;
import io.weir.control.store.OwnerFiles;
import io.weir.control.store.Tree;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The directory in which the files of a revision lie for the loader and the data plane to read. It
 * is made anew from the kept revision at each start, so nothing in it has to survive anything.
 * Confined to one thread at a time.
 */
final class WorkTree {

    private final Path directory;
    private final SecretFiles secrets;
    private Tree present = Tree.EMPTY;

    WorkTree(Path directory, SecretFiles secrets) {
        this.directory = directory;
        this.secrets = secrets;
    }

    Path directory() {
        return directory;
    }

    /** Removes whatever an earlier process has left. */
    void clear() throws IOException {
        present = Tree.EMPTY;
        if (Files.isDirectory(directory)) {
            List<Path> all;
            try (Stream<Path> walk = Files.walk(directory)) {
                all = walk.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path each : all) {
                Files.delete(each);
            }
        }
        OwnerFiles.directory(directory);
    }

    /** Has the directory hold {@code next}; only what is different is touched. */
    void become(Tree next) throws IOException {
        Tree before = present;
        present = next; // Half-way is neither: the next call then starts from what was meant.
        for (String path : before.differences(next)) {
            Path file = directory.resolve(path);
            byte[] content = next.get(path);
            if (content == null) {
                Files.deleteIfExists(file);
            } else {
                OwnerFiles.directory(parent(file));
                byte[] resolved = secrets.resolve(content);
                if (path.startsWith(Edit.PROGRAMS)) {
                    OwnerFiles.writeProgram(file, resolved);
                } else {
                    OwnerFiles.write(file, resolved, false);
                }
            }
        }
    }

    private static Path parent(Path file) {
        return Objects.requireNonNull(file.getParent(), "the directory is not the root");
    }
}
