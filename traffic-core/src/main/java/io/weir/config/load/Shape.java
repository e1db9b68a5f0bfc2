package io.weir.config.load;

import io.weir.config.load.Node.Mapping;
import io.weir.config.load.Node.Member;
import io.weir.config.load.Node.Scalar;
import io.weir.config.load.Node.Sequence;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One schema of the published JSON Schema, made ready for checking and for binding. Immutable.
 *
 * <p>Of draft 2020-12 it knows the keywords that the schema uses: {@code $ref}, {@code anyOf},
 * {@code type}, {@code properties}, {@code additionalProperties}, {@code propertyNames}, {@code
 * required}, {@code items}, {@code minItems}, {@code enum}, {@code pattern}, {@code minLength},
 * {@code minimum}, {@code maximum}, {@code exclusiveMinimum}. Seven annotations are Weir's own:
 * {@code x-kind} names a {@link Kind}, {@code x-aliases} and {@code x-unsupported} are values that
 * mean another one or that this version lacks, {@code x-substitution} marks what only editors need
 * to let through, since substitutions are made before anything is checked, {@code x-secret} marks
 * what is never shown, {@code x-file} what names a file, and {@code x-refers} names the section
 * whose objects a value names. Keywords beside a {@code $ref} take the place of the same keywords
 * behind it.
 */
final class Shape {

    private static final Set<String> KEYWORDS =
            Set.of(
                    "$ref",
                    "$schema",
                    "$id",
                    "$defs",
                    "title",
                    "description",
                    "default",
                    "examples",
                    "anyOf",
                    "type",
                    "properties",
                    "additionalProperties",
                    "propertyNames",
                    "required",
                    "items",
                    "minItems",
                    "enum",
                    "pattern",
                    "minLength",
                    "minimum",
                    "maximum",
                    "exclusiveMinimum",
                    "x-kind",
                    "x-aliases",
                    "x-unsupported",
                    "x-substitution",
                    "x-types",
                    "x-secret",
                    "x-refers",
                    "x-file",
                    "x-program");

    private final Mapping source;
    private final String type;
    private final @Nullable Kind kind;
    private final List<Shape> alternatives;
    private final Map<String, Shape> properties;
    private final @Nullable Shape others;
    private final @Nullable Shape names;
    private final @Nullable Shape items;
    private final List<String> choices;
    private final Map<String, String> aliases;
    private final List<String> unsupported;
    private final @Nullable Pattern pattern;

    private Shape(Mapping written, Mapping definitions) {
        source = resolved(written, definitions);
        for (String keyword : source.members().keySet()) {
            if (!KEYWORDS.contains(keyword)) {
                throw new IllegalStateException("the schema has the keyword " + keyword);
            }
        }
        type = text("type", "");
        String kindName = text("x-kind", "");
        kind = kindName.isEmpty() ? null : Kind.named(kindName);
        List<Shape> among = new ArrayList<>();
        for (Node alternative : list("anyOf")) {
            if (!((Mapping) alternative).members().containsKey("$ref")
                    || !"#/$defs/substitution".equals(string(alternative, "$ref"))) {
                among.add(new Shape((Mapping) alternative, definitions));
            }
        }
        alternatives = kind == null ? List.copyOf(among) : List.of();
        Map<String, Shape> byKey = new LinkedHashMap<>();
        if (source.get("properties") instanceof Mapping mapping) {
            mapping.members()
                    .forEach(
                            (key, member) ->
                                    byKey.put(
                                            key, new Shape((Mapping) member.value(), definitions)));
        }
        properties = Collections.unmodifiableMap(byKey);
        others = nested("additionalProperties", definitions);
        names = nested("propertyNames", definitions);
        items = nested("items", definitions);
        choices = strings("enum");
        unsupported = strings("x-unsupported");
        Map<String, String> byAlias = new LinkedHashMap<>();
        if (source.get("x-aliases") instanceof Mapping mapping) {
            mapping.members().keySet().forEach(key -> byAlias.put(key, string(mapping, key)));
        }
        aliases = Collections.unmodifiableMap(byAlias);
        pattern = kind == null && has("pattern") ? Pattern.compile(text("pattern", "")) : null;
    }

    /** The shape of a whole document. */
    static Shape root(Mapping schema) {
        Node definitions = schema.get("$defs");
        if (!(definitions instanceof Mapping mapping)) {
            throw new IllegalStateException("the schema has no $defs");
        }
        return new Shape(schema, mapping);
    }

    /** JSON type that a value must have; empty when a kind or alternatives decide. */
    String type() {
        return type;
    }

    @Nullable Kind kind() {
        return kind;
    }

    /** Shapes of which a value must have one; empty when there is no choice. */
    List<Shape> alternatives() {
        return alternatives;
    }

    /** Shapes of the keys that a mapping may have, in the order of the manual. */
    Map<String, Shape> properties() {
        return properties;
    }

    /** Shape of the values under keys of the operator's choice; null when there are none. */
    @Nullable Shape others() {
        return others;
    }

    /** Shape of the keys of the operator's choice. */
    @Nullable Shape names() {
        return names;
    }

    @Nullable Shape items() {
        return items;
    }

    /** The words that the value may be; empty when it may be any text. */
    List<String> choices() {
        return choices;
    }

    /** Words that were once used elsewhere and mean one of the choices. */
    Map<String, String> aliases() {
        return aliases;
    }

    /** Words that are known and that this version cannot honour. */
    List<String> unsupported() {
        return unsupported;
    }

    @Nullable Pattern pattern() {
        return pattern;
    }

    List<String> required() {
        return strings("required");
    }

    /** The types of monitors or actions that the key is for; empty for all. */
    List<String> types() {
        return strings("x-types");
    }

    /** Whether the value is the name of a file. */
    boolean file() {
        return has("x-file");
    }

    /** Whether the value is a program to run. */
    boolean program() {
        return has("x-program");
    }

    /** The section whose objects the value names; empty for none. */
    String refersTo() {
        return text("x-refers", "");
    }

    boolean secret() {
        return has("x-secret");
    }

    /** What the value is, with its article: "a time such as 10s". */
    String title() {
        if (has("title")) {
            return text("title", "");
        }
        if (!choices.isEmpty()) {
            return "one of " + String.join(", ", choices);
        }
        if (!alternatives.isEmpty()) {
            return String.join(", or ", alternatives.stream().map(Shape::title).toList());
        }
        return switch (type) {
            case "object" -> "a mapping";
            case "array" -> "a list";
            case "boolean" -> "true or false";
            case "integer" -> "a whole number";
            default -> "a text";
        };
    }

    /** Value of a key that is not there; null when its absence means something of its own. */
    @Nullable Node defaultValue() {
        return source.get("default");
    }

    /** The number behind a keyword such as {@code minimum}; null when there is none. */
    @Nullable Long number(String keyword) {
        return source.get(keyword) instanceof Scalar scalar ? Long.valueOf(scalar.text()) : null;
    }

    private boolean has(String keyword) {
        return source.members().containsKey(keyword);
    }

    private String text(String keyword, String otherwise) {
        return source.get(keyword) instanceof Scalar scalar ? scalar.text() : otherwise;
    }

    private List<Node> list(String keyword) {
        return source.get(keyword) instanceof Sequence sequence ? sequence.items() : List.of();
    }

    private List<String> strings(String keyword) {
        return list(keyword).stream().map(node -> ((Scalar) node).text()).toList();
    }

    private @Nullable Shape nested(String keyword, Mapping definitions) {
        return source.get(keyword) instanceof Mapping mapping
                ? new Shape(mapping, definitions)
                : null;
    }

    private static String string(Node mapping, String key) {
        return mapping instanceof Mapping m && m.get(key) instanceof Scalar scalar
                ? scalar.text()
                : "";
    }

    private static Mapping resolved(Mapping written, Mapping definitions) {
        if (!written.members().containsKey("$ref")) {
            return collapsed(written, definitions);
        }
        String name = string(written, "$ref").replace("#/$defs/", "");
        if (!(definitions.get(name) instanceof Mapping definition)) {
            throw new IllegalStateException("the schema lacks $defs/" + name);
        }
        Map<String, Member> members =
                new LinkedHashMap<>(resolved(definition, definitions).members());
        members.putAll(written.members());
        members.remove("$ref");
        return new Mapping(written.place(), members);
    }

    /** A choice between one shape and a substitution is, once substitutions are made, no choice. */
    private static Mapping collapsed(Mapping written, Mapping definitions) {
        if (!(written.get("anyOf") instanceof Sequence among)
                || written.members().containsKey("x-kind")) {
            return written;
        }
        List<Node> left =
                among.items().stream()
                        .filter(node -> !string(node, "$ref").equals("#/$defs/substitution"))
                        .toList();
        if (left.size() != 1) {
            return written;
        }
        Map<String, Member> members =
                new LinkedHashMap<>(resolved((Mapping) left.getFirst(), definitions).members());
        members.putAll(written.members());
        members.remove("anyOf");
        return new Mapping(written.place(), members);
    }
}
