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

    /** What the schema says about a text. */
    public enum Role {
        /** Never shown. */
        SECRET,
        /** The name of a file, relative to that of the main file unless it is absolute. */
        FILE,
        /** The file of a program, relative likewise; programs that PATH finds are none. */
        PROGRAM,
        /** Anything else. */
        OTHER
    }

    /** Gives the text that is to stand in place of a text. */
    @FunctionalInterface
    public interface TextVisitor<X extends Exception> {
        /**
         * The text to stand there from now on.
         *
         * @param path of the text in the document; an entry of a list has its number
         * @param value what stands there
         */
        String replace(Role role, List<String> path, String value) throws X;
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
        return shape == null ? List.of() : shape.types();
    }

    /** Whether a value is one reference and nothing else: <code>${file:name}</code>. */
    public static boolean isReference(String value) {
        return REFERENCE.matcher(value).matches();
    }

    /** Has every text of {@code document} replaced by what {@code visitor} says. */
    public static <X extends Exception> void replaceTexts(
            ObjectNode document, TextVisitor<X> visitor) throws X {
        replaceTexts(document, Schema.root(), new ArrayList<>(), visitor);
    }

    private static <X extends Exception> void replaceTexts(
            JsonNode node, @Nullable Shape shape, List<String> path, TextVisitor<X> visitor)
            throws X {
        if (node instanceof ObjectNode object) {
            for (String key : List.copyOf(object.propertyNames())) {
                path.addLast(key);
                JsonNode value = object.get(key);
                Shape inner = inside(shape, key);
                if (value.isString()) {
                    object.put(key, replaced(value, inner, path, visitor));
                } else {
                    replaceTexts(value, inner, path, visitor);
                }
                path.removeLast();
            }
        } else if (node instanceof ArrayNode array) {
            Shape fitting = fitting(shape, false);
            Shape items = fitting == null ? null : fitting.items();
            for (int i = 0; i < array.size(); i++) {
                path.addLast(String.valueOf(i));
                JsonNode value = array.get(i);
                if (value.isString()) {
                    String text = replaced(value, items, path, visitor);
                    array.set(i, JsonNodeFactory.instance.stringNode(text));
                } else {
                    replaceTexts(value, items, path, visitor);
                }
                path.removeLast();
            }
        }
    }

    private static <X extends Exception> String replaced(
            JsonNode text, @Nullable Shape shape, List<String> path, TextVisitor<X> visitor)
            throws X {
        String value = text.stringValue();
        return visitor.replace(role(shape, value), List.copyOf(path), value);
    }

    private static Role role(@Nullable Shape shape, String value) {
        if (shape == null) {
            return Role.OTHER;
        }
        if (shape.program() && ProgramFile.isFile(value)) {
            return Role.PROGRAM;
        }
        return shape.secret() ? Role.SECRET : shape.file() ? Role.FILE : Role.OTHER;
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
