package io.weir.control.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files and directories that only the user of this process may read or write. */
public final class OwnerFiles {

    private OwnerFiles() {}

    /** Makes a directory and those above it, where they are missing. */
    public static void directory(Path directory) throws IOException {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectories(directory, mode(directory, "rwx------"));
        }
    }

    /** Makes an empty file where none is. */
    public static void create(Path file) throws IOException {
        if (!Files.exists(file)) {
            Files.createFile(file, mode(file, "rw-------"));
        }
    }

    /**
     * Replaces a file as a whole; whoever opens it sees the old or the new content.
     *
     * @param sync whether the content is to survive a power cut
     */
    public static void write(Path file, byte[] content, boolean sync) throws IOException {
        write(file, content, sync, "rw-------");
    }

    /** Replaces a file as a whole by one that can be run. */
    public static void writeProgram(Path file, byte[] content) throws IOException {
        write(file, content, false, "rwx------");
    }

    private static void write(Path file, byte[] content, boolean sync, String permissions)
            throws IOException {
        Path temporary = file.resolveSibling("." + file.getFileName() + ".new");
        Files.deleteIfExists(temporary);
        try (FileChannel out =
                FileChannel.open(
                        temporary,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        mode(file, permissions))) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                out.write(buffer);
            }
            if (sync) {
                out.force(true);
            }
        }
        Files.move(
                temporary,
                file,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        if (sync) {
            Path parent = file.toAbsolutePath().getParent();
            if (parent != null) {
                sync(parent);
            }
        }
    }

    /** Has the names in a directory survive a power cut. */
    static void sync(Path directory) throws IOException {
        if (posix(directory)) { // Windows neither needs nor allows opening a directory.
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static FileAttribute<?>[] mode(Path path, String permissions) {
        return posix(path)
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private static boolean posix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
