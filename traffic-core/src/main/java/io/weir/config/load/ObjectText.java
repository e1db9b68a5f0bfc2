package io.weir.config.load;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Writes parts of a document as YAML in one canonical way: keys in the order of the manual, a line
 * for each value and each entry of a list, so that a difference reads well. Reading the text gives
 * the same document, and so does writing that again the same text. Confined to one thread.
 */
public final class ObjectText {

    /** A reference that may stand without quotes, as it must where no text is expected. */
    private static final Pattern BARE_REFERENCE =
            Pattern.compile("\\$\\{(env|file):[A-Za-z0-9_.-]+(:-[A-Za-z0-9_./-]*)?}");

    private final StringBuilder out = new StringBuilder();

    private ObjectText() {}

    /** A file that holds one object of a section, or one setting such as {@code global}. */
    public static String file(String section, @Nullable String name, JsonNode value) {
        ObjectText text = new ObjectText();
        Shape shape = DocumentKeys.inside(Schema.root(), section);
        if (name == null) {
            text.member(section, value, shape, 0);
        } else {
            text.out.append(YamlWriter.written(section)).append(":\n");
            text.member(name, value, DocumentKeys.inside(shape, name), 1);
        }
        return text.out.toString();
    }

    /** A whole document. */
    public static String whole(ObjectNode document) {
        ObjectText text = new ObjectText();
        text.members(document, Schema.root(), 0);
        return text.out.isEmpty() ? "{}\n" : text.out.toString();
    }

    private void members(ObjectNode object, @Nullable Shape shape, int depth) {
        for (String key : ordered(object, shape)) {
            member(key, object.get(key), DocumentKeys.inside(shape, key), depth);
        }
    }

    private static Set<String> ordered(ObjectNode object, @Nullable Shape shape) {
        Set<String> keys = new LinkedHashSet<>();
        Shape fitting = DocumentKeys.fitting(shape, true);
        if (fitting != null) {
            keys.addAll(fitting.properties().keySet());
            keys.retainAll(object.propertyNames());
        }
        keys.addAll(object.propertyNames());
        return keys;
    }

    private void member(String key, JsonNode value, @Nullable Shape shape, int depth) {
        indent(depth);
        out.append(YamlWriter.written(key)).append(':');
        value(value, shape, depth);
    }

    /** What comes after a key's colon or an item's dash, to the end of the line and below. */
    private void value(JsonNode value, @Nullable Shape shape, int depth) {
        switch (value) {
            case ObjectNode object when !object.isEmpty() -> {
                out.append('\n');
                members(object, shape, depth + 1);
            }
            case ArrayNode array when !array.isEmpty() -> {
                out.append('\n');
                Shape fitting = DocumentKeys.fitting(shape, false);
                for (JsonNode item : array) {
                    item(item, fitting == null ? null : fitting.items(), depth + 1);
                }
            }
            case ObjectNode _ -> out.append(" {}\n");
            case ArrayNode _ -> out.append(" []\n");
            default -> out.append(' ').append(scalar(value, shape)).append('\n');
        }
    }

    private void item(JsonNode item, @Nullable Shape shape, int depth) {
        indent(depth);
        out.append('-');
        if (item instanceof ObjectNode object && !object.isEmpty()) {
            // The first key stands beside the dash.
            int begun = out.length();
            members(object, shape, depth + 1);
            out.replace(begun, begun + 2 * (depth + 1), " ");
        } else {
            value(item, shape, depth);
        }
    }

    private void indent(int depth) {
        out.append("  ".repeat(depth));
    }

    private static String scalar(JsonNode value, @Nullable Shape shape) {
        if (!value.isString()) {
            return value.isNumber() ? value.decimalValue().toPlainString() : value.asString();
        }
        String text = value.stringValue();
        boolean typed =
                shape != null
                        && (shape.type().equals("boolean")
                                || shape.type().equals("integer")
                                || shape.kind() == Kind.NUMBER);
        return typed && BARE_REFERENCE.matcher(text).matches() ? text : YamlWriter.written(text);
    }
}
