package io.weir.log;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** The directory of all logs, in which files are named by their path relative to it. */
public final class LogDirectory {

    private LogDirectory() {}

    /**
     * The path of a file relative to the log directory, without detours.
     *
     * @param what has this name, for the message, such as {@code event log "a.log"}
     * @throws IllegalArgumentException when {@code name} is no path, is absolute, or leads to
     *     nothing inside the log directory
     */
    public static Path relative(String what, String name) {
        Path path;
        try {
            path = Path.of(name).normalize();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(what + " is not a path: " + e.getReason(), e);
        }
        if (path.isAbsolute() || path.startsWith("..") || path.toString().isEmpty()) {
            throw new IllegalArgumentException(
                    what + ": expected the path of a file in the log directory, relative to it");
        }
        return path;
    }
}
