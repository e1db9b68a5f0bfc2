package io.weir.soap.call;

import io.weir.config.EventTypeConfig;
import io.weir.config.WeirConfig;
import io.weir.config.load.BuiltInEventTypes;
import io.weir.config.load.BuiltInMonitors;
import io.weir.control.Change;
import io.weir.control.Control;
import io.weir.control.Edit;
import io.weir.control.NodeCommand;
import io.weir.control.RefusedException;
import io.weir.event.Severity;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a call is going to change: collected first, then done as a whole or not at all. Confined to
 * one call.
 */
public final class Draft {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Map<String, EventTypeConfig> BUILT_IN_EVENT_TYPES = builtInEventTypes();

    private final Control control;
    private final long base;
    private final WeirConfig config;
    private final List<Edit> edits = new ArrayList<>();
    private final List<NodeCommand> commands = new ArrayList<>();
    private final Map<String, Set<String>> names = new HashMap<>();
    private final Map<List<String>, JsonNode> written = new HashMap<>();

    private @Nullable ObjectNode document;

    Draft(Control control) {
        this.control = control;
        // Before all that is looked at, so that no change that was not seen is written over.
        this.base = control.revision();
        this.config = control.config();
    }

    /** The configuration in force when the call began. */
    public WeirConfig config() {
        return config;
    }

    /**
     * The objects in force of a section, by name; monitors and event types with the built-in ones.
     */
    @SuppressWarnings("unchecked")
    public Map<String, Object> objects(String section) {
        Map<String, Object> objects = (Map<String, Object>) Effective.at(config, section);
        if (objects == null) {
            objects = Map.of();
        }
        Map<String, ?> builtIn =
                switch (section) {
                    case "monitors" -> BuiltInMonitors.all();
                    case "event-types" -> BUILT_IN_EVENT_TYPES;
                    default -> Map.of();
                };
        if (builtIn.isEmpty()) {
            return objects;
        }
        Map<String, Object> all = new LinkedHashMap<>(builtIn);
        all.putAll(objects);
        return all;
    }

    private static Map<String, EventTypeConfig> builtInEventTypes() {
        Map<String, EventTypeConfig> all = new LinkedHashMap<>();
        BuiltInEventTypes.all()
                .forEach(
                        (name, events) ->
                                all.put(
                                        name,
                                        new EventTypeConfig(
                                                name,
                                                events,
                                                List.of(),
                                                Severity.INFO,
                                                List.of(),
                                                List.of(),
                                                null,
                                                List.of(),
                                                null)));
        return all;
    }

    /** The names of a section's objects, with what the call has done to them so far. */
    public Set<String> names(String section) {
        return names.computeIfAbsent(section, s -> new LinkedHashSet<>(objects(s).keySet()));
    }

    /**
     * An object in force.
     *
     * @throws SoapProblem when there is none of this name
     */
    public Object object(String section, String noun, String name) throws SoapProblem {
        Object object = objects(section).get(name);
        if (object == null) {
            throw SoapProblem.unknown(noun, name);
        }
        return object;
    }

    /** What is written in the desired configuration, with the edits so far. */
    public JsonNode at(List<String> path) {
        JsonNode node = document();
        for (String key : path) {
            node = node.path(key);
        }
        return node;
    }

    /** What this call has put at a place; null when it has put nothing. */
    public @Nullable JsonNode put(List<String> path) {
        return written.get(path);
    }

    /** Puts a value in the place of whatever stands there. */
    public void put(List<String> path, JsonNode value) {
        edits.add(new Edit.Put(path, value));
        written.put(path, value);
        ObjectNode parent = document();
        for (String key : path.subList(0, path.size() - 1)) {
            parent = parent.get(key) instanceof ObjectNode inner ? inner : parent.putObject(key);
        }
        parent.set(path.getLast(), value.deepCopy());
    }

    /** Takes away what stands at a place, if anything does. */
    public void remove(List<String> path) {
        if (at(path.subList(0, path.size() - 1)) instanceof ObjectNode parent
                && parent.has(path.getLast())) {
            edits.add(new Edit.Remove(path));
            parent.remove(path.getLast());
        }
        written.remove(path);
    }

    /**
     * Puts a value under a key of an object, unfolding the short form that may stand there.
     *
     * @param key with a dot when it is in a mapping: {@code log.format}
     * @param value null takes the key away, so that its default holds
     */
    public void set(String section, @Nullable String name, String key, @Nullable JsonNode value)
            throws SoapProblem {
        List<String> path = new ArrayList<>();
        path.add(section);
        Object object = config;
        if (name != null) {
            materialize(section, name);
            path.add(name);
            object = objects(section).get(name);
        } else {
            object = Effective.at(config, section);
        }
        List<String> keys = Arrays.asList(key.split("\\.", -1));
        List<String> full = new ArrayList<>(path);
        full.addAll(keys);
        if (keys.size() > 1) {
            path.add(keys.getFirst());
            Object mapping = object == null ? null : Effective.at(object, keys.getFirst());
            if (object != null && mapping == null) {
                throw SoapProblem.notAllowed(
                        "'" + keys.getFirst() + "' is off; switch it on first",
                        name == null ? section : name);
            }
            JsonNode there = at(path);
            if (!there.isObject() && mapping != null && Effective.has(mapping, "enabled")) {
                ObjectNode unfolded = JSON.objectNode();
                unfolded.put("enabled", Boolean.TRUE.equals(Effective.at(mapping, "enabled")));
                if (there.isString()) {
                    unfolded.set("format", there);
                }
                put(path, unfolded);
            } else if (there.isString() && mapping != null && Effective.has(mapping, "listen")) {
                put(path, JSON.objectNode().set("listen", there));
            }
        }
        if (value == null) {
            remove(full);
        } else {
            put(full, value);
        }
    }

    /** Makes a pool of its own out of a list of nodes that stands in a virtual server. */
    private void materialize(String section, String name) throws SoapProblem {
        if (at(List.of(section, name)).isObject() || !objects(section).containsKey(name)) {
            return;
        }
        JsonNode inline = at(List.of("virtual-servers", name, "pool"));
        if (section.equals("pools") && inline.isArray()) {
            put(List.of("pools", name, "nodes"), inline);
            put(List.of("virtual-servers", name, "pool"), JSON.stringNode(name));
        } else if (section.equals("monitors")) {
            throw SoapProblem.notAllowed("'" + name + "' is a built-in monitor", name);
        }
    }

    /** Makes an object. */
    public void create(String section, String name, JsonNode content) {
        names(section).add(name);
        put(List.of(section, name), content);
    }

    /** Takes an object away. */
    public void delete(String section, String name) {
        names(section).remove(name);
        remove(List.of(section, name));
    }

    /** Renames an object, and what refers to it. */
    public void rename(String section, String from, String to) {
        names(section).remove(from);
        names(section).add(to);
        edits.add(new Edit.Rename(section, from, to));
    }

    /** Puts a file beside the configuration. */
    public void putFile(String path, byte[] content) {
        edits.add(new Edit.PutFile(path, content));
    }

    /** Gives a file another path, and what names it in the configuration too. */
    public void renameFile(String from, String to) {
        edits.add(new Edit.RenameFile(from, to));
    }

    /** Takes a file away. */
    public void removeFile(String path) {
        edits.add(new Edit.RemoveFile(path));
    }

    /** Adds an operational decision. */
    public void command(NodeCommand command) {
        commands.add(command);
    }

    private ObjectNode document() {
        ObjectNode known = document;
        if (known == null) {
            known = control.desired().document();
            document = known;
        }
        return known;
    }

    /** Whether the call changes anything. */
    boolean isEmpty() {
        return edits.isEmpty() && commands.isEmpty();
    }

    /** Whether somebody else has changed the configuration since the call began. */
    boolean isStale() {
        return base != control.revision();
    }

    /** The last value that was put somewhere below a key, for messages; empty when none was. */
    String valueAt(String path) {
        for (Map.Entry<List<String>, JsonNode> entry : written.entrySet()) {
            if (path.startsWith(String.join(".", entry.getKey()))
                    && entry.getValue().isValueNode()) {
                return entry.getValue().asString();
            }
        }
        return "";
    }

    /** Does all of it. */
    void commit(Peer peer, String comment) throws RefusedException {
        if (edits.isEmpty()) {
            control.setNodes(commands, null, peer.author());
        } else {
            control.change(
                    new Change(edits, comment, base, false, true, null, commands), peer.author());
        }
    }
}
