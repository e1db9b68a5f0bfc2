package io.weir.config.load;

import io.weir.config.load.Node.Mapping;

import java.util.List;
import java.util.Map;

/** Looks for keys of objects with a type that belong to objects of another type. */
final class KeyTypes {

    private KeyTypes() {}

    /**
     * Reports them.
     *
     * @param objects what the objects are called, in the plural
     * @param code the kind of problem
     */
    static void check(Section s, String objects, ProblemCode code, Problems problems) {
        Mapping mapping = s.mapping();
        Node written = mapping == null ? null : mapping.get("type");
        if (mapping == null || (written != null && problems.isFaulty(written))) {
            return;
        }
        String type = s.word("type");
        for (Map.Entry<String, Node.Member> entry : mapping.members().entrySet()) {
            Shape known = s.shape().properties().get(entry.getKey());
            List<String> types = known == null ? List.of() : known.types();
            if (!types.isEmpty() && !types.contains(type)) {
                String path = s.path(entry.getKey());
                problems.error(
                        entry.getValue().key(),
                        path,
                        code,
                        path
                                + ": the key is for "
                                + objects
                                + " of the type "
                                + String.join(", ", types)
                                + ", and the type here is "
                                + type
                                + (s.has("type") ? "" : ", the default"));
            }
        }
    }
}
