package io.weir.config.load;

import io.weir.config.load.Node.Mapping;
import io.weir.config.load.Node.Member;
import io.weir.config.load.Node.Scalar;
import io.weir.config.load.Node.Sequence;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A configuration as it was written, all files together: short forms stay short, what is not there
 * is not there, and references such as <code>${file:name}</code> are not followed. Immutable.
 */
public final class ConfigDocument {

    private final Mapping root;

    ConfigDocument(Mapping root) {
        this.root = root;
    }

    /**
     * The document in texts, of which each is a part as an included file would be. What cannot be
     * understood is left out.
     *
     * @param texts by the names of their files
     */
    public static ConfigDocument read(Map<String, String> texts) {
        Problems problems = new Problems();
        Sources sources = new Sources(new Environment(Map.of(), Path.of("secrets")), problems);
        texts.forEach(
                (name, text) -> {
                    if (YamlReader.read(Path.of(name), text, problems) instanceof Mapping part) {
                        sources.add(part);
                    }
                });
        return new ConfigDocument(sources.merged(Path.of("")));
    }

    /**
     * The document as a JSON tree of the caller's own, without {@code include}, since what was
     * included is in it. A secret that is no reference comes out as {@code ***}; so does one that
     * is made of a reference and further text.
     */
    public ObjectNode json() {
        return json(true);
    }

    /** The document with the secrets that stand in it, for those who keep them apart. */
    public ObjectNode withSecrets() {
        return json(false);
    }

    private ObjectNode json(boolean masked) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        fill(document, root, Schema.root(), masked);
        document.remove("include");
        return document;
    }

    /**
     * Where the value at {@code path} stands, or the nearest thing around it that is there: {@code
     * weir.yaml:12}.
     */
    public String where(List<String> path) {
        Mapping mapping = root;
        Place place = root.place();
        for (String key : path) {
            Member member = mapping.members().get(key);
            if (member == null) {
                break;
            }
            place = member.key();
            if (!(member.value() instanceof Mapping inner)) {
                break;
            }
            mapping = inner;
        }
        return place.brief();
    }

    /** The file that holds the document, the first one if there are several. */
    public Path file() {
        return root.place().file();
    }

    private static void fill(
            ObjectNode into, Mapping mapping, @Nullable Shape shape, boolean masked) {
        mapping.members()
                .forEach(
                        (key, member) ->
                                into.set(
                                        key,
                                        json(
                                                member.value(),
                                                DocumentKeys.inside(shape, key),
                                                masked)));
    }

    private static JsonNode json(Node node, @Nullable Shape shape, boolean masked) {
        Shape fitting = DocumentKeys.fitting(shape, node instanceof Mapping);
        return switch (node) {
            case Mapping mapping -> {
                ObjectNode object = JsonNodeFactory.instance.objectNode();
                fill(object, mapping, fitting, masked);
                yield object;
            }
            case Sequence sequence -> {
                ArrayNode array = JsonNodeFactory.instance.arrayNode();
                Shape items = fitting == null ? null : fitting.items();
                sequence.items().forEach(item -> array.add(json(item, items, masked)));
                yield array;
            }
            case Scalar scalar -> scalar(scalar, masked && shape != null && shape.secret());
        };
    }

    private static JsonNode scalar(Scalar scalar, boolean secret) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        String text = scalar.source();
        if (secret && !DocumentKeys.isReference(text)) {
            return json.stringNode(DocumentKeys.MASK);
        }
        if (!scalar.plain() || text.contains("${")) {
            return json.stringNode(text);
        }
        return switch (Node.Type.of(text)) {
            case NOTHING -> json.nullNode();
            case SWITCH -> json.booleanNode(text.equalsIgnoreCase("true"));
            case WHOLE, DECIMAL -> number(text);
            case TEXT -> json.stringNode(text);
        };
    }

    /** A number whose JSON form is the same text; any other stays text. */
    private static JsonNode number(String text) {
        try {
            BigDecimal value = new BigDecimal(text);
            if (value.toPlainString().equals(text)) {
                return value.scale() == 0 && value.precision() <= 18
                        ? JsonNodeFactory.instance.numberNode(value.longValue())
                        : JsonNodeFactory.instance.numberNode(value);
            }
        } catch (NumberFormatException e) {
            // Octal and hexadecimal numbers are no JSON.
        }
        return JsonNodeFactory.instance.stringNode(text);
    }
}
