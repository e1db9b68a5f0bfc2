package io.weir.control;

import io.weir.control.store.EarlierLines;
import io.weir.control.store.Json;
import io.weir.control.store.LineLog;
import io.weir.control.store.LinePages;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The record of who asked for what, when and whence, over every interface, whether it was done or
 * refused: lines of JSON in files of bounded size and number. Safe for every thread; recording
 * writes to the disk.
 */
public final class Audit {

    private static final long MAX_BYTES = 8 << 20;
    private static final int MAX_FILES = 10;
    private static final int MAX_OBJECTS = 20;
    private static final int MAX_TEXT = 1000;

    private final @Nullable LineLog log;
    private final Ticker ticker;
    private volatile Consumer<@Nullable String> trouble = _ -> {};

    private Audit(@Nullable LineLog log, Ticker ticker) {
        this.log = log;
        this.ticker = ticker;
    }

    /** A record in the file {@code audit.log} of {@code directory}, which is made if missing. */
    public static Audit in(Path directory, Ticker ticker) {
        return new Audit(new LineLog(directory.resolve("audit.log"), MAX_BYTES, MAX_FILES), ticker);
    }

    /** A record of nothing. */
    public static Audit none(Ticker ticker) {
        return new Audit(null, ticker);
    }

    /** Tells {@code listener} what keeps the record from being written; null when all is well. */
    void reportTo(Consumer<@Nullable String> listener) {
        trouble = listener;
    }

    /** Records what was done. */
    public void accepted(Author author, String action, List<String> objects, String detail) {
        add(author, action, objects, true, detail);
    }

    /** Records what was refused. */
    public void refused(Author author, String action, List<String> objects, String why) {
        add(author, action, objects, false, why);
    }

    private void add(
            Author author, String action, List<String> objects, boolean accepted, String detail) {
        LineLog to = log;
        if (to == null) {
            return;
        }
        List<String> some = new ArrayList<>();
        objects.stream().limit(MAX_OBJECTS).forEach(object -> some.add(shortened(object)));
        if (objects.size() > MAX_OBJECTS) {
            some.add("and " + (objects.size() - MAX_OBJECTS) + " more");
        }
        try {
            to.add(
                    Json.write(
                            Json.object(
                                    "time", ticker.now(),
                                    "author", shortened(author.name()),
                                    "channel", author.channel().keyword(),
                                    "from", shortened(author.from()),
                                    "action", action,
                                    "objects", some,
                                    "accepted", accepted,
                                    "detail", shortened(detail))));
            trouble.accept(null);
        } catch (IOException e) {
            trouble.accept("not written: " + e);
        }
    }

    private static String shortened(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
    }

    /**
     * The latest entries, oldest first, at most {@code max}.
     *
     * @throws RefusedException when the record cannot be read
     */
    public List<AuditEntry> last(int max) throws RefusedException {
        List<AuditEntry> entries = new ArrayList<>();
        LineLog from = log;
        if (from != null) {
            try {
                for (String line : from.last(max)) {
                    AuditEntry entry = entry(line);
                    if (entry != null) {
                        entries.add(entry);
                    }
                }
            } catch (IOException e) {
                throw unreadable(e);
            }
        }
        return entries;
    }

    /**
     * Some entries behind a cursor.
     *
     * @param next the cursor to go on from
     * @param more whether there are more entries already
     * @param lost whether what the cursor pointed to is not kept any more
     */
    public record Page(List<AuditEntry> entries, String next, boolean more, boolean lost) {
        public Page {
            entries = List.copyOf(entries);
        }
    }

    /**
     * The entries behind a cursor, each once and in order.
     *
     * @param after as {@link LinePages#read} has it
     * @throws RefusedException when the record cannot be read
     */
    public Page after(String after, int max) throws RefusedException {
        LineLog from = log;
        if (from == null) {
            return new Page(List.of(), after, false, false);
        }
        try {
            LinePages.Page page = LinePages.read(from.file(), after, max, line -> true);
            return new Page(entries(page.lines()), page.next(), page.more(), page.lost());
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /**
     * The last entries before a cursor.
     *
     * @param previous the cursor before the first of them; null when there is none before it
     * @param lost whether what the cursor pointed to is not kept any more
     */
    public record Earlier(List<AuditEntry> entries, @Nullable String previous, boolean lost) {
        public Earlier {
            entries = List.copyOf(entries);
        }
    }

    /**
     * The last entries before a cursor, oldest first.
     *
     * @param before as {@link EarlierLines#before} has it
     * @param wanted whether an entry, as the line of JSON that it is, is to be returned
     * @throws RefusedException when the record cannot be read
     */
    public Earlier before(String before, int max, Predicate<String> wanted)
            throws RefusedException {
        LineLog from = log;
        if (from == null) {
            return new Earlier(List.of(), null, false);
        }
        try {
            EarlierLines.Page page = EarlierLines.before(from.file(), before, max, wanted);
            return new Earlier(entries(page.lines()), page.previous(), page.lost());
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private static List<AuditEntry> entries(List<LinePages.Line> lines) {
        List<AuditEntry> entries = new ArrayList<>();
        for (LinePages.Line line : lines) {
            AuditEntry entry = entry(line.text());
            if (entry != null) {
                entries.add(entry);
            }
        }
        return entries;
    }

    /** The cursor behind the newest entry. */
    public String newest() throws RefusedException {
        LineLog from = log;
        try {
            return from == null ? LinePages.OLDEST : LinePages.newest(from.file());
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private static RefusedException unreadable(IOException e) {
        return new RefusedException(
                new ControlProblem.Unavailable("the audit record cannot be read: " + e), e);
    }

    /** The entry in a line; null when a crash has cut it short. */
    private static @Nullable AuditEntry entry(String line) {
        try {
            Map<String, @Nullable Object> entry = Json.readObject(line);
            List<String> objects = new ArrayList<>();
            if (entry.get("objects") instanceof List<?> list) {
                list.forEach(object -> objects.add(String.valueOf(object)));
            }
            return new AuditEntry(
                    Instant.parse(text(entry, "time")),
                    new Author(
                            text(entry, "author"),
                            Author.Channel.valueOf(
                                    text(entry, "channel")
                                            .replace('-', '_')
                                            .toUpperCase(Locale.ROOT)),
                            text(entry, "from")),
                    text(entry, "action"),
                    objects,
                    Boolean.TRUE.equals(entry.get("accepted")),
                    text(entry, "detail"));
        } catch (IllegalArgumentException | DateTimeParseException e) {
            return null;
        }
    }

    private static String text(Map<String, @Nullable Object> entry, String name) {
        return entry.get(name) instanceof String text ? text : "";
    }
}
