package io.weir.control.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The claim of this process on a directory, held until closed or until the process ends, however it
 * ends. Confined to one thread at a time.
 */
public final class DirectoryLock implements AutoCloseable {

    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Claims {@code directory}, which must exist.
     *
     * @throws BusyException when a living process holds it
     * @throws IOException when the directory cannot be written
     */
    public static DirectoryLock claim(Path directory) throws IOException {
        Path file = directory.resolve("weir.lock");
        FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw new BusyException(directory, String.valueOf(ProcessHandle.current().pid()));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        if (lock == null) {
            channel.close();
            throw new BusyException(directory, holder(file));
        }
        channel.truncate(0);
        channel.write(
                ByteBuffer.wrap(
                        (ProcessHandle.current().pid() + "\n")
                                .getBytes(StandardCharsets.US_ASCII)));
        return new DirectoryLock(channel);
    }

    /** Gives the directory back; closing twice is harmless. */
    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static String holder(Path file) {
        try {
            String pid = Files.readString(file, StandardCharsets.US_ASCII).strip();
            return pid.isEmpty() || pid.length() > 20 ? "unknown" : pid;
        } catch (IOException e) {
            return "unknown";
        }
    }

    /** A living process holds the directory. */
    public static final class BusyException extends IOException {
        private final Path directory;
        private final String pid;

        BusyException(Path directory, String pid) {
            super("another Weir (process " + pid + ") uses " + directory);
            this.directory = directory;
            this.pid = pid;
        }

        /** The directory that was asked for. */
        public Path directory() {
            return directory;
        }

        /** The process that holds it, or {@code unknown}. */
        public String pid() {
            return pid;
        }
    }
}
