package io.weir.control.store;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON text as plain maps, lists, strings, numbers, booleans and nulls, and back. Reading is strict
 * (RFC 8259, duplicate names refused) and bounded. Only Jackson's streaming core is used, because
 * the command line must start in an instant. Safe for every thread.
 */
public final class Json {

    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(32)
                                    .maxStringLength(16 << 20)
                                    .maxNameLength(1024)
                                    .maxNumberLength(32)
                                    .build())
                    .build();

    private Json() {}

    /** A map that keeps its order, of names and values in turn; a value may be null. */
    public static Map<String, @Nullable Object> object(@Nullable Object... namesAndValues) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
        }
        return map;
    }

    /** One line of JSON. Values of other types than the plain ones are written as strings. */
    public static String write(@Nullable Object value) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
            write(json, value);
        }
        return out.toString();
    }

    /**
     * The value of a whole JSON text.
     *
     * @throws IllegalArgumentException when it is not JSON, or beyond the bounds
     */
    public static @Nullable Object read(String text) {
        try (JsonParser json = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            Object value = value(json, json.nextToken());
            if (json.nextToken() != null) {
                throw new IllegalArgumentException("expected one JSON value, found more after it");
            }
            return value;
        } catch (JacksonException e) {
            TokenStreamLocation where = e.getLocation();
            throw new IllegalArgumentException(
                    "not JSON"
                            + (where == null ? "" : " at column " + where.getColumnNr())
                            + ": "
                            + e.getOriginalMessage(),
                    e);
        }
    }

    /**
     * The members of a JSON object.
     *
     * @throws IllegalArgumentException when {@code text} is not one JSON object
     */
    @SuppressWarnings("unchecked") // objects are read as maps keyed by strings, see value()
    public static Map<String, @Nullable Object> readObject(String text) {
        if (read(text) instanceof Map<?, ?> map) {
            return (Map<String, @Nullable Object>) map;
        }
        throw new IllegalArgumentException("expected a JSON object");
    }

    private static void write(JsonGenerator json, @Nullable Object value) {
        switch (value) {
            case null -> json.writeNull();
            case Map<?, ?> map -> {
                json.writeStartObject();
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    json.writeName(String.valueOf(entry.getKey()));
                    write(json, entry.getValue());
                }
                json.writeEndObject();
            }
            case List<?> list -> {
                json.writeStartArray();
                for (Object item : list) {
                    write(json, item);
                }
                json.writeEndArray();
            }
            case Integer number -> json.writeNumber(number);
            case Long number -> json.writeNumber(number);
            case Double number -> json.writeNumber(number);
            case Boolean truth -> json.writeBoolean(truth);
            default -> json.writeString(value.toString());
        }
    }

    private static @Nullable Object value(JsonParser json, @Nullable JsonToken token) {
        return switch (token) {
            case null -> throw new IllegalArgumentException("expected a JSON value, found nothing");
            case START_OBJECT -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                while (json.nextToken() != JsonToken.END_OBJECT) {
                    String name = json.currentName();
                    map.put(name, value(json, json.nextToken()));
                }
                yield map;
            }
            case START_ARRAY -> {
                List<@Nullable Object> list = new ArrayList<>();
                JsonToken next = json.nextToken();
                while (next != JsonToken.END_ARRAY) {
                    list.add(value(json, next));
                    next = json.nextToken();
                }
                yield list;
            }
            case VALUE_STRING -> json.getString();
            case VALUE_NUMBER_INT -> json.getLongValue();
            case VALUE_NUMBER_FLOAT -> json.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw new IllegalArgumentException("unexpected " + token + " in JSON");
        };
    }
}
