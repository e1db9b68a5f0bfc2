package io.weir.tm;

import io.weir.control.Control;
import io.weir.control.Desired;
import io.weir.control.Edit;
import io.weir.control.NodeCommand;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/**
 * One object as it is to be, and what is to become of its nodes: collected first, then done as a
 * whole. Confined to one request.
 */
final class TmDraft {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final TmType type;
    private final String name;
    private final Desired desired;
    private final @Nullable ObjectNode effective;
    private final ObjectNode object;
    private final List<Edit> edits = new ArrayList<>();
    private final List<NodeCommand> commands = new ArrayList<>();
    private boolean changed;

    TmDraft(TmType type, String name, Control control, TmView view) {
        this.type = type;
        this.name = name;
        // Before all that is looked at, so that no change that was not seen is written over.
        this.desired = control.desired();
        this.effective = view.object(type.section(), name);
        this.object = written();
    }

    /** The object as it was written; a short form and a built-in object are written out. */
    private ObjectNode written() {
        ObjectNode document = desired.document();
        JsonNode there = document.path(type.section()).path(name);
        if (there instanceof ObjectNode found) {
            return found.deepCopy();
        }
        ObjectNode fresh = JSON.objectNode();
        JsonNode inline = document.path("virtual-servers").path(name).path("pool");
        if (type.section().equals("pools") && effective != null) {
            // A list of nodes that stands in a virtual server becomes a pool of its own.
            fresh.set("nodes", there.isArray() ? there : inline);
            if (!there.isArray()) {
                edits.add(
                        new Edit.Put(
                                List.of("virtual-servers", name, "pool"), JSON.stringNode(name)));
            }
        } else if (effective != null) {
            return effective.deepCopy();
        }
        return fresh;
    }

    /** Whether the object is made by this. */
    boolean isNew() {
        return effective == null;
    }

    /** Name of the object. */
    String name() {
        return name;
    }

    /** The object in force with every default; an empty one for a new one. */
    ObjectNode effective() {
        return effective == null ? JSON.objectNode() : effective;
    }

    /** The object as it is written, with the changes so far. */
    ObjectNode object() {
        return object;
    }

    /**
     * Puts a value under a key, unfolding a short form that stands there.
     *
     * @param key with a dot when it is in a mapping
     * @param value null takes the key away, so that its default holds
     */
    void set(String key, @Nullable JsonNode value) {
        changed = true;
        int dot = key.indexOf('.');
        ObjectNode into = object;
        if (dot > 0) {
            String mapping = key.substring(0, dot);
            if (object.get(mapping) instanceof ObjectNode there) {
                into = there;
            } else {
                into =
                        effective().get(mapping) instanceof ObjectNode there
                                ? there.deepCopy()
                                : JSON.objectNode();
                object.set(mapping, into);
            }
        }
        String last = key.substring(dot + 1);
        if (value == null) {
            into.remove(last);
        } else {
            into.set(last, value);
        }
    }

    /** Adds a decision about a node of the pool that this is about. */
    void command(NodeCommand command) {
        commands.add(command);
    }

    /** What is to change in the configuration; empty when nothing is. */
    List<Edit> edits() {
        if (!changed && !isNew()) {
            return List.of();
        }
        List<Edit> all = new ArrayList<>();
        all.add(new Edit.Put(List.of(type.section(), name), object));
        all.addAll(edits);
        return all;
    }

    /** What is decided about nodes. */
    List<NodeCommand> commands() {
        return List.copyOf(commands);
    }

    /** The revision that this was made of. */
    long base() {
        return desired.revision();
    }
}
