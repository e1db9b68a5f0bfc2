package io.weir.runtime;

import io.weir.config.Secret;
import io.weir.persist.ClusterKey;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;

/**
 * Where the cluster key comes from: the configuration, else a file in the state directory that the
 * first Weir to need it makes. Used while a configuration is put in force, by one thread.
 */
final class ClusterKeyFile {

    private static final String NAME = "cluster-key";
    private static final int OCTETS = 32;

    private final @Nullable Path state;
    private byte @Nullable [] own;

    /**
     * @param state the state directory; null for a key that lives as long as the process
     */
    ClusterKeyFile(@Nullable Path state) {
        this.state = state;
    }

    /**
     * The key.
     *
     * @throws IOException saying what is wrong with the file
     */
    ClusterKey key(@Nullable Secret configured) throws IOException {
        if (configured != null) {
            return ClusterKey.of(configured.reveal().getBytes(StandardCharsets.UTF_8));
        }
        byte[] known = own;
        if (known == null) {
            known = state == null ? random() : kept(state.resolve(NAME));
            own = known;
        }
        return ClusterKey.of(known);
    }

    private static byte[] kept(Path file) throws IOException {
        try {
            String text = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
            byte[] octets = HexFormat.of().parseHex(text);
            if (octets.length >= OCTETS) {
                return octets;
            }
        } catch (NoSuchFileException e) {
            return made(file);
        } catch (IllegalArgumentException e) {
            // Reported below, like a file that is too short.
        } catch (IOException e) {
            throw new IOException("cannot read the cluster key in " + file + ": " + e, e);
        }
        throw new IOException(
                "the file "
                        + file
                        + " does not hold a cluster key, which is "
                        + 2 * OCTETS
                        + " hexadecimal digits; put the right one back, or remove the file to have"
                        + " a new key made, which ends the sessions that cookies carry");
    }

    /** Writes a new key where only the owner can read it, as a whole or not at all. */
    private static byte[] made(Path file) throws IOException {
        byte[] octets = random();
        Path unfinished = file.resolveSibling(NAME + ".new");
        try {
            Files.deleteIfExists(unfinished);
            try (FileChannel out = FileChannel.open(unfinished, WRITE_NEW, ownerOnly(file))) {
                ByteBuffer text =
                        StandardCharsets.US_ASCII.encode(HexFormat.of().formatHex(octets) + "\n");
                while (text.hasRemaining()) {
                    out.write(text);
                }
                out.force(true);
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new IOException("cannot keep a cluster key in " + file + ": " + e, e);
        }
        return octets;
    }

    private static final Set<StandardOpenOption> WRITE_NEW =
            Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);

    private static FileAttribute<?>[] ownerOnly(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private static byte[] random() {
        byte[] octets = new byte[OCTETS];
        new SecureRandom().nextBytes(octets);
        return octets;
    }
}
