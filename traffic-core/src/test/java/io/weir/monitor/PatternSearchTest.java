package io.weir.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;

import io.weir.monitor.PatternSearch.End;
import io.weir.monitor.PatternSearch.Outcome;
import io.weir.monitor.PatternSearch.Source;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

class PatternSearchTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private final ManualTimer clock = new ManualTimer();

    private Outcome search(String regex, Source source, int limit) throws Exception {
        Deadline deadline = new Deadline(clock, TIMEOUT);
        return PatternSearch.run(Pattern.compile(regex), source, limit, deadline);
    }

    @Test
    void stopsReadingSoonAfterAMatchInAnEndlessStream() throws Exception {
        Outcome outcome = search("well", bytewise("all is well" + "!".repeat(1000)), 1 << 20);
        assertThat(outcome.found()).isTrue();
        assertThat(outcome.end()).isEqualTo(End.FOUND);
        assertThat(outcome.text()).startsWith("all is well").hasSizeLessThan(2 * 12);
    }

    @Test
    void believesAMatchAtTheEndOfTheTextOnceThereIsAPause() throws Exception {
        Outcome outcome = search("^220 .*y$", new Pieces(false, "220 read", "y", "", "never"), 99);
        assertThat(outcome).isEqualTo(new Outcome(true, End.FOUND, "220 ready"));
    }

    @Test
    void doesNotBelieveAMatchAtTheEndOfTheTextWhileTheEndIsNotAnnounced() throws Exception {
        Outcome outcome = search("^up$", new Pieces(true, "up", "", "set", END), 99);
        assertThat(outcome).isEqualTo(new Outcome(false, End.SOURCE, "upset"));
    }

    @Test
    void believesAnyMatchAtTheEndOfTheSource() throws Exception {
        Outcome outcome = search("^up$", new Pieces(true, "u", "p", END), 99);
        assertThat(outcome).isEqualTo(new Outcome(true, End.SOURCE, "up"));
        assertThat(search("^$", new Pieces(true, END), 99))
                .isEqualTo(new Outcome(true, End.SOURCE, ""));
    }

    @Test
    void readsUpToItsLimit() throws Exception {
        Outcome outcome = search("6", bytewise("0123456789"), 6);
        assertThat(outcome).isEqualTo(new Outcome(false, End.LIMIT, "012345"));
    }

    @Test
    void looksOnceMoreWhenTheTimeIsUp() throws Exception {
        // The clock of this source takes a second for each piece.
        Source slow = new Pieces(true, "a", "b", "c", "d");
        Source ticking =
                new Source() {
                    @Override
                    public int read(byte[] into, int offset, int length, Duration wait)
                            throws CheckFailed, InterruptedException {
                        clock.advance(Duration.ofSeconds(1));
                        return slow.read(into, offset, length, wait);
                    }

                    @Override
                    public boolean announcesItsEnd() {
                        return true;
                    }
                };
        assertThat(search("c$", ticking, 99)).isEqualTo(new Outcome(true, End.TIME, "abc"));
    }

    private static Source bytewise(String text) {
        return new Pieces(false, text.split(""));
    }

    private static final String END = "end";

    /** A source of pieces; an empty one is a pause, {@link #END} is the end. */
    private static final class Pieces implements Source {

        private final boolean announcesItsEnd;
        private final Deque<String> pieces;

        Pieces(boolean announcesItsEnd, String... pieces) {
            this.announcesItsEnd = announcesItsEnd;
            this.pieces = new ArrayDeque<>(List.of(pieces));
        }

        @Override
        public int read(byte[] into, int offset, int length, Duration wait) {
            String piece = pieces.remove();
            if (piece.equals(END)) {
                return -1;
            }
            byte[] bytes = piece.getBytes(StandardCharsets.ISO_8859_1);
            assertThat(length).isGreaterThanOrEqualTo(bytes.length);
            System.arraycopy(bytes, 0, into, offset, bytes.length);
            return bytes.length;
        }

        @Override
        public boolean announcesItsEnd() {
            return announcesItsEnd;
        }
    }
}
