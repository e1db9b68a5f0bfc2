package io.weir.control.managed;

import io.weir.config.load.DocumentKeys;
import io.weir.config.load.DocumentKeys.Role;
import io.weir.control.ControlProblem;
import io.weir.control.RefusedException;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where a document reaches beyond itself: into Weir's environment, into secrets, to files outside
 * of the store, to programs. Who is not trusted with the machine may keep what of this is there, in
 * its place, and bring in no more. Confined to one thread.
 */
final class Reach {

    private static final Set<String> RUN = Set.of("program", "arguments");
    private static final Set<String> RUNNING = Set.of("monitors", "actions");
    private static final Set<String> FILES =
            Set.of("allowed-files", "banned-files", "disk-directory");

    private final Map<List<String>, Set<String>> known = new HashMap<>();

    /** What {@code document} has. */
    Reach(ObjectNode document) {
        DocumentKeys.replaceTexts(
                document.deepCopy(),
                (role, path, value) -> {
                    if (kind(role, path, value) != null) {
                        known.computeIfAbsent(place(path), p -> new HashSet<>()).add(value);
                    }
                    return value;
                });
    }

    /** An object has another name from now on. */
    void rename(String section, String from, String to) {
        Map<List<String>, Set<String>> moved = new HashMap<>();
        known.entrySet()
                .removeIf(
                        entry -> {
                            List<String> path = entry.getKey();
                            boolean its =
                                    path.size() > 1
                                            && path.get(0).equals(section)
                                            && path.get(1).equals(from);
                            if (its) {
                                List<String> there = new ArrayList<>(path);
                                there.set(1, to);
                                moved.put(there, entry.getValue());
                            }
                            return its;
                        });
        known.putAll(moved);
    }

    /**
     * Compares what {@code document} has with what was there.
     *
     * @throws RefusedException when there is more
     */
    void check(ObjectNode document) throws RefusedException {
        DocumentKeys.replaceTexts(
                document,
                (role, path, value) -> {
                    String kind = kind(role, path, value);
                    if (kind != null
                            && !known.getOrDefault(place(path), Set.of()).contains(value)) {
                        throw new RefusedException(
                                new ControlProblem.Forbidden(
                                        String.join(".", path)
                                                + " is "
                                                + kind
                                                + ", which only administrators and the command"
                                                + " line may bring in"));
                    }
                    return value;
                });
    }

    /** What a value is that reaches beyond the document; null for any other. */
    private static @Nullable String kind(Role role, List<String> path, String value) {
        if (value.replace("$${", "").contains("${")) {
            return "a reference";
        }
        if (path.size() > 2 && RUNNING.contains(path.getFirst()) && RUN.contains(path.get(2))) {
            return "a part of a program's call";
        }
        boolean file = role == Role.FILE || path.stream().anyMatch(FILES::contains);
        return file && isOutside(value) ? "a file outside of the configuration" : null;
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
