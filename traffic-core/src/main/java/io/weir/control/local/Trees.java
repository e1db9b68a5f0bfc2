package io.weir.control.local;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON trees as the plain maps, lists and values of {@code Json}, and back: pure functions. */
public final class Trees {

    private Trees() {}

    /**
     * The tree of a plain value.
     *
     * @throws IllegalArgumentException when there is a value of another type in it
     */
    public static JsonNode of(@Nullable Object value) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        return switch (value) {
            case null -> json.nullNode();
            case String text -> json.stringNode(text);
            case Long number -> json.numberNode(number);
            case Double number -> json.numberNode(number);
            case Boolean truth -> json.booleanNode(truth);
            case Map<?, ?> map -> {
                ObjectNode object = json.objectNode();
                map.forEach((name, each) -> object.set(String.valueOf(name), of(each)));
                yield object;
            }
            case List<?> list -> {
                ArrayNode array = json.arrayNode();
                list.forEach(each -> array.add(of(each)));
                yield array;
            }
            default -> throw new IllegalArgumentException("not JSON: " + value.getClass());
        };
    }

    /** The plain value of a tree. */
    public static @Nullable Object plain(@Nullable JsonNode node) {
        return switch (node) {
            case null -> null;
            case ObjectNode object -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                object.properties()
                        .forEach(entry -> map.put(entry.getKey(), plain(entry.getValue())));
                yield map;
            }
            case ArrayNode array -> {
                List<@Nullable Object> list = new ArrayList<>();
                array.forEach(each -> list.add(plain(each)));
                yield list;
            }
            default ->
                    node.isNull()
                            ? null
                            : node.isBoolean()
                                    ? (Object) node.booleanValue()
                                    : node.isIntegralNumber()
                                            ? (Object) node.longValue()
                                            : node.isNumber()
                                                    ? (Object) node.doubleValue()
                                                    : node.stringValue();
        };
    }
}
