package io.weir.control.store;

import io.weir.control.store.LinePages.Line;
import io.weir.control.store.LinePages.Source;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;

/**
 * Reads the files of {@link LinePages} from their end towards the oldest line, for people, who look
 * at the latest first. Cursors are the same. Pure functions that read the disk.
 */
public final class EarlierLines {

    /** The place behind the newest line. */
    public static final String NEWEST = "newest";

    /** What is read at once; a longer line is passed over. */
    private static final int WINDOW = 256 << 10;

    private EarlierLines() {}

    /**
     * Some lines, the oldest first.
     *
     * @param previous the cursor before the first of them; null when no line before it is wanted
     * @param lost whether what the cursor pointed to is not kept any more, nor anything before it
     */
    public record Page(List<Line> lines, @Nullable String previous, boolean lost) {
        public Page {
            lines = List.copyOf(lines);
        }
    }

    /**
     * The last lines before a cursor.
     *
     * @param file the newest of the files; nothing is found when there is none
     * @param before {@link #NEWEST}, or a cursor
     * @param max lines at most
     * @param wanted what is to be returned; other lines are passed over
     * @throws IOException when the disk refuses
     */
    public static Page before(Path file, String before, int max, Predicate<String> wanted)
            throws IOException {
        List<Source> sources = LinePages.open(file);
        try {
            int at = sources.size() - 1;
            long end = Long.MAX_VALUE;
            if (!before.equals(NEWEST)) {
                int dash = before.lastIndexOf('-');
                at = LinePages.find(sources, before.substring(0, Math.max(0, dash)));
                end = LinePages.offset(before.substring(dash + 1));
            }
            boolean lost = at < 0 && !sources.isEmpty();
            // One more than asked for tells whether there are more.
            Deque<Line> found = new ArrayDeque<>();
            for (; at >= 0 && found.size() <= max; at--) {
                read(sources.get(at), end, max + 1, wanted, found);
                end = Long.MAX_VALUE;
            }
            String previous = null;
            if (found.size() > max) {
                previous = found.removeFirst().cursor();
            }
            return new Page(List.copyOf(found), previous, lost);
        } finally {
            LinePages.close(sources);
        }
    }

    /** Puts lines of one file in front of {@code found}, until there are {@code most}. */
    private static void read(
            Source source, long end, int most, Predicate<String> wanted, Deque<Line> found)
            throws IOException {
        long stop = Math.min(end, source.channel().size());
        while (stop > 0 && found.size() < most) {
            long start = Math.max(0, stop - WINDOW);
            byte[] block = block(source, start, (int) (stop - start));
            int lineEnd = block.length - 1;
            while (lineEnd >= 0 && block[lineEnd] != '\n') {
                lineEnd--; // what follows the last end of a line is still being written
            }
            for (int i = lineEnd - 1; i >= -1 && found.size() < most; i--) {
                boolean begins = i >= 0 ? block[i] == '\n' : start == 0;
                if (begins) {
                    String text = new String(block, i + 1, lineEnd - i - 1, StandardCharsets.UTF_8);
                    if (wanted.test(text)) {
                        String cursor = source.token() + "-" + (start + lineEnd + 1);
                        found.addFirst(new Line(text, cursor));
                    }
                    lineEnd = i;
                }
            }
            long left = start + lineEnd + 1;
            stop = left < stop ? left : start;
        }
    }

    private static byte[] block(Source source, long start, int length) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(length);
        int read = 0;
        while (block.hasRemaining() && read >= 0) {
            read = source.channel().read(block, start + block.position());
        }
        return block.array();
    }
}
