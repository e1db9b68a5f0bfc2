package io.weir.rest;

import io.weir.admin.AdminResponse;
import io.weir.admin.Permission;
import io.weir.control.Change;
import io.weir.control.ChangeReport;
import io.weir.control.Control;
import io.weir.control.Desired;
import io.weir.control.Edit;
import io.weir.control.RefusedException;
import io.weir.control.ReloadReport;
import io.weir.control.local.Documents;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The desired configuration, section by section and object by object. Safe for every thread. */
final class ConfigApi {

    private static final String[] CHANGING = {
        "dry-run", "true for the plan of the change, with nothing changed",
        "allow-shrink", "true if it may take away listeners, or many virtual servers or nodes",
        "comment", "why; kept in the history"
    };

    private static final int TRIES = 50;

    private final Control control;
    private final Sections sections;

    ConfigApi(Control control, Sections sections) {
        this.control = control;
        this.sections = sections;
    }

    List<Operation> operations() {
        String object = "{\"type\":\"object\"}";
        String one = "/v1/config/{section}/{name}";
        List<Operation> list = new ArrayList<>();
        list.add(
                Operation.get(
                        "getConfig",
                        "/v1/config",
                        "",
                        "The sections of the configuration that the caller may read",
                        this::whole));
        list.add(
                Operation.get(
                        "getSection",
                        "/v1/config/{section}",
                        "{section}",
                        "One section: its objects by name, or the settings of the process",
                        this::section));
        list.add(
                change("putSection", "PUT", "/v1/config/{section}", object, 200, this::putSection)
                        .summed("Puts a whole section in place of what is there"));
        list.add(
                change(
                                "patchSection",
                                "PATCH",
                                "/v1/config/{section}",
                                object,
                                200,
                                this::patchSection)
                        .summed("Changes a section by a JSON merge patch (RFC 7396)"));
        list.add(Operation.get("getObject", one, "{section}", "One object", this::object));
        list.add(
                change("putObject", "PUT", one, object, 200, this::putObject)
                        .summed("Makes an object, or puts it in place of the one that is there"));
        list.add(
                change("patchObject", "PATCH", one, object, 200, this::patchObject)
                        .summed("Changes an object by a JSON merge patch (RFC 7396)"));
        list.add(
                change("deleteObject", "DELETE", one, null, 200, this::deleteObject)
                        .summed("Takes an object away; refused while another refers to it"));
        list.add(
                change(
                                "renameObject",
                                "POST",
                                one + "/rename",
                                "{\"type\":\"object\",\"required\":[\"to\"],\"properties\":{\"to\":"
                                        + "{\"type\":\"string\"}}}",
                                200,
                                this::rename)
                        .summed("Renames an object and every reference to it"));
        return list;
    }

    private static Operation change(
            String id,
            String method,
            String path,
            @Nullable String body,
            int status,
            Operation.Call call) {
        return new Operation(
                        id,
                        method,
                        path,
                        "{section}",
                        Permission.CHANGE,
                        "",
                        List.of(),
                        body,
                        status,
                        call)
                .taking(CHANGING);
    }

    private AdminResponse whole(Request request) {
        Desired desired = control.desired();
        ObjectNode readable = Request.JSON.createObjectNode();
        for (Map.Entry<String, JsonNode> each : desired.document().properties()) {
            if (request.caller().allows(each.getKey(), Permission.READ)) {
                readable.set(each.getKey(), each.getValue());
            }
        }
        ObjectNode answer = Request.JSON.createObjectNode();
        answer.put("revision", desired.revision());
        answer.put("ownership", desired.ownership().keyword());
        answer.set("config", readable);
        return Answers.tagged(Answers.node(200, answer), desired.revision());
    }

    private AdminResponse section(Request request) throws BadRequestException {
        String section = request.part("section");
        sections.mustExist(section);
        Desired desired = control.desired();
        return Answers.tagged(Answers.node(200, present(desired, section)), desired.revision());
    }

    private static ObjectNode present(Desired desired, String section) {
        return desired.document().get(section) instanceof ObjectNode present
                ? present
                : Request.JSON.createObjectNode();
    }

    private @Nullable JsonNode find(Desired desired, Request request) throws BadRequestException {
        sections.mustHoldObjects(request.part("section"));
        return present(desired, request.part("section")).get(request.part("name"));
    }

    private JsonNode existing(Desired desired, Request request) throws BadRequestException {
        JsonNode found = find(desired, request);
        if (found == null) {
            throw new BadRequestException(
                    404, "there is no " + request.part("name") + " in " + request.part("section"));
        }
        return found;
    }

    private AdminResponse object(Request request) throws BadRequestException {
        Desired desired = control.desired();
        JsonNode found = existing(desired, request);
        return Answers.tagged(Answers.node(200, found), desired.revision());
    }

    private AdminResponse putSection(Request request) throws BadRequestException, RefusedException {
        String section = request.part("section");
        sections.mustExist(section);
        return make(request, 200, List.of(new Edit.Put(List.of(section), request.object())));
    }

    private AdminResponse patchSection(Request request)
            throws BadRequestException, RefusedException {
        String section = request.part("section");
        sections.mustExist(section);
        JsonNode patch = request.object();
        return merged(
                request,
                List.of(section),
                desired -> MergePatch.apply(present(desired, section), patch));
    }

    private AdminResponse putObject(Request request) throws BadRequestException, RefusedException {
        int status = find(control.desired(), request) == null ? 201 : 200;
        return make(request, status, List.of(new Edit.Put(path(request), request.body())));
    }

    private AdminResponse patchObject(Request request)
            throws BadRequestException, RefusedException {
        JsonNode patch = request.body();
        return merged(
                request,
                path(request),
                desired -> MergePatch.apply(existing(desired, request), patch));
    }

    private interface Merge {
        JsonNode of(Desired desired) throws BadRequestException;
    }

    /**
     * Puts a value that is made of the one there. Whoever does not say which revision is meant gets
     * another try when somebody else was faster.
     */
    private AdminResponse merged(Request request, List<String> path, Merge merge)
            throws BadRequestException, RefusedException {
        for (int tries = 1; ; tries++) {
            Desired desired = control.desired();
            List<Edit> edits = List.of(new Edit.Put(path, merge.of(desired)));
            try {
                return make(request, 200, edits, desired.revision());
            } catch (RefusedException e) {
                boolean again =
                        request.base() == null
                                && tries < TRIES
                                && control.desired().revision() != desired.revision();
                if (!again) {
                    throw e;
                }
            }
        }
    }

    private AdminResponse deleteObject(Request request)
            throws BadRequestException, RefusedException {
        existing(control.desired(), request);
        return make(request, 200, List.of(new Edit.Remove(path(request))));
    }

    private AdminResponse rename(Request request) throws BadRequestException, RefusedException {
        existing(control.desired(), request);
        String to = Fields.of(request.object(), java.util.Set.of("to")).needed("to");
        return make(
                request,
                200,
                List.of(new Edit.Rename(request.part("section"), request.part("name"), to)));
    }

    private static List<String> path(Request request) {
        return List.of(request.part("section"), request.part("name"));
    }

    private AdminResponse make(Request request, int status, List<Edit> edits)
            throws BadRequestException, RefusedException {
        return make(request, status, edits, null);
    }

    /**
     * @param seen revision that the edits were computed from; null when they hold for any
     */
    private AdminResponse make(Request request, int status, List<Edit> edits, @Nullable Long seen)
            throws BadRequestException, RefusedException {
        Long base = request.base();
        Change change =
                new Change(
                        edits,
                        Objects.requireNonNullElse(request.parameter("comment"), ""),
                        base == null ? seen : base,
                        request.flag("dry-run"),
                        request.flag("allow-shrink"),
                        null);
        ChangeReport report = control.change(change, request.author());
        return report(change.dryRun() ? 200 : status, report);
    }

    static AdminResponse report(int status, ChangeReport report) {
        return Answers.tagged(
                Answers.document(
                        status,
                        Documents.reload(
                                new ReloadReport(
                                        report.applied(),
                                        report.revision(),
                                        report.objects(),
                                        report.warnings()))),
                report.revision());
    }
}
