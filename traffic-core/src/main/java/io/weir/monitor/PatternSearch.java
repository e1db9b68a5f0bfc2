package io.weir.monitor;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/**
 * A search for a pattern in bytes, read as Latin-1, while they come. Confined to one run of a
 * check.
 */
final class PatternSearch {

    // When to look: looking after every byte would cost the square of what a dribbling node sends.
    // So it is done whenever the text has doubled, and when the node pauses; after each pause that
    // brought nothing the next one must be twice as long. A match that reaches up to the last byte
    // is not believed while more may come at once, because "$" matches there.

    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration ALWAYS = Duration.ofDays(1);

    /** Where bytes come from. */
    interface Source {

        /**
         * Reads what is there, or waits for it.
         *
         * @return how many bytes came; 0 when none came within {@code wait}; -1 at the end
         */
        int read(byte[] into, int offset, int length, Duration wait)
                throws CheckFailed, InterruptedException;

        /** Whether a pause cannot be the end, because the end is announced. */
        boolean announcesItsEnd();
    }

    /** Why a search ended. */
    enum End {
        /** Early: the pattern was found before the last byte. */
        FOUND,
        /** The source ended. */
        SOURCE,
        /** As many bytes came as are looked at. */
        LIMIT,
        /** The time was up. */
        TIME
    }

    /**
     * How a search ended.
     *
     * @param text all that was read
     */
    record Outcome(boolean found, End end, String text) {}

    private final Pattern pattern;
    private final Source source;
    private final int limit;
    private byte[] bytes = new byte[512];
    private int length;

    private PatternSearch(Pattern pattern, Source source, int limit) {
        this.pattern = pattern;
        this.source = source;
        this.limit = limit;
    }

    /**
     * Compiles a pattern.
     *
     * @throws IllegalArgumentException naming {@code key} when {@code regex} is not one
     */
    static Pattern compile(String key, String regex) {
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    key
                            + " "
                            + Words.quote(regex)
                            + " is not a regular expression: "
                            + e.getDescription(),
                    e);
        }
    }

    /** Searches the first {@code limit} bytes of {@code source} until {@code deadline}. */
    static Outcome run(Pattern pattern, Source source, int limit, Deadline deadline)
            throws CheckFailed, InterruptedException {
        return new PatternSearch(pattern, source, limit).run(deadline);
    }

    private Outcome run(Deadline deadline) throws CheckFailed, InterruptedException {
        int looked = 0;
        boolean unsettled = false;
        Duration pause = FIRST_PAUSE;
        while (true) {
            int count = read(deadline.atMost(unsettled ? pause : ALWAYS));
            if (count < 0) {
                return last(End.SOURCE);
            }
            if (length == limit) {
                return last(End.LIMIT);
            }
            if (deadline.passed()) {
                return last(End.TIME);
            }
            boolean paused = count == 0;
            if (paused ? unsettled : length >= 2 * looked) {
                looked = length;
                String text = text();
                Matcher matcher = pattern.matcher(text);
                boolean mayBeAll = paused && !source.announcesItsEnd();
                if (matcher.find() && (mayBeAll || matcher.end() < length)) {
                    return new Outcome(true, End.FOUND, text);
                }
            }
            if (paused && unsettled) {
                pause = pause.multipliedBy(2);
            }
            unsettled = !paused;
        }
    }

    private int read(Duration wait) throws CheckFailed, InterruptedException {
        if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.min(limit, 2 * length));
        }
        int count = source.read(bytes, length, Math.min(limit, bytes.length) - length, wait);
        length += Math.max(count, 0);
        return count;
    }

    private Outcome last(End end) {
        String text = text();
        return new Outcome(pattern.matcher(text).find(), end, text);
    }

    private String text() {
        return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }
}
