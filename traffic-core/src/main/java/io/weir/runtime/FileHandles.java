package io.weir.runtime;

import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The file handles of the process, as the kernel's files under {@code /proc} tell. They are counted
 * at most once a second, because that takes the longer the more there are. Safe for every thread.
 */
final class FileHandles {

    /** Taken where the system does not tell a limit. */
    private static final long ASSUMED_MAX = 65_536;

    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Ticker ticker;
    private volatile @Nullable Count latest;

    /**
     * What was counted.
     *
     * @param open how many are open; -1 where the system does not tell
     * @param max how many the process may open
     * @param nanos when that was
     */
    record Count(long open, long max, long nanos) {}

    FileHandles(Ticker ticker) {
        this.ticker = ticker;
    }

    /** How many there are, as of a second ago at most. */
    Count count() {
        Count known = latest;
        long now = ticker.nanos();
        if (known == null || now - known.nanos() >= FRESH_NANOS) {
            known = new Count(open(), max(), now);
            latest = known;
        }
        return known;
    }

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

    private static long open() {
        try (Stream<Path> handles = Files.list(Path.of("/proc/self/fd"))) {
            return handles.count();
        } catch (IOException e) {
            return -1;
        }
    }
}
