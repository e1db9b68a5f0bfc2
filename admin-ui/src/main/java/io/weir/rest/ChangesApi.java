package io.weir.rest;

import io.weir.admin.AdminResponse;
import io.weir.admin.Permission;
import io.weir.control.Change;
import io.weir.control.Control;
import io.weir.control.Difference;
import io.weir.control.Edit;
import io.weir.control.Pending;
import io.weir.control.RefusedException;
import io.weir.control.Revision;
import io.weir.control.RevisionContent;
import io.weir.control.store.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Changes of many objects at once, and the history of all changes. Safe for every thread. */
final class ChangesApi {

    /** Revisions hold every section, so only who may see all of them may see revisions. */
    private static final String HISTORY = "history";

    private static final int MAX_REVISIONS = 1000;
    private static final Set<String> OPTIONS =
            Set.of("edits", "comment", "base", "dry-run", "allow-shrink", "confirm-seconds");

    private static final String EDITS =
            """
            {"type":"object","required":["edits"],"properties":{
            "edits":{"type":"array","items":{"type":"object","properties":{
            "put":{"type":"array","items":{"type":"string"},"description":"path of the value"},
            "value":{"description":"what is put there"},
            "remove":{"type":"array","items":{"type":"string"},"description":"path of what goes"},
            "rename":{"type":"object","properties":{"section":{"type":"string"},\
            "from":{"type":"string"},"to":{"type":"string"}}},
            "put-file":{"type":"string","description":"path of a file beside the document"},
            "content":{"type":"string","description":"the file as text"},
            "base64":{"type":"string","description":"the file, when it is no text"},
            "remove-file":{"type":"string"}}}},
            "comment":{"type":"string"},"base":{"type":"integer"},"dry-run":{"type":"boolean"},
            "allow-shrink":{"type":"boolean"},
            "confirm-seconds":{"type":"integer","description":"undone unless confirmed by then"}}}
            """;

    private final Control control;
    private final Sections sections;

    ChangesApi(Control control, Sections sections) {
        this.control = control;
        this.sections = sections;
    }

    List<Operation> operations() {
        String options =
                "{\"type\":\"object\",\"properties\":{\"comment\":{\"type\":\"string\"},"
                        + "\"base\":{\"type\":\"integer\"},\"dry-run\":{\"type\":\"boolean\"},"
                        + "\"allow-shrink\":{\"type\":\"boolean\"}}}";
        List<Operation> list = new ArrayList<>();
        list.add(
                post(
                        "change",
                        "/v1/changes",
                        "",
                        "Makes several edits as one change, or none of them",
                        EDITS,
                        this::change));
        list.add(
                post(
                        "confirm",
                        "/v1/changes/{revision}/confirm",
                        HISTORY,
                        "Has a revision stay that would be undone",
                        null,
                        this::confirm));
        list.add(
                Operation.get(
                                "listRevisions",
                                "/v1/revisions",
                                HISTORY,
                                "The latest revisions, the newest first",
                                this::revisions)
                        .taking("max", "how many at most; 100 unless said"));
        list.add(
                Operation.get(
                        "getRevision",
                        "/v1/revisions/{revision}",
                        HISTORY,
                        "What a revision says, secrets being references",
                        this::revision));
        list.add(
                Operation.get(
                        "getDifference",
                        "/v1/revisions/{revision}/difference/{other}",
                        HISTORY,
                        "What is different between two revisions, key by key",
                        this::difference));
        list.add(
                post(
                        "rollback",
                        "/v1/revisions/{revision}/rollback",
                        HISTORY,
                        "Goes back to what a revision says, as a new revision",
                        options,
                        this::rollback));
        return list;
    }

    private static Operation post(
            String id,
            String path,
            String kind,
            String summary,
            @Nullable String body,
            Operation.Call call) {
        return new Operation(
                id,
                "POST",
                path,
                kind,
                kind.isEmpty() ? null : Permission.CHANGE,
                summary,
                List.of(),
                body,
                200,
                call);
    }

    private AdminResponse change(Request request) throws BadRequestException, RefusedException {
        Fields fields = Fields.of(request.object(), OPTIONS);
        List<Edit> edits = new ArrayList<>();
        JsonNode list = fields.value("edits");
        if (list == null || !list.isArray() || list.isEmpty()) {
            throw new BadRequestException("the member edits is not a list of edits");
        }
        for (JsonNode each : list) {
            if (!(each instanceof ObjectNode object)) {
                throw new BadRequestException("an edit is not an object");
            }
            Edit edit = edit(object);
            mustBeAllowed(request, edit);
            edits.add(edit);
        }
        return ConfigApi.report(
                200, control.change(change(edits, fields, request), request.author()));
    }

    /** A change with the options that stand in a body. */
    static Change change(List<Edit> edits, Fields fields, Request request)
            throws BadRequestException {
        Long seconds = fields.number("confirm-seconds");
        Long base = fields.number("base");
        return new Change(
                edits,
                Objects.requireNonNullElse(fields.text("comment"), ""),
                base == null ? request.base() : base,
                fields.flag("dry-run"),
                fields.flag("allow-shrink"),
                seconds == null ? null : Duration.ofSeconds(seconds));
    }

    private static Edit edit(ObjectNode object) throws BadRequestException {
        Fields fields =
                Fields.of(
                        object,
                        Set.of(
                                "put",
                                "value",
                                "remove",
                                "rename",
                                "put-file",
                                "content",
                                "base64",
                                "remove-file"));
        JsonNode value = object.get("value");
        if (fields.value("put") != null && value != null) {
            return new Edit.Put(fields.texts("put"), value);
        }
        if (fields.value("remove") != null) {
            return new Edit.Remove(fields.texts("remove"));
        }
        if (fields.value("rename") instanceof ObjectNode rename) {
            Fields names = Fields.of(rename, Set.of("section", "from", "to"));
            return new Edit.Rename(
                    names.needed("section"), names.needed("from"), names.needed("to"));
        }
        String file = fields.text("put-file");
        if (file != null) {
            return new Edit.PutFile(file, content(fields));
        }
        String gone = fields.text("remove-file");
        if (gone != null) {
            return new Edit.RemoveFile(gone);
        }
        throw new BadRequestException(
                "an edit has none of put with value, remove, rename, put-file and remove-file");
    }

    private static byte[] content(Fields fields) throws BadRequestException {
        String text = fields.text("content");
        if (text != null) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        try {
            return Base64.getDecoder().decode(fields.needed("base64"));
        } catch (IllegalArgumentException e) {
            throw new BadRequestException("the member base64 is not in base64");
        }
    }

    /** Every edit needs the permission to change what it touches. */
    private void mustBeAllowed(Request request, Edit edit) throws BadRequestException {
        switch (edit) {
            case Edit.Put(List<String> path, JsonNode _) -> mustBeAllowed(request, path);
            case Edit.Remove(List<String> path) -> mustBeAllowed(request, path);
            // References to the object can stand in every section.
            case Edit.Rename(String section, String _, String _) -> {
                sections.mustHoldObjects(section);
                mustBeAllowed(request, List.of(section));
            }
            case Edit.PutFile _, Edit.RenameFile _, Edit.RemoveFile _ ->
                    request.mustBeAllowed("files", Permission.CHANGE);
        }
    }

    private void mustBeAllowed(Request request, List<String> path) throws BadRequestException {
        if (path.isEmpty()) {
            for (String section : sections.byName().keySet()) {
                request.mustBeAllowed(section, Permission.CHANGE);
            }
        } else {
            request.mustBeAllowed(path.getFirst(), Permission.CHANGE);
        }
    }

    private AdminResponse confirm(Request request) throws BadRequestException, RefusedException {
        Pending pending =
                control.revisions().confirm(request.revision("revision"), request.author());
        return Answers.document(200, Json.object("revision", pending.revision()));
    }

    private AdminResponse revisions(Request request) throws BadRequestException, RefusedException {
        List<Object> list = new ArrayList<>();
        for (Revision each : control.revisions().list(request.number("max", 100, MAX_REVISIONS))) {
            list.add(
                    Json.object(
                            "revision", each.number(),
                            "commit", each.commit(),
                            "author", each.author().name(),
                            "channel", each.author().channel().keyword(),
                            "from", each.author().from(),
                            "time", each.time(),
                            "comment", each.comment(),
                            "objects", each.objects()));
        }
        Pending pending = control.revisions().pending();
        return Answers.document(
                200,
                Json.object(
                        "revisions",
                        list,
                        "pending",
                        pending == null
                                ? null
                                : Json.object(
                                        "revision", pending.revision(),
                                        "back", pending.back(),
                                        "until", pending.until())));
    }

    private AdminResponse revision(Request request) throws BadRequestException, RefusedException {
        RevisionContent content = control.revisions().at(request.revision("revision"));
        ObjectNode answer = Request.JSON.createObjectNode();
        answer.put("revision", content.number());
        answer.set("config", content.document());
        ObjectNode files = answer.putObject("files");
        for (Map.Entry<String, byte[]> each : content.files().entrySet()) {
            files.put(each.getKey(), Base64.getEncoder().encodeToString(each.getValue()));
        }
        return Answers.node(200, answer);
    }

    private AdminResponse difference(Request request) throws BadRequestException, RefusedException {
        Difference difference =
                control.revisions()
                        .difference(request.revision("revision"), request.revision("other"));
        ObjectNode answer = Request.JSON.createObjectNode();
        answer.put("from", difference.from());
        answer.put("to", difference.to());
        for (Difference.Key key : difference.keys()) {
            ObjectNode entry = answer.withArray("keys").addObject();
            key.path().forEach(entry.withArray("path")::add);
            entry.set("before", key.before());
            entry.set("after", key.after());
        }
        answer.put("files", difference.text());
        return Answers.node(200, answer);
    }

    private AdminResponse rollback(Request request) throws BadRequestException, RefusedException {
        Fields fields = Fields.of(request.objectOrEmpty(), OPTIONS);
        return ConfigApi.report(
                200,
                control.revisions()
                        .rollback(
                                request.revision("revision"),
                                change(List.of(), fields, request),
                                request.author()));
    }
}
