package io.weir.control.managed;

import io.weir.config.load.DocumentKeys;
import io.weir.config.load.DocumentKeys.Role;
import io.weir.control.ControlProblem;
import io.weir.control.RefusedException;
import io.weir.control.store.Tree;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where a document reaches beyond itself: into Weir's environment, into secrets, to files outside
 * of the store, to programs, to the people who are let in. Who is not trusted with the machine may
 * keep what of this is there, in its place, and bring in no more; nor may what is kept be sent
 * elsewhere. Confined to one thread.
 */
final class Reach {

    private static final Set<String> RUN = Set.of("program", "arguments");
    private static final Set<String> RUNNING = Set.of("monitors", "actions");
    private static final Set<String> FILES =
            Set.of("allowed-files", "banned-files", "disk-directory");

    /** Mappings of {@code global}: who gets in as whom, and where all secrets are copied to. */
    private static final Set<String> RESERVED = Set.of("admin", "backup");

    /** Other Weirs, the one thing in {@code global.admin} that lets nobody in. */
    private static final String INSTANCES = "instances";

    /** Sections whose objects send the secrets that they have to where they say. */
    private static final Set<String> SENDING = Set.of("monitors", "actions", "authenticators");

    /** Keys of a sender that say where its secrets go, and who can read them on the way. */
    private static final Set<String> DESTINATION =
            Set.of(
                    "type",
                    "url",
                    "secret-url",
                    "server",
                    "address",
                    "machine",
                    "transport",
                    "security",
                    "start-tls",
                    "use-ssl",
                    "ca-file");

    private final ObjectNode before;
    private final Tree files;

    /** A text and its place in a document. */
    private record Text(List<String> place, String value) {}

    /**
     * What has references and sends what they stand for away.
     *
     * @param destination what it has of the keys that say whereto
     */
    private record Sender(
            List<String> path, Set<Text> references, Map<String, JsonNode> destination) {

        /** Whether all that it has may be what one had that was there. */
        boolean keepsThoseOf(Sender former) {
            return place(former.path).equals(place(path))
                    && former.references.containsAll(references);
        }
    }

    /**
     * @param document what is there, not changed here
     * @param files all files as kept
     */
    Reach(ObjectNode document, Tree files) {
        this.before = document.deepCopy();
        this.files = files;
    }

    /** An object has another name from now on. */
    void rename(String section, String from, String to) {
        if (before.get(section) instanceof ObjectNode objects && objects.has(from)) {
            objects.set(to, objects.remove(from));
        }
    }

    /**
     * Compares what {@code document} and the files beside it have with what was there.
     *
     * @throws RefusedException when there is more, or it goes elsewhere
     */
    void check(ObjectNode document, Tree then) throws RefusedException {
        Set<Text> known = new HashSet<>();
        DocumentKeys.replaceTexts(
                before,
                (role, path, value) -> {
                    if (kind(role, path, value) != null) {
                        known.add(new Text(place(path), value));
                    }
                    return value;
                });
        DocumentKeys.replaceTexts(
                document,
                (role, path, value) -> {
                    String kind = kind(role, path, value);
                    if (kind != null && !known.contains(new Text(place(path), value))) {
                        throw forbidden(String.join(".", path) + " is " + kind, "may bring in");
                    }
                    return value;
                });
        checkReserved(document, then);
        checkSenders(document, then);
    }

    /**
     * Compares who gets in, and where all secrets are copied to.
     *
     * @throws RefusedException when that is another
     */
    void checkReserved(ObjectNode document, Tree then) throws RefusedException {
        for (String section : RESERVED) {
            String key = difference(reserved(before, section), reserved(document, section));
            if (key != null) {
                throw forbidden(
                        String.join(".", "global", section, key)
                                + (section.equals("admin")
                                        ? " is about who gets in"
                                        : " is about where secrets are copied to"),
                        "may change");
            }
        }
        checkFiles(
                document,
                then,
                path ->
                        path.size() > 2
                                && path.getFirst().equals("global")
                                && path.get(1).equals("admin")
                                && !path.get(2).equals(INSTANCES));
    }

    private void checkSenders(ObjectNode document, Tree then) throws RefusedException {
        List<Sender> known = senders(before);
        List<Sender> present = senders(document);
        for (Sender sender : present) {
            boolean same = false;
            String other = "";
            for (Sender each : known) {
                if (sender.keepsThoseOf(each)) {
                    String key = difference(sender.destination, each.destination);
                    same |= key == null;
                    other = key == null ? "" : "." + key;
                }
            }
            if (!same) {
                String name = String.join(".", sender.path);
                throw forbidden(
                        name
                                + other
                                + " is about where the secrets of "
                                + name
                                + " go, unless all of them are given anew",
                        "may change");
            }
        }
        checkFiles(
                document,
                then,
                path ->
                        path.getLast().equals("ca-file")
                                && present.stream().anyMatch(s -> s.path.equals(sender(path))));
    }

    /** Whether a file is held that stands at a place in the document. */
    @FunctionalInterface
    private interface Held {
        boolean is(List<String> path);
    }

    /** Refuses other contents of files that are held; they are named as they were. */
    private void checkFiles(ObjectNode document, Tree then, Held held) throws RefusedException {
        DocumentKeys.replaceTexts(
                document,
                (role, path, value) -> {
                    if (role == Role.FILE && held.is(path)) {
                        String file = Path.of(value).normalize().toString();
                        if (!Arrays.equals(files.get(file), then.get(file))) {
                            throw forbidden(
                                    "the file " + file + " is the one of " + String.join(".", path),
                                    "may change");
                        }
                    }
                    return value;
                });
    }

    /** What a mapping of {@code global} says that is reserved, by key. */
    private static Map<String, JsonNode> reserved(ObjectNode document, String section) {
        JsonNode node = document.path("global").path(section);
        Map<String, JsonNode> keys = new LinkedHashMap<>();
        if (node instanceof ObjectNode mapping) {
            mapping.properties().forEach(each -> keys.put(each.getKey(), each.getValue()));
            keys.remove(INSTANCES);
        } else if (!node.isMissingNode()) {
            keys.put("listen", node); // the short form
        }
        return keys;
    }

    /** The first key by which two mappings differ; null when they are the same. */
    private static @Nullable String difference(
            Map<String, JsonNode> one, Map<String, JsonNode> other) {
        Set<String> keys = new LinkedHashSet<>(one.keySet());
        keys.addAll(other.keySet());
        for (String key : keys) {
            JsonNode here = one.getOrDefault(key, MissingNode.getInstance());
            // Numbers are the same whatever their width, which depends on where they were read.
            if (!here.equals(
                    Comparator.comparing(JsonNode::toString),
                    other.getOrDefault(key, MissingNode.getInstance()))) {
                return key;
            }
        }
        return null;
    }

    private static List<Sender> senders(ObjectNode document) {
        Map<List<String>, Set<Text>> references = new LinkedHashMap<>();
        DocumentKeys.replaceTexts(
                document,
                (role, path, value) -> {
                    List<String> sender = sender(path);
                    if (sender != null && isReference(value)) {
                        references
                                .computeIfAbsent(sender, p -> new HashSet<>())
                                .add(new Text(place(path), value));
                    }
                    return value;
                });
        List<Sender> senders = new ArrayList<>();
        references.forEach(
                (path, texts) -> {
                    Map<String, JsonNode> destination = new HashMap<>();
                    JsonNode sender = at(document, path);
                    for (String key : DESTINATION) {
                        if (sender.has(key)) {
                            destination.put(key, sender.path(key));
                        }
                    }
                    senders.add(new Sender(path, texts, destination));
                });
        return senders;
    }

    /** The path of the sender that what stands at {@code path} belongs to; null for none. */
    private static @Nullable List<String> sender(List<String> path) {
        int length =
                SENDING.contains(path.getFirst())
                        ? 2
                        : path.size() > 4
                                        && path.subList(0, 3)
                                                .equals(List.of("global", "admin", INSTANCES))
                                ? 4
                                : path.size();
        return path.size() > length ? path.subList(0, length) : null;
    }

    private static JsonNode at(JsonNode document, List<String> path) {
        JsonNode node = document;
        for (String key : path) {
            node = node.isArray() ? node.path(Integer.parseInt(key)) : node.path(key);
        }
        return node;
    }

    private static RefusedException forbidden(String what, String may) {
        return new RefusedException(
                new ControlProblem.Forbidden(
                        what + ", which only administrators and the command line " + may));
    }

    /** What a value is that reaches beyond the document; null for any other. */
    private static @Nullable String kind(Role role, List<String> path, String value) {
        if (isReference(value)) {
            return "a reference";
        }
        if (path.size() > 2 && RUNNING.contains(path.getFirst()) && RUN.contains(path.get(2))) {
            return "a part of a program's call";
        }
        boolean file = role == Role.FILE || path.stream().anyMatch(FILES::contains);
        return file && isOutside(value) ? "a file outside of the configuration" : null;
    }

    private static boolean isReference(String value) {
        return value.replace("$${", "").contains("${");
    }

    private static boolean isOutside(String file) {
        return file.startsWith("/") || ("/" + file + "/").contains("/../");
    }

    /** A place in a document: entries of a list may change theirs within it. */
    private static List<String> place(List<String> path) {
        List<String> place = new ArrayList<>(path);
        for (int i = 2; i < place.size(); i++) {
            if (place.get(i).matches("[0-9]+")) {
                place.set(i, "*");
            }
        }
        return place;
    }
}
