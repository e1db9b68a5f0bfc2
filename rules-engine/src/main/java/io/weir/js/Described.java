package io.weir.js;

import io.weir.function.Numbers;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An object of the JSON that describes an exchange to try a rule on. Says what is wrong with it.
 * Immutable.
 */
final class Described {

    private static final JsonMapper MAPPER = new JsonMapper();

    private final String place;
    private final Map<?, ?> members;

    private Described(String place, Map<?, ?> members) {
        this.place = place;
        this.members = members;
    }

    /**
     * @throws IllegalArgumentException when the text is no JSON object
     */
    static Described parse(String json) {
        try {
            if (MAPPER.readValue(json.isBlank() ? "{}" : json, Object.class)
                    instanceof Map<?, ?> members) {
                return new Described("", members);
            }
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    "the exchange is no JSON: " + e.getOriginalMessage(), e);
        }
        throw new IllegalArgumentException("the exchange is no JSON object");
    }

    static String json(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /** Refuses what has a name that none of {@code known} is. */
    void only(String... known) {
        for (Object name : members.keySet()) {
            if (!List.of(known).contains(name)) {
                throw new IllegalArgumentException(
                        "unknown: " + place + name + "; known: " + String.join(", ", known));
            }
        }
    }

    boolean has(String name) {
        return members.get(name) != null;
    }

    String text(String name, String otherwise) {
        Object value = members.get(name);
        return value == null ? otherwise : Numbers.text(value);
    }

    /** A text whose characters stand for bytes. */
    byte[] bytes(String name) {
        return bytesOf(text(name, ""));
    }

    static byte[] bytesOf(String text) {
        boolean narrow = text.chars().allMatch(c -> c <= 0xff);
        return text.getBytes(narrow ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
    }

    boolean flag(String name) {
        return Boolean.TRUE.equals(members.get(name));
    }

    Described object(String name) {
        return object(name, members.get(name));
    }

    private Described object(String name, @Nullable Object value) {
        if (value == null) {
            return new Described(place + name + ".", Map.of());
        }
        if (value instanceof Map<?, ?> inner) {
            return new Described(place + name + ".", inner);
        }
        throw new IllegalArgumentException(place + name + " is " + value + ", expected an object");
    }

    /** Objects by name; a text in the place of one is its member {@code alone}. */
    Map<String, Described> objects(String name, String alone) {
        Map<String, Described> objects = new LinkedHashMap<>();
        object(name)
                .members
                .forEach(
                        (key, value) ->
                                objects.put(
                                        String.valueOf(key),
                                        value instanceof Map
                                                ? object(name + "." + key, value)
                                                : new Described(
                                                        place + name + "." + key + ".",
                                                        Map.of(alone, value))));
        return objects;
    }

    List<String> list(String name) {
        List<String> list = new ArrayList<>();
        Object value = members.get(name);
        if (value instanceof List<?> items) {
            items.forEach(item -> list.add(Numbers.text(item)));
        } else if (value != null) {
            list.add(Numbers.text(value));
        }
        return list;
    }

    /** Its members as texts. */
    Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        members.forEach((k, v) -> texts.put(String.valueOf(k), Numbers.text(v)));
        return texts;
    }

    /** Texts by name. */
    Map<String, String> texts(String name) {
        Map<String, String> texts = new LinkedHashMap<>();
        object(name).members.forEach((k, v) -> texts.put(String.valueOf(k), Numbers.text(v)));
        return texts;
    }

    /** Header fields: values by name, a list where a name has several. */
    List<Map.Entry<String, String>> fields(String name) {
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        Described headers = object(name);
        for (Object key : headers.members.keySet()) {
            String field = String.valueOf(key);
            headers.list(field).forEach(value -> fields.add(Map.entry(field, value)));
        }
        return fields;
    }
}
