package io.weir.control.store;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Predicate;

/**
 * Reads files of lines that are only ever added to and put aside when they are full ({@code name},
 * {@code name.1}, …) page by page, each line once and in order, while others write them.
 *
 * <p>A cursor says which file, and how many bytes of it have been read. A file is known by its
 * first line, because its name changes: so cursors hold over restarts of reader and writer. Pure
 * functions that read the disk.
 */
public final class LinePages {

    /** The cursor before the oldest line. */
    public static final String OLDEST = "oldest";

    private static final int MAX_FILES = 100;
    private static final int BLOCK = 64 << 10;

    /** Files that are put aside ever again while they are opened are read as they were met. */
    private static final int MAX_TRIES = 1000;

    /** Of a longer line, the beginning is read. */
    private static final int MAX_LINE = 1 << 20;

    private LinePages() {}

    /**
     * A line.
     *
     * @param text without its end
     * @param cursor behind it
     */
    public record Line(String text, String cursor) {}

    /**
     * Some lines, the oldest first.
     *
     * @param next the cursor to go on from
     * @param more whether there are more lines already
     * @param lost whether what the cursor pointed to is not kept any more, so that lines are missed
     */
    public record Page(List<Line> lines, String next, boolean more, boolean lost) {
        public Page {
            lines = List.copyOf(lines);
        }
    }

    /** One file, opened. */
    record Source(FileChannel channel, String token) {}

    /**
     * The lines behind a cursor.
     *
     * @param file the newest of the files; nothing is found when there is none
     * @param after {@link #OLDEST}, or what an earlier page gave
     * @param max lines at most
     * @param wanted what is to be returned; other lines are passed over
     * @throws IOException when the disk refuses
     */
    public static Page read(Path file, String after, int max, Predicate<String> wanted)
            throws IOException {
        List<Source> sources = open(file);
        try {
            Reading reading = new Reading(max, wanted, after);
            int first = 0;
            long offset = 0;
            if (!after.equals(OLDEST)) {
                int dash = after.lastIndexOf('-');
                first = find(sources, after.substring(0, Math.max(0, dash)));
                offset = first < 0 ? 0 : offset(after.substring(dash + 1));
                reading.lost = first < 0;
            }
            for (int i = Math.max(0, first); i < sources.size() && !reading.full(); i++) {
                reading.read(sources.get(i), i == first ? offset : 0);
            }
            return new Page(reading.lines, reading.next, reading.more, reading.lost);
        } finally {
            close(sources);
        }
    }

    /** The cursor behind the newest line. */
    public static String newest(Path file) throws IOException {
        List<Source> sources = open(file);
        try {
            Reading reading = new Reading(Integer.MAX_VALUE, line -> false, OLDEST);
            if (!sources.isEmpty()) {
                reading.read(sources.getLast(), 0);
            }
            return reading.next;
        } finally {
            close(sources);
        }
    }

    /** Whether {@code text} has the form of a cursor. */
    public static boolean isCursor(String text) {
        return text.equals(OLDEST) || text.matches("[0-9a-f]{16}-[0-9]{1,15}");
    }

    static long offset(String text) {
        return text.matches("[0-9]{1,15}") ? Long.parseLong(text) : 0;
    }

    static int find(List<Source> sources, String token) {
        for (int i = 0; i < sources.size(); i++) {
            if (sources.get(i).token.equals(token)) {
                return i;
            }
        }
        return -1;
    }

    /**
     * The files that there are, the oldest first: all of one moment, because files that are put
     * aside between two looks would be missed, or come out of order.
     */
    static List<Source> open(Path file) throws IOException {
        List<@Nullable Object> before = keys(file);
        for (int tries = 0; ; tries++) {
            List<Source> found = openEach(file);
            List<@Nullable Object> after = keys(file);
            if (after.equals(before) || tries == MAX_TRIES) {
                return found;
            }
            before = after;
            close(found);
        }
    }

    private static List<Source> openEach(Path file) throws IOException {
        List<Source> found = new ArrayList<>();
        try {
            int gaps = 0;
            for (int i = 0; i < MAX_FILES && gaps < 2; i++) {
                FileChannel channel;
                try {
                    channel = FileChannel.open(name(file, i), StandardOpenOption.READ);
                } catch (NoSuchFileException e) {
                    gaps++; // one name has no file while they are put aside
                    continue;
                }
                gaps = 0;
                String token = token(channel);
                if (token == null || find(found, token) >= 0) {
                    channel.close();
                } else {
                    found.add(new Source(channel, token));
                }
            }
            return found.reversed();
        } catch (IOException e) {
            close(found);
            throw e;
        }
    }

    /** Which file each name is now, the newest first; null for none. */
    private static List<@Nullable Object> keys(Path file) throws IOException {
        List<@Nullable Object> keys = new ArrayList<>();
        int gaps = 0;
        for (int i = 0; i < MAX_FILES && gaps < 2; i++) {
            @Nullable Object key = null;
            try {
                key = Files.readAttributes(name(file, i), BasicFileAttributes.class).fileKey();
                gaps = 0;
            } catch (NoSuchFileException e) {
                gaps++;
            }
            keys.add(key);
        }
        return keys;
    }

    private static Path name(Path file, int number) {
        return number == 0 ? file : file.resolveSibling(file.getFileName() + "." + number);
    }

    static void close(List<Source> sources) throws IOException {
        for (Source source : sources) {
            source.channel.close();
        }
    }

    /** What a file is known by; null while it has no line. */
    private static @Nullable String token(FileChannel channel) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        MessageDigest digest = sha256();
        for (long at = 0; at < MAX_LINE; ) {
            int read = channel.read(block.clear(), at);
            if (read <= 0) {
                return null;
            }
            block.flip();
            while (block.hasRemaining()) {
                byte b = block.get();
                if (b == '\n') {
                    return HexFormat.of().formatHex(digest.digest(), 0, 8);
                }
                digest.update(b);
            }
            at += read;
        }
        return null;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Collects lines. Confined to one call. */
    private static final class Reading {
        final int max;
        final Predicate<String> wanted;
        final List<Line> lines = new ArrayList<>();
        String next;
        boolean more;
        boolean lost;

        Reading(int max, Predicate<String> wanted, String after) {
            this.max = max;
            this.wanted = wanted;
            this.next = after;
        }

        boolean full() {
            return more;
        }

        void read(Source source, long from) throws IOException {
            ByteBuffer block = ByteBuffer.allocate(BLOCK);
            ByteArrayOutputStream line = new ByteArrayOutputStream(256);
            long at = from;
            while (source.channel.read(block.clear(), at) > 0) {
                block.flip();
                at += block.limit();
                while (block.hasRemaining()) {
                    byte b = block.get();
                    if (b != '\n') {
                        if (line.size() < MAX_LINE) {
                            line.write(b);
                        }
                        continue;
                    }
                    String text = line.toString(StandardCharsets.UTF_8);
                    line.reset();
                    boolean taken = wanted.test(text);
                    if (taken && lines.size() == max) {
                        more = true;
                        return;
                    }
                    next = source.token + "-" + (at - block.remaining());
                    if (taken) {
                        lines.add(new Line(text, next));
                    }
                }
            }
        }
    }
}
