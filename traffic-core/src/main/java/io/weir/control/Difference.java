package io.weir.control;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What is different between two revisions of a managed configuration.
 *
 * @param keys the keys that differ, the deepest ones; lists are compared as a whole
 * @param text the files that differ in the format of {@code git diff}
 */
public record Difference(long from, long to, List<Key> keys, String text) {

    public Difference {
        keys = List.copyOf(keys);
    }

    /**
     * A key that differs.
     *
     * @param path from the top of the document
     * @param before null when the key is new
     * @param after null when the key is gone
     */
    public record Key(List<String> path, @Nullable JsonNode before, @Nullable JsonNode after) {
        public Key {
            path = List.copyOf(path);
        }
    }

    /** The keys in which two documents differ. */
    public static List<Key> keys(ObjectNode before, ObjectNode after) {
        List<Key> keys = new ArrayList<>();
        compare(before, after, List.of(), keys);
        return keys;
    }

    private static void compare(
            ObjectNode before, ObjectNode after, List<String> path, List<Key> keys) {
        Set<String> names = new LinkedHashSet<>(before.propertyNames());
        names.addAll(after.propertyNames());
        for (String name : names) {
            JsonNode old = before.get(name);
            JsonNode now = after.get(name);
            List<String> inner = new ArrayList<>(path);
            inner.add(name);
            if (old instanceof ObjectNode oldObject && now instanceof ObjectNode object) {
                compare(oldObject, object, inner, keys);
            } else if (old == null || !old.equals(now)) {
                keys.add(new Key(inner, old, now));
            }
        }
    }
}
