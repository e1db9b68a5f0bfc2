package io.weir.config;

import org.jspecify.annotations.Nullable;

/**
 * The figures of the last 90 days.
 *
 * @param size bytes of all files together; it says how many series there can be
 * @param directory where the files are; null for {@code history} in the state directory
 */
public record HistoryConfig(boolean enabled, long size, @Nullable String directory) {

    /** What is kept unless the configuration says otherwise. */
    public static final HistoryConfig STANDARD = new HistoryConfig(true, 64 << 20, null);
}
