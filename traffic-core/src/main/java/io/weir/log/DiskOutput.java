package io.weir.log;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;

/** A file on disk. New files can be read by their owner and group only. */
final class DiskOutput implements LogOutput {

    private static final Set<OpenOption> APPEND =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND);

    private final Path path;
    private final FileChannel channel;
    private final @Nullable Object key;

    private DiskOutput(Path path, FileChannel channel) throws IOException {
        this.path = path;
        this.channel = channel;
        this.key = keyOf(path);
    }

    static LogOutput open(Path path) throws IOException {
        Path directory = path.getParent();
        if (directory != null && !Files.isDirectory(directory)) {
            Files.createDirectories(directory);
        }
        boolean torn = isTorn(path);
        FileChannel channel = FileChannel.open(path, APPEND, permissions(path));
        try {
            DiskOutput output = new DiskOutput(path, channel);
            if (torn) {
                output.write(ByteBuffer.wrap(new byte[] {'\n'}));
            }
            return output;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Whether the file ends within a line, as a killed process or a full disk leaves it. */
    private static boolean isTorn(Path path) {
        if (!Files.isRegularFile(path)) {
            return false;
        }
        try (FileChannel in = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            return in.size() > 0 && in.read(last, in.size() - 1) == 1 && last.get(0) != '\n';
        } catch (IOException e) {
            // It may be writable and yet not readable.
            return false;
        }
    }

    private static FileAttribute<?>[] permissions(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-r-----"))
                }
                : new FileAttribute<?>[0];
    }

    private static @Nullable Object keyOf(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        channel.write(bytes);
    }

    @Override
    public boolean isGone() {
        try {
            return !Objects.equals(key, keyOf(path));
        } catch (IOException e) {
            return true;
        }
    }

    @Override
    public void cut(int bytes) throws IOException {
        channel.truncate(channel.size() - bytes);
    }

    @Override
    public long size() throws IOException {
        return channel.size();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
