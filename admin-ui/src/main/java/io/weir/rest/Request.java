package io.weir.rest;

import io.weir.admin.AdminRequest;
import io.weir.admin.Caller;
import io.weir.admin.Permission;
import io.weir.control.Author;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request with the parts of its path by name.
 *
 * @param http as it came
 * @param parts what stands for the names in the path of the operation
 */
record Request(AdminRequest http, Map<String, String> parts) {

    static final JsonMapper JSON =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(32)
                                                    .maxStringLength(8 << 20)
                                                    .maxNameLength(1024)
                                                    .maxNumberLength(32)
                                                    .build())
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private static final Pattern ENTITY_TAG = Pattern.compile("\"(\\d{1,18})\"");

    Request {
        parts = Map.copyOf(parts);
    }

    /** What stands at a name of the path. */
    String part(String name) {
        return Objects.requireNonNull(parts.get(name), name);
    }

    Caller caller() {
        return http.caller();
    }

    /** Who asks; sessions are those of the pages, which ask for all they do by REST. */
    Author author() {
        boolean pages = caller().means() == Caller.Means.SESSION;
        return Author.of(caller(), pages ? Author.Channel.UI : Author.Channel.REST);
    }

    /** Refuses a caller who may not do this. */
    void mustBeAllowed(String kind, Permission permission) throws BadRequestException {
        if (!caller().allows(kind, permission)) {
            throw new BadRequestException(
                    403, "the permission to " + permission.keyword() + " " + kind + " is missing");
        }
    }

    /** The body as JSON. */
    JsonNode body() throws BadRequestException {
        try {
            JsonNode node = JSON.readTree(http.body());
            if (node == null || node.isMissingNode()) {
                throw new BadRequestException("the body is missing, expected JSON");
            }
            return node;
        } catch (JacksonException e) {
            throw new BadRequestException("the body is not JSON: " + e.getOriginalMessage());
        }
    }

    /** The body as a JSON object. */
    ObjectNode object() throws BadRequestException {
        if (body() instanceof ObjectNode object) {
            return object;
        }
        throw new BadRequestException("the body is not a JSON object");
    }

    /** The body as a JSON object; an empty one when there is no body. */
    ObjectNode objectOrEmpty() throws BadRequestException {
        return http.body().length == 0 ? JSON.createObjectNode() : object();
    }

    /** The revision in If-Match; null when there is none, or any will do. */
    @Nullable Long base() throws BadRequestException {
        String tag = http.header("If-Match");
        if (tag == null || tag.strip().equals("*")) {
            return null;
        }
        Matcher matcher = ENTITY_TAG.matcher(tag.strip());
        if (!matcher.matches()) {
            throw new BadRequestException(
                    412, "the If-Match field is none that ETag has given, such as \"42\"");
        }
        return Long.valueOf(matcher.group(1));
    }

    /** A parameter of the query that is true or false; false when it is not there. */
    boolean flag(String name) throws BadRequestException {
        String value = parameter(name);
        if (value == null || value.equals("false")) {
            return false;
        }
        if (value.isEmpty() || value.equals("true")) {
            return true;
        }
        throw new BadRequestException(
                "the parameter " + name + " is '" + value + "', expected true or false");
    }

    /** A parameter of the query that is a whole number. */
    int number(String name, int standard, int most) throws BadRequestException {
        String value = parameter(name);
        if (value == null) {
            return standard;
        }
        if (!value.matches("\\d{1,9}") || Integer.parseInt(value) > most) {
            throw new BadRequestException(
                    "the parameter " + name + " is '" + value + "', expected 0 to " + most);
        }
        return Integer.parseInt(value);
    }

    /** Every value of a parameter of the query. */
    List<String> parameters(String name) throws BadRequestException {
        try {
            return http.parameters(name);
        } catch (IllegalArgumentException e) {
            throw new BadRequestException("the query has a broken escape");
        }
    }

    @Nullable String parameter(String name) throws BadRequestException {
        try {
            return http.parameter(name);
        } catch (IllegalArgumentException e) {
            throw new BadRequestException("the query has a broken escape");
        }
    }

    /** A revision in the path. */
    long revision(String name) throws BadRequestException {
        String text = part(name);
        if (!text.matches("\\d{1,18}")) {
            throw new BadRequestException(404, "the revision is '" + text + "', expected a number");
        }
        return Long.parseLong(text);
    }
}
