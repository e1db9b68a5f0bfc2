package io.weir.tm;

import io.weir.admin.Caller;
import io.weir.admin.Permission;
import io.weir.config.load.Problem;
import io.weir.control.Author;
import io.weir.control.Change;
import io.weir.control.Control;
import io.weir.control.ControlProblem;
import io.weir.control.Edit;
import io.weir.control.RefusedException;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The objects of the tree: read, put key by key, taken away. Safe for every thread but an event
 * loop.
 */
final class TmObjects {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** How often a change is begun anew that somebody else's has overtaken. */
    static final int TRIES = 50;

    private final Control control;
    private final TmView view;
    private final Map<String, TmOwn> own;

    TmObjects(Control control, TmView view) {
        this.control = control;
        this.view = view;
        this.own =
                Map.of(
                        "pools", new TmPools(control),
                        "virtual_servers", new TmServers());
    }

    /** The names of the objects of a type. */
    List<String> names(TmType type) {
        return List.copyOf(view.objects(type.section()).propertyNames());
    }

    /** An object with all its properties. */
    ObjectNode get(TmType type, String name) throws TmProblem {
        ObjectNode object = existing(type, name);
        ObjectNode answer = JSON.objectNode();
        ObjectNode properties = answer.putObject("properties");
        properties.putObject("basic");
        for (TmKey key : type.keys().values()) {
            properties
                    .withObjectProperty(key.section())
                    .set(key.name(), read(type, key, name, object));
        }
        return answer;
    }

    private ObjectNode existing(TmType type, String name) throws TmProblem {
        ObjectNode object = view.object(type.section(), name);
        if (object == null) {
            throw TmProblem.missing("There is no " + type.what() + " " + name);
        }
        return object;
    }

    private JsonNode read(TmType type, TmKey key, String name, ObjectNode object) {
        TmOwn code = own.get(type.name());
        return key.kind().equals("own") && code != null
                ? code.read(key, name, object)
                : TmValues.read(key, object);
    }

    /**
     * Puts the properties that a request has, and leaves all others; makes the object when it is
     * not there. What it says about the configuration and about nodes is done as a whole or not at
     * all.
     *
     * @return whether it was made
     */
    boolean put(TmType type, String name, JsonNode body, Caller caller, Author author)
            throws TmProblem, RefusedException {
        for (int tries = 1; ; tries++) {
            TmDraft draft = new TmDraft(type, name, control, view);
            fill(draft, type, name, body);
            List<Edit> edits = draft.edits();
            if (!edits.isEmpty() || draft.commands().isEmpty()) {
                mustBeAllowed(caller, type.section(), Permission.CHANGE);
            }
            if (!draft.commands().isEmpty()) {
                mustBeAllowed(caller, type.section(), Permission.OPERATE);
            }
            try {
                if (!edits.isEmpty()) {
                    control.change(
                            new Change(
                                    edits, "", draft.base(), false, true, null, draft.commands()),
                            author);
                } else if (!draft.commands().isEmpty()) {
                    control.setNodes(draft.commands(), null, author);
                }
                return draft.isNew();
            } catch (RefusedException e) {
                boolean overtaken = control.desired().revision() != draft.base();
                if (!overtaken || tries == TRIES) {
                    throw translated(e, type, name);
                }
            }
        }
    }

    private void fill(TmDraft draft, TmType type, String name, JsonNode body) throws TmProblem {
        if (!(body.path("properties") instanceof ObjectNode properties)) {
            throw new TmProblem(
                    400, "resource.validation_error", "The resource has no 'properties'");
        }
        ObjectNode wrong = JSON.objectNode();
        Map<TmKey, JsonNode> special = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> section : properties.properties()) {
            for (Map.Entry<String, JsonNode> each : section.getValue().properties()) {
                TmKey key = type.key(section.getKey(), each.getKey());
                JsonNode value = each.getValue();
                if (key == null) {
                    if (!TmValues.saysNothing(value)) {
                        TmProblem.add(
                                wrong,
                                section.getKey(),
                                each.getKey(),
                                "json.unknown_property",
                                "Weir has no such property");
                    }
                } else if (!isThere(draft, type, key, name, value)) {
                    if (key.kind().equals("own")) {
                        special.put(key, value);
                    } else {
                        draft.set(key.key(), TmValues.write(key, value));
                    }
                }
            }
        }
        if (!wrong.isEmpty()) {
            throw invalid(wrong);
        }
        TmOwn code = own.get(type.name());
        if (code != null && (!special.isEmpty() || draft.isNew())) {
            code.write(draft, special);
        }
    }

    /** Whether the object has the value already: clients send what they have read. */
    private boolean isThere(TmDraft draft, TmType type, TmKey key, String name, JsonNode value) {
        return !(draft.isNew() && !key.kind().equals("fixed"))
                && read(type, key, name, draft.effective()).equals(value);
    }

    private static TmProblem invalid(ObjectNode wrong) {
        return new TmProblem(
                400, "resource.validation_error", "The resource provided is invalid", wrong);
    }

    /** Takes an object away. */
    void delete(TmType type, String name, Caller caller, Author author)
            throws TmProblem, RefusedException {
        existing(type, name);
        mustBeAllowed(caller, type.section(), Permission.CHANGE);
        Edit edit = new Edit.Remove(List.of(type.section(), name));
        try {
            control.change(new Change(List.of(edit), "", null, false, true, null), author);
        } catch (RefusedException e) {
            throw translated(e, type, name);
        }
    }

    static void mustBeAllowed(Caller caller, String kind, Permission permission) throws TmProblem {
        if (!caller.allows(kind, permission)) {
            throw new TmProblem(
                    403,
                    "auth.forbidden",
                    "the permission to " + permission.keyword() + " " + kind + " is missing");
        }
    }

    /** What the façade says about keys of the configuration, said about those of the tree. */
    private static TmProblem translated(RefusedException refused, TmType type, String name)
            throws RefusedException {
        if (!(refused.problem() instanceof ControlProblem.BadConfiguration bad)) {
            throw refused;
        }
        String prefix = type.section() + "." + name + ".";
        ObjectNode wrong = JSON.objectNode();
        for (Problem problem : bad.problems()) {
            TmKey key = problem.isError() ? of(type, problem.path(), prefix) : null;
            if (key != null) {
                TmProblem.add(
                        wrong,
                        key.section(),
                        key.name(),
                        "resource.validation_error",
                        problem.message());
            }
        }
        if (wrong.isEmpty()) {
            throw refused;
        }
        return invalid(wrong);
    }

    private static @Nullable TmKey of(TmType type, String path, String prefix) {
        if (path.startsWith(prefix)) {
            String rest = path.substring(prefix.length());
            for (TmKey key : type.keys().values()) {
                boolean nodes = key.name().equals("nodes_table") && rest.startsWith("nodes");
                if (nodes || rest.equals(key.key()) || rest.startsWith(key.key() + "[")) {
                    return key;
                }
            }
        }
        return null;
    }
}
