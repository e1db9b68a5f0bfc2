package io.weir.function;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/** JSON to values and back, within limits of depth and length. */
final class JsonText {

    /** Beyond it not every whole number is one of JavaScript. */
    private static final long MAX_WHOLE = 1L << 53;

    private static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(200)
                                                    .maxNumberLength(100)
                                                    .build())
                                    .build())
                    .addModule(new SimpleModule().addSerializer(Double.class, new Whole()))
                    .build();

    /** Writes whole numbers as such, which JavaScript does not tell from others. */
    private static final class Whole extends ValueSerializer<Double> {
        @Override
        public void serialize(Double number, JsonGenerator out, SerializationContext context) {
            double value = number;
            if (value == Math.rint(value) && Math.abs(value) <= MAX_WHOLE) {
                out.writeNumber((long) value);
            } else {
                out.writeNumber(value);
            }
        }
    }

    private JsonText() {}

    static @Nullable Object read(String text) {
        try {
            return plain(MAPPER.readValue(text, Object.class));
        } catch (JacksonException e) {
            throw new RuleErrorException("json: " + e.getOriginalMessage());
        }
    }

    /** With the numbers that JavaScript has: for a whole one that is too long the nearest. */
    @SuppressWarnings("unchecked") // Jackson's own lists and maps
    private static @Nullable Object plain(@Nullable Object value) {
        switch (value) {
            case List<?> list -> ((List<@Nullable Object>) list).replaceAll(JsonText::plain);
            case Map<?, ?> map ->
                    ((Map<String, @Nullable Object>) map).replaceAll((_, each) -> plain(each));
            case Long number when number > MAX_WHOLE || number < -MAX_WHOLE -> {
                return number.doubleValue();
            }
            case BigInteger number -> {
                return number.doubleValue();
            }
            case null, default -> {}
        }
        return value;
    }

    static String write(@Nullable Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JacksonException e) {
            throw new RuleErrorException("json: " + e.getOriginalMessage());
        }
    }

    static JsonMapper mapper() {
        return MAPPER;
    }
}
