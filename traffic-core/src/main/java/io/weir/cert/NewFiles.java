package io.weir.cert;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * New files of one directory that belong together: when one cannot be written, none is left. Keys
 * are never readable by others, not even while they are written.
 */
public final class NewFiles {

    private final Path directory;
    private final boolean replace;
    private final List<NewFile> files = new ArrayList<>();

    /**
     * @param directory made when it is not there
     * @param replace whether files that are there may be replaced
     */
    public NewFiles(Path directory, boolean replace) {
        this.directory = directory;
        this.replace = replace;
    }

    private record NewFile(Path path, String text, String mode) {
        @Override
        public String toString() {
            return path.toString();
        }
    }

    /** Adds a file that everybody may read. */
    public Path add(String name, String text) {
        return add(name, text, "rw-r--r--");
    }

    /** Adds a file that only its owner may read. */
    public Path addSecret(String name, String text) {
        return add(name, text, "rw-------");
    }

    private Path add(String name, String text, String mode) {
        Path path = directory.resolve(name);
        files.add(new NewFile(path, text, mode));
        return path;
    }

    /**
     * Writes the files.
     *
     * @throws FileAlreadyExistsException when one is there that may not be replaced
     */
    public void write() throws IOException {
        Files.createDirectories(directory);
        for (NewFile each : files) {
            if (!replace && Files.exists(each.path, LinkOption.NOFOLLOW_LINKS)) {
                throw new FileAlreadyExistsException(each.path.toString());
            }
        }
        List<Path> begun = new ArrayList<>();
        try {
            for (NewFile each : files) {
                Path path =
                        replace
                                ? each.path.resolveSibling(each.path.getFileName() + ".new")
                                : each.path;
                if (replace) {
                    Files.deleteIfExists(path);
                }
                write(path, each, begun);
            }
            if (replace) {
                for (int i = 0; i < files.size(); i++) {
                    Files.move(begun.get(i), files.get(i).path, StandardCopyOption.ATOMIC_MOVE);
                }
            }
        } catch (IOException e) {
            for (Path each : begun) {
                Files.deleteIfExists(each);
            }
            throw e;
        }
    }

    private static void write(Path path, NewFile file, List<Path> begun) throws IOException {
        FileAttribute<?> mode =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(file.mode));
        try (FileChannel out =
                FileChannel.open(
                        path,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        mode)) {
            begun.add(path);
            ByteBuffer bytes = ByteBuffer.wrap(file.text.getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
    }
}
