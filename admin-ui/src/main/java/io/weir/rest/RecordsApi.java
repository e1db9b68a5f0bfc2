package io.weir.rest;

import io.weir.admin.AdminResponse;
import io.weir.alert.LoggedEvent;
import io.weir.control.Audit;
import io.weir.control.Control;
import io.weir.control.ControlProblem;
import io.weir.control.RefusedException;
import io.weir.control.local.Documents;
import io.weir.control.store.EarlierLines;
import io.weir.control.store.Json;
import io.weir.control.store.LinePages;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What is on record: events, what was asked for, lines of the logs. Read by cursor, each entry
 * comes once and in order, also when reader or Weir is started anew in between. Safe for every
 * thread.
 */
final class RecordsApi {

    private static final int MAX_LISTED = 10_000;
    private static final int MAX_FILES = 1000;
    private static final int DEPTH = 4;

    /** Times as lines of the event log begin. */
    private static final DateTimeFormatter LOGGED =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

    private static final String AFTER =
            "only what came behind this cursor: oldest, newest, or the member next of an answer";
    private static final String BEFORE =
            "the last before this cursor: newest, or the member previous of an answer";
    private static final String TEXT = "only what has this text, in capitals or not";
    private static final String MAX = "how many at most; 100 unless said";

    private final Control control;
    private final Path logs;

    /**
     * @param logs the directory of all logs
     */
    RecordsApi(Control control, Path logs) {
        this.control = control;
        this.logs = logs;
    }

    List<Operation> operations() {
        return List.of(
                Operation.get(
                                "listEvents",
                                "/v1/events",
                                "events",
                                "The latest events, or those behind a cursor, oldest first",
                                this::events)
                        .taking(
                                "max",
                                MAX,
                                "after",
                                AFTER,
                                "before",
                                BEFORE,
                                "from",
                                "with a cursor: no events before this time",
                                "to",
                                "with a cursor: no events from this time on",
                                "text",
                                "with a cursor: " + TEXT),
                Operation.get(
                                "listAudit",
                                "/v1/audit",
                                "audit",
                                "Who asked for what, the latest or behind a cursor, oldest first",
                                this::audit)
                        .taking(
                                "max",
                                MAX,
                                "after",
                                AFTER,
                                "before",
                                BEFORE,
                                "text",
                                "with before: " + TEXT),
                Operation.get(
                                "readLog",
                                "/v1/logs/{name}/lines",
                                "logs",
                                "Lines of a log behind a cursor; slashes in its name as %2F",
                                this::lines)
                        .taking("max", MAX, "after", AFTER));
    }

    private AdminResponse events(Request request) throws BadRequestException, RefusedException {
        int max = request.number("max", 100, MAX_LISTED);
        String after = request.parameter("after");
        String before = before(request);
        if (after == null && before == null) {
            return Answers.document(
                    200,
                    Json.object(
                            "events", control.events(max).stream().map(Documents::event).toList()));
        }
        String from = time(request, "from");
        String to = time(request, "to");
        Predicate<String> text = text(request);
        Predicate<String> wanted =
                // Lines begin with a time in one form, so that texts are in its order.
                line ->
                        (from == null || line.compareTo(from) >= 0)
                                && (to == null || line.compareTo(to) < 0)
                                && text.test(line);
        Path log = eventLog(control, logs);
        if (before != null) {
            EarlierLines.Page page = earlier(log, before, max, wanted);
            return earlier("events", listed(page.lines()), page.previous(), page.lost());
        }
        LinePages.Page page = page(log, Objects.requireNonNull(after), max, wanted);
        return answer("events", listed(page.lines()), page);
    }

    private static List<Object> listed(List<LinePages.Line> lines) {
        List<Object> events = new ArrayList<>();
        for (LinePages.Line line : lines) {
            Map<String, @Nullable Object> event = event(line);
            if (event != null) {
                events.add(event);
            }
        }
        return events;
    }

    /** The cursor to read before; null when none is named. */
    private static @Nullable String before(Request request) throws BadRequestException {
        String before = request.parameter("before");
        if (before != null && request.parameter("after") != null) {
            throw new BadRequestException("there are after and before, expected one of them");
        }
        return before == null || before.equals(EarlierLines.NEWEST) ? before : cursor(before);
    }

    /** Whether a line has the text that is asked for. */
    private static Predicate<String> text(Request request) throws BadRequestException {
        String text = request.parameter("text");
        if (text == null || text.isEmpty()) {
            return line -> true;
        }
        Pattern pattern =
                Pattern.compile(
                        Pattern.quote(text), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
        return line -> pattern.matcher(line).find();
    }

    private static EarlierLines.Page earlier(
            Path file, String before, int max, Predicate<String> wanted) throws RefusedException {
        try {
            return EarlierLines.before(file, before, max, wanted);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** The file that events are logged in. */
    static Path eventLog(Control control, Path logs) {
        return logs.resolve(control.config().global().eventLog());
    }

    /** An event in the log; null when the line has none. */
    static @Nullable Map<String, @Nullable Object> event(LinePages.Line line) {
        LoggedEvent event = LoggedEvent.of(line.text());
        return event == null
                ? null
                : Json.object(
                        "time", event.time(),
                        "severity", event.severity().name().toLowerCase(Locale.ROOT),
                        "tag", event.tag(),
                        "objects", event.objects(),
                        "text", event.text(),
                        "cursor", line.cursor());
    }

    private static @Nullable String time(Request request, String name) throws BadRequestException {
        String text = request.parameter(name);
        if (text == null) {
            return null;
        }
        try {
            return LOGGED.format(Instant.parse(text));
        } catch (DateTimeException e) {
            throw new BadRequestException(
                    "the parameter "
                            + name
                            + " is '"
                            + text
                            + "', expected a time such as 2026-11-27T15:00:00Z");
        }
    }

    private AdminResponse audit(Request request) throws BadRequestException, RefusedException {
        int max = request.number("max", 100, MAX_LISTED);
        String after = request.parameter("after");
        String before = before(request);
        if (before != null) {
            Audit.Earlier page = control.audit().before(before, max, text(request));
            List<?> entries = page.entries().stream().map(Documents::audit).toList();
            return earlier("entries", entries, page.previous(), page.lost());
        }
        if (after == null) {
            return Answers.document(
                    200,
                    Json.object(
                            "entries",
                            control.audit().last(max).stream().map(Documents::audit).toList()));
        }
        if (after.equals("newest")) {
            return answer(
                    "entries",
                    List.of(),
                    new LinePages.Page(List.of(), control.audit().newest(), false, false));
        }
        Audit.Page page = control.audit().after(cursor(after), max);
        return answer(
                "entries",
                page.entries().stream().map(Documents::audit).toList(),
                new LinePages.Page(List.of(), page.next(), page.more(), page.lost()));
    }

    /** The files below the directory of logs, without those that others lead to. */
    private List<String> names() throws RefusedException {
        if (!Files.isDirectory(logs)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(logs, DEPTH)) {
            return files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .limit(MAX_FILES)
                    .map(file -> logs.relativize(file).toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private AdminResponse lines(Request request) throws BadRequestException, RefusedException {
        String file = request.part("name");
        if (!names().contains(file)) {
            throw new BadRequestException(404, "there is no log " + file);
        }
        String after = request.parameter("after");
        LinePages.Page page =
                page(
                        logs.resolve(file),
                        after == null ? LinePages.OLDEST : after,
                        request.number("max", 100, MAX_LISTED),
                        line -> true);
        return answer("lines", page.lines().stream().map(LinePages.Line::text).toList(), page);
    }

    private static LinePages.Page page(Path file, String after, int max, Predicate<String> wanted)
            throws BadRequestException, RefusedException {
        try {
            return after.equals("newest")
                    ? new LinePages.Page(List.of(), LinePages.newest(file), false, false)
                    : LinePages.read(file, cursor(after), max, wanted);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** A cursor that a client has sent. */
    static String cursor(String text) throws BadRequestException {
        if (!LinePages.isCursor(text)) {
            throw new BadRequestException(
                    "the cursor is '" + text + "', expected oldest, newest or one that was given");
        }
        return text;
    }

    private static RefusedException unreadable(IOException e) {
        return new RefusedException(
                new ControlProblem.Unavailable("the log cannot be read: " + e), e);
    }

    private static AdminResponse answer(String name, List<?> list, LinePages.Page page) {
        return Answers.document(
                200,
                Json.object(
                        name, list, "next", page.next(), "more", page.more(), "lost", page.lost()));
    }

    private static AdminResponse earlier(
            String name, List<?> list, @Nullable String previous, boolean lost) {
        return Answers.document(200, Json.object(name, list, "previous", previous, "lost", lost));
    }
}
