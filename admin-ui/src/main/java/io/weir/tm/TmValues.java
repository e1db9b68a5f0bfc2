package io.weir.tm;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Values of the tree and those of the configuration, each made of the other: pure functions. */
final class TmValues {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final Pattern QUANTITY = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)([A-Za-z]*)");
    private static final Map<String, BigDecimal> MILLIS =
            Map.of(
                    "ms", BigDecimal.ONE,
                    "s", BigDecimal.valueOf(1000),
                    "m", BigDecimal.valueOf(60_000),
                    "h", BigDecimal.valueOf(3_600_000),
                    "d", BigDecimal.valueOf(86_400_000));
    private static final Map<String, BigDecimal> BYTES =
            Map.of(
                    "", BigDecimal.ONE,
                    "KiB", BigDecimal.valueOf(1L << 10),
                    "MiB", BigDecimal.valueOf(1L << 20),
                    "GiB", BigDecimal.valueOf(1L << 30));

    private TmValues() {}

    /**
     * The value of a key for clients.
     *
     * @param object in the keys of the configuration, with every default
     */
    static JsonNode read(TmKey key, ObjectNode object) {
        if (key.kind().equals("fixed")) {
            return fixed(key);
        }
        JsonNode value = at(object, key.key());
        return switch (key.kind()) {
            case "flag" -> JSON.booleanNode(value != null && value.asBoolean(false));
            case "number" -> number(value == null ? 0 : value.asLong(0));
            case "seconds" -> number(millis(value) / 1000);
            case "millis" -> number(millis(value));
            case "bytes" -> number(quantity(value, BYTES));
            case "word" -> JSON.stringNode(key.toWire(text(value)));
            case "list" -> array(texts(value));
            case "joined" -> JSON.stringNode(String.join(",", texts(value)));
            case "secret" -> JSON.stringNode(value == null ? "" : "***");
            case "text" -> JSON.stringNode(text(value));
            default -> throw new IllegalStateException("tm.table: kind " + key.kind());
        };
    }

    /**
     * The value for the configuration.
     *
     * @return null when the key is to go, so that its default holds
     * @throws TmProblem when the value has another type
     */
    static @Nullable JsonNode write(TmKey key, JsonNode value) throws TmProblem {
        return switch (key.kind()) {
            case "flag" -> JSON.booleanNode(flag(key, value));
            case "number", "bytes" -> JSON.numberNode(number(key, value));
            case "seconds" -> JSON.stringNode(number(key, value) + "s");
            case "millis" -> JSON.stringNode(number(key, value) + "ms");
            case "word" -> JSON.stringNode(key.toKey(string(key, value)));
            case "list" -> array(strings(key, value));
            case "joined" -> array(split(string(key, value)));
            case "secret", "text" -> {
                String text = string(key, value);
                yield text.isEmpty() ? null : JSON.stringNode(text);
            }
            default ->
                    throw TmProblem.invalid(
                            key, "the value is always " + fixed(key) + " in Weir, found " + value);
        };
    }

    private static JsonNode fixed(TmKey key) {
        try {
            return MAPPER.readTree(key.key());
        } catch (JacksonException e) {
            throw new IllegalStateException("tm.table: " + key, e);
        }
    }

    /** What stands under a key with dots; null when nothing does. */
    static @Nullable JsonNode at(ObjectNode object, String key) {
        JsonNode value = object;
        for (String step : key.split("\\.", -1)) {
            value = value.path(step);
        }
        return value.isMissingNode() || value.isNull() ? null : value;
    }

    /** Whether the value says nothing, so that a key that Weir does not have may have it. */
    static boolean saysNothing(JsonNode value) {
        return value.isNull()
                || (value.isContainer() && value.isEmpty())
                || (value.isString() && value.stringValue().isEmpty())
                || (value.isBoolean() && !value.booleanValue())
                || (value.isNumber() && value.asLong(1) == 0);
    }

    static boolean flag(TmKey key, JsonNode value) throws TmProblem {
        if (!value.isBoolean()) {
            throw TmProblem.invalid(key, "the value is " + value + ", expected true or false");
        }
        return value.booleanValue();
    }

    static long number(TmKey key, JsonNode value) throws TmProblem {
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
            throw TmProblem.invalid(key, "the value is " + value + ", expected a whole number");
        }
        return value.longValue();
    }

    static String string(TmKey key, JsonNode value) throws TmProblem {
        if (!value.isString()) {
            throw TmProblem.invalid(key, "the value is " + value + ", expected text");
        }
        return value.stringValue();
    }

    static List<String> strings(TmKey key, JsonNode value) throws TmProblem {
        List<String> strings = new ArrayList<>();
        for (JsonNode each : value) {
            strings.add(string(key, each));
        }
        if (!value.isArray()) {
            throw TmProblem.invalid(key, "the value is " + value + ", expected a list of texts");
        }
        return strings;
    }

    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        for (String part : text.split("[,\\s]+", -1)) {
            if (!part.isEmpty()) {
                parts.add(part);
            }
        }
        return parts;
    }

    private static String text(@Nullable JsonNode value) {
        return value == null ? "" : value.asString("");
    }

    private static List<String> texts(@Nullable JsonNode value) {
        List<String> texts = new ArrayList<>();
        if (value != null) {
            value.forEach(each -> texts.add(each.asString("")));
        }
        return texts;
    }

    /** A number as a reader of JSON makes it, so that equal ones are equal. */
    static JsonNode number(long value) {
        return value == (int) value ? JSON.numberNode((int) value) : JSON.numberNode(value);
    }

    static ArrayNode array(Iterable<String> texts) {
        ArrayNode array = JSON.arrayNode();
        texts.forEach(array::add);
        return array;
    }

    private static long millis(@Nullable JsonNode value) {
        return quantity(value, MILLIS);
    }

    /** A number with a unit, as the configuration writes it. */
    private static long quantity(@Nullable JsonNode value, Map<String, BigDecimal> units) {
        Matcher matcher = QUANTITY.matcher(text(value));
        if (!matcher.matches() || !units.containsKey(matcher.group(2))) {
            return 0;
        }
        return new BigDecimal(matcher.group(1))
                .multiply(Objects.requireNonNull(units.get(matcher.group(2))))
                .longValue();
    }
}
