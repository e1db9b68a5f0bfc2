package io.weir.control.managed;

import io.weir.cert.PrivateKeys;
import io.weir.config.load.DocumentKeys;
import io.weir.config.load.DocumentKeys.Role;
import io.weir.config.load.Nearest;
import io.weir.control.ControlProblem;
import io.weir.control.Edit;
import io.weir.control.RefusedException;
import io.weir.control.store.Tree;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A document and the files beside it while edits are made to them. Confined to one thread. */
final class Draft {

    private static final int MAX_FILE = 4 << 20;

    private final ObjectNode before;
    private final Map<String, byte[]> files = new TreeMap<>();
    private final SecretFiles secrets;
    private final @Nullable Reach reach;
    private final List<String> added = new ArrayList<>();
    private ObjectNode document;

    /**
     * @param before the document as kept, not changed here
     * @param tree all files as kept
     * @param machine whether the edits may reach beyond the document further than it does
     */
    Draft(ObjectNode before, Tree tree, SecretFiles secrets, boolean machine) {
        this.before = before;
        this.document = before.deepCopy();
        this.secrets = secrets;
        this.reach = machine ? null : new Reach(before, tree);
        tree.files()
                .forEach(
                        (path, content) -> {
                            if (!Layout.isDocument(path)) {
                                files.put(path, content);
                            }
                        });
    }

    /** Names of the secrets that were kept for this draft. */
    List<String> addedSecrets() {
        return added;
    }

    /** Makes one edit. */
    void apply(Edit edit) throws RefusedException, IOException {
        switch (edit) {
            case Edit.Put(List<String> path, JsonNode value) -> put(path, value);
            case Edit.Remove(List<String> path) -> remove(path);
            case Edit.Rename(String section, String from, String to) -> rename(section, from, to);
            case Edit.PutFile(String path, byte[] content) -> putFile(path, content);
            case Edit.RenameFile(String from, String to) -> renameFile(from, to);
            case Edit.RemoveFile(String path) -> {
                if (files.remove(path) == null) {
                    throw notFound("file", path, "the store", files.keySet());
                }
            }
        }
    }

    /** All files with the edits made. */
    Tree tree() throws RefusedException, IOException {
        ObjectNode kept = document.deepCopy();
        hideSecrets(kept);
        Map<String, byte[]> all = new TreeMap<>(files);
        all.putAll(Layout.files(kept));
        return new Tree(all);
    }

    private void put(List<String> path, JsonNode value) throws RefusedException {
        if (path.isEmpty()) {
            if (!(value instanceof ObjectNode whole)) {
                throw invalid("document", "no mapping", "a mapping");
            }
            document = whole.deepCopy();
        } else {
            ObjectNode parent = document;
            for (String key : path.subList(0, path.size() - 1)) {
                JsonNode inner = parent.get(key);
                if (inner == null) {
                    inner = parent.putObject(key);
                }
                if (!(inner instanceof ObjectNode mapping)) {
                    throw new RefusedException(
                            new ControlProblem.Conflict(
                                    "cannot put "
                                            + String.join(".", path)
                                            + ": "
                                            + key
                                            + " is not a mapping"));
                }
                parent = mapping;
            }
            parent.set(path.getLast(), value.deepCopy());
        }
        if (document.has("include")) {
            throw invalid("key include", "there", "none, since the store has no further files");
        }
    }

    private void remove(List<String> path) throws RefusedException {
        ObjectNode parent = document;
        for (int i = 0; i < path.size(); i++) {
            JsonNode inner = parent.get(path.get(i));
            if (inner == null) {
                throw notFound(
                        i == 0 ? "section" : "key",
                        String.join(".", path.subList(0, i + 1)),
                        "the configuration",
                        parent.propertyNames());
            }
            if (i == path.size() - 1) {
                parent.remove(path.get(i));
                return;
            }
            if (!(inner instanceof ObjectNode mapping)) {
                throw notFound("key", String.join(".", path), "the configuration", List.of());
            }
            parent = mapping;
        }
        throw invalid("path to remove", "empty", "that of a section, an object or a key");
    }

    private void rename(String section, String from, String to) throws RefusedException {
        if (!(document.get(section) instanceof ObjectNode objects) || objects.get(from) == null) {
            JsonNode there = document.get(section);
            throw notFound(
                    section,
                    from,
                    "the configuration",
                    there == null ? List.of() : there.propertyNames());
        }
        if (objects.has(to)) {
            throw new RefusedException(
                    new ControlProblem.Conflict(
                            "cannot rename "
                                    + section
                                    + " "
                                    + from
                                    + ": there is one called "
                                    + to
                                    + " already"));
        }
        objects.set(to, objects.remove(from));
        DocumentKeys.renameReferences(document, section, from, to);
        Reach present = reach;
        if (present != null) {
            present.rename(section, from, to);
        }
    }

    private void putFile(String path, byte[] content) throws RefusedException, IOException {
        mayHave(path);
        if (content.length > MAX_FILE) {
            throw invalid("file " + path, content.length + " bytes long", "at most " + MAX_FILE);
        }
        byte[] present = files.get(path);
        String pointed = SecretFiles.pointed(content);
        if (pointed != null && !secrets.isFor(path, pointed)) {
            throw invalid("file " + path, "a pointer to another secret", "its content");
        }
        if (present != null && Arrays.equals(secrets.resolve(present), content)) {
            return; // the same secret again keeps its name
        }
        files.put(
                path,
                PrivateKeys.areIn(content) ? SecretFiles.pointer(keep(path, content)) : content);
    }

    private void renameFile(String from, String to) throws RefusedException, IOException {
        mayHave(to);
        byte[] content = files.get(from);
        if (content == null) {
            throw notFound("file", from, "the store", files.keySet());
        }
        if (files.containsKey(to)) {
            throw new RefusedException(
                    new ControlProblem.Conflict(
                            "cannot rename the file "
                                    + from
                                    + ": there is one called "
                                    + to
                                    + " already"));
        }
        files.remove(from);
        // A secret is kept anew, since its name begins with the path that it belongs to.
        files.put(
                to,
                SecretFiles.pointed(content) == null
                        ? content
                        : SecretFiles.pointer(keep(to, secrets.resolve(content))));
        DocumentKeys.replaceTexts(
                document,
                (role, _, value) ->
                        value.equals(from) && (role == Role.FILE || role == Role.PROGRAM)
                                ? to
                                : value);
    }

    /** Refuses a path that no file may have, or none of this author's. */
    private void mayHave(String path) throws RefusedException {
        Layout.checkFile(path);
        if (reach != null && path.startsWith(Edit.PROGRAMS)) {
            throw new RefusedException(
                    new ControlProblem.Forbidden(
                            path
                                    + " is a program, which only administrators and the command"
                                    + " line may bring in"));
        }
    }

    private void hideSecrets(ObjectNode kept) throws RefusedException, IOException {
        List<Hidden> literal = new ArrayList<>();
        DocumentKeys.replaceTexts(
                kept,
                (role, path, value) -> {
                    if (role != Role.SECRET) {
                        refuseSecret(path, value);
                        return value;
                    }
                    if (value.equals(DocumentKeys.MASK)) {
                        String former = text(before, path);
                        if (former == null) {
                            throw invalid(
                                    String.join(".", path),
                                    DocumentKeys.MASK,
                                    "the secret itself, since none is there yet");
                        }
                        return former;
                    }
                    if (!DocumentKeys.isReference(value)) {
                        literal.add(new Hidden(path, value));
                    }
                    return value;
                });
        Reach present = reach;
        if (present != null) {
            present.check(kept, new Tree(files));
        }
        Map<List<String>, String> references = new HashMap<>();
        for (Hidden hidden : literal) {
            String path = String.join(".", hidden.path());
            String value = hidden.value();
            if (value.replace("$${", "").contains("${")) {
                throw invalid(path, "a secret with a reference in it", "one or the other");
            }
            // One line end is taken off when the file is read.
            byte[] content = (value.replace("$${", "${") + "\n").getBytes(StandardCharsets.UTF_8);
            references.put(hidden.path(), "${file:" + keep(path, content) + "}");
        }
        DocumentKeys.replaceTexts(kept, (_, path, value) -> references.getOrDefault(path, value));
    }

    /** Nobody is to read secrets by having them put where they show. */
    private static void refuseSecret(List<String> path, String value) throws RefusedException {
        if (value.replace("$${", "").contains("${file:")) {
            throw invalid(
                    String.join(".", path),
                    "a reference to a secret",
                    "none, since the value is no secret");
        }
    }

    /** A secret that is no reference. */
    private record Hidden(List<String> path, String value) {}

    private String keep(String label, byte[] content) throws IOException {
        String name = secrets.add(label, content);
        added.add(name);
        return name;
    }

    private static @Nullable String text(JsonNode document, List<String> path) {
        JsonNode node = document;
        for (String key : path) {
            node = node.isArray() ? node.path(Integer.parseInt(key)) : node.path(key);
        }
        return node.isString() ? node.stringValue() : null;
    }

    private static RefusedException notFound(
            String kind, String name, String where, Collection<String> known) {
        return new RefusedException(
                new ControlProblem.NotFound(
                        kind,
                        name,
                        where,
                        Nearest.to(name.substring(name.lastIndexOf('.') + 1), known)));
    }

    private static RefusedException invalid(String thing, String found, String expected) {
        return new RefusedException(new ControlProblem.Invalid(thing, found, expected));
    }
}
