package io.weir.control.local;

import io.weir.control.Author;
import io.weir.control.BackupDrill;
import io.weir.control.Change;
import io.weir.control.ChangeReport;
import io.weir.control.Control;
import io.weir.control.Difference;
import io.weir.control.Edit;
import io.weir.control.Pending;
import io.weir.control.RefusedException;
import io.weir.control.Revision;
import io.weir.control.RevisionContent;
import io.weir.control.store.Json;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The commands of the control socket about revisions. An edit is one of {@code {"put": [path],
 * "value": …}}, {@code {"remove": [path]}}, {@code {"rename": [section, from, to]}}, {@code
 * {"put-file": path, "content": …}} and {@code {"remove-file": path}}; the content of a file is
 * text, or {@code {"base64": …}}. Safe for every thread.
 */
final class RevisionCommands {

    private static final int MAX_LISTED = 100_000;

    private final Control control;

    RevisionCommands(Control control) {
        this.control = control;
    }

    Object history(@Nullable Long max) throws RefusedException {
        Pending pending = control.revisions().pending();
        return Json.object(
                "revisions",
                control.revisions().list(Math.clamp(max == null ? 50 : max, 0, MAX_LISTED)).stream()
                        .map(RevisionCommands::revision)
                        .toList(),
                "pending",
                pending == null ? null : pending(pending));
    }

    private static Map<String, @Nullable Object> revision(Revision revision) {
        return Json.object(
                "revision", revision.number(),
                "commit", revision.commit(),
                "author", revision.author().name(),
                "channel", revision.author().channel().keyword(),
                "from", revision.author().from(),
                "time", revision.time(),
                "comment", revision.comment(),
                "objects", revision.objects());
    }

    private static Map<String, @Nullable Object> pending(Pending pending) {
        return Json.object(
                "revision", pending.revision(), "back", pending.back(), "until", pending.until());
    }

    /** What a revision says; null for the one in force. */
    Object content(@Nullable Long number) throws RefusedException {
        RevisionContent content =
                control.revisions().at(number == null ? control.desired().revision() : number);
        Map<String, Object> files = new LinkedHashMap<>();
        content.files().forEach((path, bytes) -> files.put(path, encoded(bytes)));
        return Json.object(
                "revision", content.number(),
                "document", Trees.plain(content.document()),
                "files", files);
    }

    /** The difference between two revisions; null for the one in force and the one before it. */
    Object difference(@Nullable Long from, @Nullable Long to) throws RefusedException {
        long end = to == null ? control.desired().revision() : to;
        long begin = from == null ? before(end) : from;
        Difference difference = control.revisions().difference(begin, end);
        List<Object> keys = new ArrayList<>();
        for (Difference.Key key : difference.keys()) {
            keys.add(
                    Json.object(
                            "path", key.path(),
                            "before", Trees.plain(key.before()),
                            "after", Trees.plain(key.after())));
        }
        return Json.object("from", begin, "to", end, "keys", keys, "text", difference.text());
    }

    private long before(long revision) throws RefusedException {
        return control.revisions().list(MAX_LISTED).stream()
                .mapToLong(Revision::number)
                .filter(number -> number < revision)
                .findFirst()
                .orElse(revision);
    }

    Object change(Arguments arguments, Author author) throws RefusedException {
        List<Edit> edits = new ArrayList<>();
        for (Object edit : arguments.list("edits")) {
            if (!(edit instanceof Map<?, ?> map)) {
                throw new IllegalArgumentException("an edit is no object");
            }
            edits.add(edit(map));
        }
        return report(control.change(change(edits, arguments), author));
    }

    Object rollback(Arguments arguments, Author author) throws RefusedException {
        Long revision = arguments.number("revision");
        if (revision == null) {
            throw new IllegalArgumentException("the argument revision is missing");
        }
        return report(control.revisions().rollback(revision, change(List.of(), arguments), author));
    }

    private static Change change(List<Edit> edits, Arguments arguments) {
        String comment = arguments.text("comment");
        Long seconds = arguments.number("confirm-seconds");
        return new Change(
                edits,
                comment == null ? "" : comment,
                arguments.number("expected-revision"),
                arguments.truth("dry-run"),
                arguments.truth("allow-shrink"),
                seconds == null ? null : Duration.ofSeconds(seconds));
    }

    private Object report(ChangeReport report) {
        Pending pending = control.revisions().pending();
        return Json.object(
                "applied", report.applied(),
                "partial", report.partial(),
                "revision", report.revision(),
                "objects", Documents.objects(report.objects()),
                "warnings", Documents.problems(report.warnings()),
                "pending", pending == null ? null : pending(pending));
    }

    Object confirm(@Nullable Long revision, Author author) throws RefusedException {
        return pending(control.revisions().confirm(revision, author));
    }

    Object audit(@Nullable Long max) throws RefusedException {
        return control.audit().last(Math.clamp(max == null ? 50 : max, 0, MAX_LISTED)).stream()
                .map(Documents::audit)
                .toList();
    }

    Object drill() throws RefusedException {
        BackupDrill drill = control.revisions().drill();
        return Json.object(
                "rpo-seconds", drill.loss().toSeconds(),
                "rto-millis", drill.recovery().toMillis(),
                "revision", drill.revision(),
                "present", drill.present(),
                "missing-secrets", drill.missingSecrets());
    }

    private static Edit edit(Map<?, ?> edit) {
        if (edit.containsKey("put")) {
            return new Edit.Put(texts(edit.get("put")), Trees.of(edit.get("value")));
        }
        if (edit.containsKey("remove")) {
            return new Edit.Remove(texts(edit.get("remove")));
        }
        if (edit.containsKey("rename")) {
            List<String> names = texts(edit.get("rename"));
            if (names.size() == 3) {
                return new Edit.Rename(names.get(0), names.get(1), names.get(2));
            }
        }
        if (edit.get("put-file") instanceof String path) {
            return new Edit.PutFile(path, decoded(edit.get("content")));
        }
        if (edit.get("remove-file") instanceof String path) {
            return new Edit.RemoveFile(path);
        }
        throw new IllegalArgumentException(
                "an edit has "
                        + edit.keySet()
                        + ", expected put and value, remove, rename, put-file and content, or"
                        + " remove-file");
    }

    private static List<String> texts(@Nullable Object value) {
        if (value instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
            return list.stream().map(String.class::cast).toList();
        }
        throw new IllegalArgumentException("found " + value + ", expected a list of names");
    }

    /** Text as it is, anything else in Base64. */
    private static Object encoded(byte[] content) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
        } catch (CharacterCodingException e) {
            return Json.object("base64", Base64.getEncoder().encodeToString(content));
        }
    }

    private static byte[] decoded(@Nullable Object content) {
        if (content instanceof String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        if (content instanceof Map<?, ?> map && map.get("base64") instanceof String text) {
            return Base64.getDecoder().decode(text);
        }
        throw new IllegalArgumentException("the content of a file is neither text nor base64");
    }
}
