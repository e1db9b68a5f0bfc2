package io.weir.config.load;

import io.weir.config.ResourceFile;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Reads the files of the directory {@code resources} beside the configuration, for rules. Names
 * that begin with a dot are left out, and so is what a link would fetch from elsewhere.
 */
final class ResourceBinder {

    /** The directory. */
    static final String DIRECTORY = "resources";

    /** Bytes of all files together. */
    static final long MAX_TOTAL = 64 << 20;

    /** Files in the directory and those below it. */
    static final int MAX_FILES = 1000;

    private static final int MAX_DEPTH = 4;

    private final Place main;
    private final Path directory;
    private final Sources sources;
    private final Problems problems;
    private final Map<String, ResourceFile> found = new LinkedHashMap<>();
    private long total;

    /**
     * @param main file of the configuration
     * @param directory that of the configuration
     */
    ResourceBinder(Path main, Path directory, Sources sources, Problems problems) {
        this.main = Place.whole(main);
        this.directory = directory.resolve(DIRECTORY);
        this.sources = sources;
        this.problems = problems;
    }

    /** All files, by name; read now. */
    Map<String, ResourceFile> read() {
        if (Files.isDirectory(directory)) {
            try {
                read(directory.toRealPath(), directory, "", 1);
            } catch (IOException e) {
                refused(directory, SourceFiles.reason(e));
            }
        }
        return found;
    }

    private void read(Path root, Path here, String prefix, int depth) throws IOException {
        sources.alsoWatch(here);
        Map<String, Path> entries = new TreeMap<>();
        try (Stream<Path> list = Files.list(here)) {
            list.forEach(path -> entries.put(String.valueOf(path.getFileName()), path));
        }
        for (Map.Entry<String, Path> entry : entries.entrySet()) {
            String name = prefix + entry.getKey();
            Path path = entry.getValue();
            if (entry.getKey().startsWith(".")) {
                continue;
            }
            if (!Files.exists(path) || !path.toRealPath().startsWith(root)) {
                refused(path, "it is a link to a place outside of " + DIRECTORY);
            } else if (Files.isDirectory(path)) {
                if (depth < MAX_DEPTH) {
                    read(root, path, name + "/", depth + 1);
                } else {
                    refused(path, "directories may be " + MAX_DEPTH + " deep");
                }
            } else if (!take(name, path)) {
                return;
            }
        }
    }

    /** Whether there is room for more. */
    private boolean take(String name, Path path) throws IOException {
        byte[] bytes = sources.resource(path);
        total += bytes.length;
        if (total > MAX_TOTAL || found.size() == MAX_FILES) {
            refused(
                    path,
                    "the files up to here are more than "
                            + MAX_FILES
                            + ", or have more than "
                            + MAX_TOTAL
                            + " bytes");
            return false;
        }
        Instant modified = Files.getLastModifiedTime(path).toInstant();
        String content = new String(bytes, StandardCharsets.ISO_8859_1);
        found.put(name, new ResourceFile(name, content, modified));
        return true;
    }

    private void refused(Path path, String reason) {
        problems.error(
                main,
                "",
                ProblemCode.RESOURCE_FILE,
                "the resource "
                        + directory.resolveSibling(".").normalize().relativize(path.normalize())
                        + " cannot be read: "
                        + reason);
    }
}
