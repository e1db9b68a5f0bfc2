package io.weir.function;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/** JSON to values and back, within limits of depth and length. */
final class JsonText {

    private static final JsonMapper MAPPER =
            new JsonMapper(
                    JsonFactory.builder()
                            .streamReadConstraints(
                                    StreamReadConstraints.builder()
                                            .maxNestingDepth(200)
                                            .maxNumberLength(100)
                                            .build())
                            .build());

    private JsonText() {}

    static @Nullable Object read(String text) {
        try {
            return MAPPER.readValue(text, Object.class);
        } catch (JacksonException e) {
            throw new RuleErrorException("json: " + e.getOriginalMessage());
        }
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
