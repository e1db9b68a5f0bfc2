package io.weir.log;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;

/**
 * Texts of times, kept for a few seconds so that a second is formatted once and not once per line.
 * Safe for every thread without locks: a thread that misses another's entry makes its own.
 */
final class SecondText {

    /** Seconds kept; starts of exchanges that end at the same time differ by a few seconds. */
    private static final int KEPT = 16;

    private final Strftime format;
    private final ZoneId zone;
    private final @Nullable Entry[] entries = new @Nullable Entry[KEPT];

    SecondText(Strftime format, ZoneId zone) {
        this.format = format;
        this.zone = zone;
    }

    byte[] at(long epochMillis) {
        long second = Math.floorDiv(epochMillis, 1000L);
        int slot = (int) (second & (KEPT - 1));
        // A race is harmless: fields of the entry are final, so any reference seen is whole.
        Entry entry = entries[slot];
        if (entry == null || entry.second != second) {
            String text = format.format(Instant.ofEpochSecond(second).atZone(zone));
            entry = new Entry(second, text.getBytes(StandardCharsets.UTF_8));
            entries[slot] = entry;
        }
        return entry.text;
    }

    private static final class Entry {
        final long second;
        final byte[] text;

        Entry(long second, byte[] text) {
            this.second = second;
            this.text = text;
        }
    }
}
