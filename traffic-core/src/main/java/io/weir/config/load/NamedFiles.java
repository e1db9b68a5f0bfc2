package io.weir.config.load;

import org.jspecify.annotations.Nullable;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Finds the files that keys name, relative to the main file, and says which of them cannot be read.
 * Confined to one thread.
 */
final class NamedFiles {

    private final Path directory;
    private final boolean restoring;
    private final Problems problems;
    private final Set<Path> tlsFiles = new LinkedHashSet<>();

    /**
     * @param directory what file names in the document are relative to
     * @param restoring whether the document was sound once, and what is not vital may be missing
     */
    NamedFiles(Path directory, boolean restoring, Problems problems) {
        this.directory = directory;
        this.restoring = restoring;
        this.problems = problems;
    }

    /** Every file with certificates, keys and the like, whether or not it can be read. */
    Set<Path> tlsFiles() {
        return tlsFiles;
    }

    /** A file with certificates, keys or the like; null when {@code key} names none. */
    @Nullable Path tls(Section s, String key) {
        Path file = readable(s, key, ProblemCode.TLS_FILE);
        if (file != null) {
            tlsFiles.add(file);
        }
        return file;
    }

    /** A file that clients are sent as it is; null when the built-in page is to be sent. */
    @Nullable Path page(Section s, String key) {
        Path file = restoring ? path(s, key, ProblemCode.ERROR_FILE) : null;
        String reason = file == null ? null : whyNot(file);
        if (reason != null) {
            String path = s.path(key);
            problems.warning(
                    s.place(key),
                    path,
                    ProblemCode.ERROR_FILE,
                    path
                            + ": the built-in page is sent, since the file "
                            + s.shown(key)
                            + " cannot be read: "
                            + reason);
            return null;
        }
        return readable(s, key, ProblemCode.ERROR_FILE);
    }

    private @Nullable Path readable(Section s, String key, ProblemCode code) {
        Path file = path(s, key, code);
        String reason = file == null ? null : whyNot(file);
        if (reason != null) {
            unreadable(s, key, code, reason);
        }
        return file;
    }

    private void unreadable(Section s, String key, ProblemCode code, String reason) {
        String path = s.path(key);
        problems.error(
                s.place(key),
                path,
                code,
                path + ": the file " + s.shown(key) + " cannot be read: " + reason);
    }

    private static @Nullable String whyNot(Path file) {
        if (!Files.exists(file)) {
            return "there is no such file";
        }
        if (!Files.isRegularFile(file)) {
            return "it is not a file";
        }
        return Files.isReadable(file) ? null : "permission denied";
    }

    /** A file that need not be there yet; null when {@code key} names none. */
    @Nullable Path any(Section s, String key) {
        return path(s, key, ProblemCode.FILE_UNREADABLE);
    }

    private @Nullable Path path(Section s, String key, ProblemCode code) {
        String name = s.textOrNull(key);
        try {
            return name == null ? null : directory.resolve(name).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            unreadable(s, key, code, "it is not a path");
            return null;
        }
    }
}
