package io.weir.config.load;

import io.weir.config.load.Node.Mapping;
import io.weir.config.load.Node.Member;
import io.weir.config.load.Node.Scalar;
import io.weir.config.load.Node.Sequence;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the published schema, which is JSON and trusted, into nodes without places. The reader of
 * configuration files could do it as well, since JSON is YAML, but takes ten times as long, and
 * every start waits for it.
 */
final class SchemaReader {

    private static final JsonFactory FACTORY =
            JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private final Place place;
    private final JsonParser json;

    private SchemaReader(Place place, JsonParser json) {
        this.place = place;
        this.json = json;
    }

    /**
     * The value of {@code text}.
     *
     * @param name of the document, for messages
     */
    static Node read(Path name, String text) {
        try (JsonParser json = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            return new SchemaReader(Place.whole(name), json).value(json.nextToken());
        }
    }

    private Node value(@Nullable JsonToken token) {
        return switch (token) {
            case START_OBJECT -> {
                Map<String, Member> members = new LinkedHashMap<>();
                while (json.nextToken() != JsonToken.END_OBJECT) {
                    String key = json.currentName();
                    members.put(key, new Member(place, value(json.nextToken())));
                }
                yield new Mapping(place, Collections.unmodifiableMap(members));
            }
            case START_ARRAY -> {
                List<Node> items = new ArrayList<>();
                for (JsonToken next = json.nextToken();
                        next != JsonToken.END_ARRAY;
                        next = json.nextToken()) {
                    items.add(value(next));
                }
                yield new Sequence(place, items);
            }
            case VALUE_STRING -> scalar(false);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_TRUE, VALUE_FALSE, VALUE_NULL ->
                    scalar(true);
            case null, default ->
                    throw new IllegalStateException("the schema is broken at " + token);
        };
    }

    private Scalar scalar(boolean plain) {
        String text = json.getString();
        return new Scalar(place, text, text, plain);
    }
}
