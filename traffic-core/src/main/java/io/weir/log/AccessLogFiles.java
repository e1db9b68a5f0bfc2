package io.weir.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files that access logs have left in the log directory. May wait for the disk. */
public final class AccessLogFiles {

    private static final int MAX_DEPTH = 8;
    private static final Pattern MACRO = Pattern.compile("%v|%%|%\\{[^}]*}t");

    private AccessLogFiles() {}

    /**
     * A file.
     *
     * @param changed when it was last written
     */
    public record LogFile(Path path, Instant changed, long bytes) {}

    /**
     * The files that a virtual server's log has been or may have been written to, by path.
     *
     * @param directory the log directory
     * @param file as in {@link AccessLogs#open}
     */
    public static List<LogFile> of(Path directory, String virtualServer, String file)
            throws IOException {
        Path root = directory.toAbsolutePath().normalize();
        Pattern names = names(virtualServer, file);
        List<LogFile> found = new ArrayList<>();
        if (!Files.isDirectory(root)) {
            return found;
        }
        try (Stream<Path> all = Files.walk(root, MAX_DEPTH)) {
            for (Path path : all.sorted().toList()) {
                if (names.matcher(root.relativize(path).toString()).matches()) {
                    add(found, path);
                }
            }
        }
        return found;
    }

    private static void add(List<LogFile> found, Path path) throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            if (attributes.isRegularFile()) {
                found.add(
                        new LogFile(
                                path,
                                attributes.lastModifiedTime().toInstant(),
                                attributes.size()));
            }
        } catch (NoSuchFileException e) {
            // It went while the directory was read.
        }
    }

    private static Pattern names(String virtualServer, String file) {
        StringBuilder pattern = new StringBuilder();
        var macros = MACRO.matcher(file);
        int from = 0;
        while (macros.find()) {
            pattern.append(Pattern.quote(file.substring(from, macros.start())));
            pattern.append(
                    switch (macros.group()) {
                        case "%v" -> Pattern.quote(LogFileName.fileName(virtualServer));
                        case "%%" -> "%";
                        default -> "[^/]+";
                    });
            from = macros.end();
        }
        pattern.append(Pattern.quote(file.substring(from)));
        return Pattern.compile(pattern.toString());
    }
}
