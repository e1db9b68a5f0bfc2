package io.weir.control.store;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;

/**
 * A small file that is loaded whole or not at all, with one previous generation beside it. Confined
 * to one thread at a time.
 *
 * <p>The file is a header line with kind, format, length and SHA-256, then the body. The expected
 * header is computed from the body and compared byte for byte, so no cut and no flipped bit is
 * taken for content. A save writes and syncs a temporary file, renames the present file to {@code
 * .1}, renames the temporary file into place and syncs the directory: at every moment a crash
 * leaves either the old or the new content to be found.
 */
final class CheckedFile {

    /** Far above anything kept here; a bound against reading a foreign file into memory. */
    static final int MAX_BYTES = 64 << 20;

    private static final int MAX_HEADER = 200;

    private final Path directory;
    private final Path file;
    private final Path previous;
    private final Path temporary;
    private final Path damaged;
    private final String kind;

    /**
     * @param directory where the content lives; it must exist when saving
     * @param name of the file
     * @param kind a word that keeps files of different kinds apart
     */
    CheckedFile(Path directory, String name, String kind) {
        this.directory = directory;
        this.file = directory.resolve(name);
        this.previous = directory.resolve(name + ".1");
        this.temporary = directory.resolve(name + ".new");
        this.damaged = directory.resolve(name + ".damaged");
        this.kind = kind;
    }

    /** What was found on disk. */
    sealed interface Content {
        /** The latest save. */
        record Current(byte[] body) implements Content {}

        /**
         * The save before the latest one, because the latest cannot be used.
         *
         * @param why one clause about the latest file
         */
        record Previous(byte[] body, String why) implements Content {}

        /** Nothing was ever saved. */
        record Absent() implements Content {}

        /**
         * Something was saved, and no generation of it can be used.
         *
         * @param why one clause about the latest file
         */
        record Lost(String why) implements Content {}
    }

    /** Loads the latest generation that is whole. Never throws for what is on disk. */
    Content load() {
        Generation latest = read(file);
        if (latest.body != null) {
            return new Content.Current(latest.body);
        }
        Generation before = read(previous);
        if (before.body != null) {
            return new Content.Previous(before.body, latest.fault);
        }
        return latest.missing && before.missing
                ? new Content.Absent()
                : new Content.Lost(latest.missing ? before.fault : latest.fault);
    }

    /**
     * Replaces the content. When this returns, the new content survives a power cut.
     *
     * @throws IOException when the disk refuses; the old content then stays
     */
    void save(byte[] body) throws IOException {
        if (body.length > MAX_BYTES - MAX_HEADER) {
            throw new IOException(
                    file + " would have " + body.length + " bytes, expected at most " + MAX_BYTES);
        }
        byte[] header = header(body);
        Files.deleteIfExists(temporary);
        try (FileChannel out =
                FileChannel.open(
                        temporary,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        ownerOnly(temporary))) {
            writeFully(out, header);
            writeFully(out, body);
            out.force(true);
        }
        Generation latest = read(file);
        if (latest.body != null) {
            rename(file, previous);
        } else if (!latest.missing) {
            // Never let a damaged file take the place of a whole previous generation.
            rename(file, damaged);
        }
        rename(temporary, file);
        syncDirectory(directory);
    }

    /** The file's bytes as {@link #save} writes them. */
    byte[] encode(byte[] body) {
        byte[] header = header(body);
        byte[] all = Arrays.copyOf(header, header.length + body.length);
        System.arraycopy(body, 0, all, header.length, body.length);
        return all;
    }

    private Generation read(Path path) {
        byte[] all;
        try {
            long size = Files.size(path);
            if (size > MAX_BYTES) {
                return Generation.faulty(path + " has " + size + " bytes, expected fewer");
            }
            all = Files.readAllBytes(path);
        } catch (NoSuchFileException e) {
            return new Generation(null, path + " is missing", true);
        } catch (IOException e) {
            return Generation.faulty(path + " cannot be read: " + e);
        }
        int end = 0;
        while (end < all.length && end < MAX_HEADER && all[end] != '\n') {
            end++;
        }
        if (end == all.length || end == MAX_HEADER) {
            return Generation.faulty(path + " is cut short or not a " + kind + " file");
        }
        byte[] body = Arrays.copyOfRange(all, end + 1, all.length);
        if (!Arrays.equals(header(body), Arrays.copyOf(all, end + 1))) {
            return Generation.faulty(
                    path + " is damaged: length or checksum differs from its header");
        }
        return new Generation(body, "", false);
    }

    private byte[] header(byte[] body) {
        String line = kind + " 1 " + body.length + " " + sha256(body) + "\n";
        return line.getBytes(StandardCharsets.US_ASCII);
    }

    /** The SHA-256 of {@code bytes} in lower-case hexadecimal. */
    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static void writeFully(FileChannel out, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            out.write(buffer);
        }
    }

    private static void rename(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void syncDirectory(Path directory) throws IOException {
        if (!isPosix(directory)) {
            return; // Windows neither needs nor allows opening a directory.
        }
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path path) {
        return isPosix(path)
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /**
     * One file as found.
     *
     * @param body null when the file is missing or not whole
     * @param fault why there is no body
     */
    private record Generation(byte @Nullable [] body, String fault, boolean missing) {
        static Generation faulty(String fault) {
            return new Generation(null, fault, false);
        }
    }
}
