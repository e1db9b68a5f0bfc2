package io.weir.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The file handles of the process, as the kernel's files under {@code /proc} tell. Stateless. */
final class FileHandles {

    /** Taken where the system does not tell a limit. */
    private static final long ASSUMED_MAX = 65_536;

    private FileHandles() {}

    /** How many the process may open. */
    static long max() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/limits"))) {
            return lines.filter(l -> l.startsWith("Max open files"))
                    .map(l -> l.substring("Max open files".length()).strip().split("\\s+", 2)[0])
                    .mapToLong(l -> l.equals("unlimited") ? Integer.MAX_VALUE : Long.parseLong(l))
                    .findFirst()
                    .orElse(ASSUMED_MAX);
        } catch (IOException | NumberFormatException e) {
            return ASSUMED_MAX;
        }
    }

    /** How many are open now; -1 where the system does not tell. */
    static long open() {
        try (Stream<Path> handles = Files.list(Path.of("/proc/self/fd"))) {
            return handles.count();
        } catch (IOException e) {
            return -1;
        }
    }
}
