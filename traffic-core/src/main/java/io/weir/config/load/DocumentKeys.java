package io.weir.config.load;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What the schema knows about the values of a document: which sections hold objects by name, which
 * values are secrets, and which name other objects. Safe for every thread; the documents handed in
 * are the caller's.
 */
public final class DocumentKeys {

    /** What stands in a shown document in place of a secret. */
    public static final String MASK = "***";

    private static final Pattern REFERENCE = Pattern.compile("\\$\\{(env|file):[^${}]*}");

    private DocumentKeys() {}

    /** Gives the text that is to stand in place of a secret. */
    @FunctionalInterface
    public interface SecretVisitor<X extends Exception> {
        /**
         * The text to stand there from now on.
         *
         * @param path of the secret in the document; an entry of a list has its number
         * @param value what stands there
         */
        String replace(List<String> path, String value) throws X;
    }

    /** The sections that hold objects by name, in the order of the manual. */
    public static List<String> catalogs() {
        List<String> names = new ArrayList<>();
        Schema.root()
                .properties()
                .forEach(
                        (name, shape) -> {
                            if (shape.others() != null) {
                                names.add(name);
                            }
                        });
        return names;
    }

    /** The types of monitors that a key of monitors is for; empty for all of them. */
    public static List<String> monitorTypes(String key) {
        Shape shape = inside(inside(inside(Schema.root(), "monitors"), ""), key);
        return shape == null ? List.of() : shape.monitorTypes();
    }

    /** Whether a value is one reference and nothing else: <code>${file:name}</code>. */
    public static boolean isReference(String value) {
        return REFERENCE.matcher(value).matches();
    }

    /** Has every secret of {@code document} replaced by what {@code visitor} says. */
    public static <X extends Exception> void secrets(ObjectNode document, SecretVisitor<X> visitor)
            throws X {
        secrets(document, Schema.root(), new ArrayList<>(), visitor);
    }

    private static <X extends Exception> void secrets(
            JsonNode node, @Nullable Shape shape, List<String> path, SecretVisitor<X> visitor)
            throws X {
        Shape fitting = fitting(shape, node.isObject());
        if (fitting == null) {
            return;
        }
        if (node instanceof ObjectNode object) {
            for (String key : List.copyOf(object.propertyNames())) {
                path.addLast(key);
                Shape inner = inside(fitting, key);
                JsonNode value = object.get(key);
                if (inner != null && inner.secret() && value.isString()) {
                    object.put(key, visitor.replace(List.copyOf(path), value.stringValue()));
                } else {
                    secrets(value, inner, path, visitor);
                }
                path.removeLast();
            }
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                path.addLast(String.valueOf(i));
                secrets(array.get(i), fitting.items(), path, visitor);
                path.removeLast();
            }
        }
    }

    /**
     * Renames what refers to an object of {@code section}; the object itself is left alone. Names
     * in the text of rules are not seen.
     *
     * @return how many references there were
     */
    public static int renameReferences(
            ObjectNode document, String section, String from, String to) {
        return rename(document, Schema.root(), section, from, to);
    }

    private static int rename(
            JsonNode node, @Nullable Shape shape, String section, String from, String to) {
        Shape fitting = fitting(shape, node.isObject());
        if (fitting == null) {
            return 0;
        }
        int count = 0;
        if (node instanceof ObjectNode object) {
            for (String key : List.copyOf(object.propertyNames())) {
                Shape inner = inside(fitting, key);
                JsonNode value = object.get(key);
                if (names(inner, section, value, from)) {
                    object.put(key, to);
                    count++;
                } else {
                    count += rename(value, inner, section, from, to);
                }
            }
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                if (names(fitting.items(), section, array.get(i), from)) {
                    array.set(i, JsonNodeFactory.instance.stringNode(to));
                    count++;
                } else {
                    count += rename(array.get(i), fitting.items(), section, from, to);
                }
            }
        }
        return count;
    }

    private static boolean names(
            @Nullable Shape shape, String section, JsonNode value, String name) {
        if (shape == null || !value.isString() || !value.stringValue().equals(name)) {
            return false;
        }
        return section.equals(shape.refersTo())
                || shape.alternatives().stream().anyMatch(a -> section.equals(a.refersTo()));
    }

    /** The shape of what stands under {@code key}; null when the schema knows none. */
    static @Nullable Shape inside(@Nullable Shape shape, String key) {
        Shape fitting = fitting(shape, true);
        if (fitting == null) {
            return null;
        }
        Map<String, Shape> properties = fitting.properties();
        Shape known = properties.get(key);
        return known == null ? fitting.others() : known;
    }

    /** The one of a shape's alternatives that is for mappings, or for lists and single values. */
    static @Nullable Shape fitting(@Nullable Shape shape, boolean mapping) {
        if (shape == null || shape.alternatives().isEmpty()) {
            return shape;
        }
        for (Shape alternative : shape.alternatives()) {
            Shape fitting = fitting(alternative, mapping);
            if (fitting != null && fitting.type().equals(mapping ? "object" : "array")) {
                return fitting;
            }
        }
        return null;
    }
}
