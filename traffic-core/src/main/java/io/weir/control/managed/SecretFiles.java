package io.weir.control.managed;

import io.weir.control.store.OwnerFiles;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * Secrets, each in a file of its own that only this process's user can read and that never changes.
 * Their names are chosen at random, so that nothing about a secret can be learned from a reference
 * to it. Confined to one thread at a time.
 */
final class SecretFiles {

    private static final int MAX_LABEL = 60;
    private static final String POINTER = "weir-secret ";

    private final Path directory;
    private final RandomGenerator random;

    SecretFiles(Path directory, RandomGenerator random) {
        this.directory = directory;
        this.random = random;
    }

    Path directory() {
        return directory;
    }

    /**
     * Keeps a secret. When this returns, it survives a power cut.
     *
     * @param label becomes part of the name, for people
     * @return its name
     */
    String add(String label, byte[] content) throws IOException {
        String name = String.format(Locale.ROOT, "%s-%016x", start(label), random.nextLong());
        OwnerFiles.directory(directory);
        OwnerFiles.write(directory.resolve(name), content, true);
        return name;
    }

    private static String start(String label) {
        String readable = label.replaceAll("[^A-Za-z0-9_-]", "-");
        return readable.substring(0, Math.min(readable.length(), MAX_LABEL));
    }

    /** Whether a secret of this name was added under {@code label}. */
    boolean isFor(String label, String name) {
        return name.matches(Pattern.quote(start(label)) + "-[0-9a-f]{16}")
                && Files.exists(directory.resolve(name));
    }

    void delete(String name) throws IOException {
        Files.deleteIfExists(directory.resolve(name));
    }

    /** What stands in a revision in place of a secret file. */
    static byte[] pointer(String name) {
        return (POINTER + name + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** The name in a pointer; null when the content is none. */
    static @Nullable String pointed(byte[] content) {
        if (content.length > 200) {
            return null;
        }
        String text = new String(content, StandardCharsets.ISO_8859_1);
        return text.matches(POINTER + "[A-Za-z0-9_-]+\n")
                ? text.substring(POINTER.length(), text.length() - 1)
                : null;
    }

    /** The content that belongs at a place: the secret when there is a pointer to one. */
    byte[] resolve(byte[] content) throws IOException {
        String name = pointed(content);
        if (name == null) {
            return content;
        }
        try {
            return Files.readAllBytes(directory.resolve(name));
        } catch (NoSuchFileException e) {
            throw new IOException("the secret " + name + " is missing in " + directory, e);
        }
    }
}
