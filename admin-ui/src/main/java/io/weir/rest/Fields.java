package io.weir.rest;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The members of a JSON object in a request, each of its expected type. */
record Fields(ObjectNode object) {

    /**
     * Refuses members that nobody reads.
     *
     * @param known names of members
     */
    static Fields of(ObjectNode object, Set<String> known) throws BadRequestException {
        for (String name : object.propertyNames()) {
            if (!known.contains(name)) {
                throw new BadRequestException(
                        "there is no member "
                                + name
                                + ", expected "
                                + String.join(", ", known.stream().sorted().toList()));
            }
        }
        return new Fields(object);
    }

    @Nullable String text(String name) throws BadRequestException {
        JsonNode value = value(name);
        if (value == null) {
            return null;
        }
        if (!value.isString()) {
            throw wrong(name, "text");
        }
        return value.stringValue();
    }

    String needed(String name) throws BadRequestException {
        String text = text(name);
        if (text == null) {
            throw new BadRequestException("the member " + name + " is missing");
        }
        return text;
    }

    @Nullable Long number(String name) throws BadRequestException {
        JsonNode value = value(name);
        if (value == null) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw wrong(name, "a whole number");
        }
        return value.longValue();
    }

    boolean flag(String name) throws BadRequestException {
        JsonNode value = value(name);
        if (value == null) {
            return false;
        }
        if (!value.isBoolean()) {
            throw wrong(name, "true or false");
        }
        return value.booleanValue();
    }

    List<String> texts(String name) throws BadRequestException {
        List<String> texts = new ArrayList<>();
        JsonNode value = value(name);
        if (value == null) {
            return texts;
        }
        for (JsonNode each : value) {
            if (!each.isString()) {
                throw wrong(name, "a list of texts");
            }
            texts.add(each.stringValue());
        }
        if (!value.isArray()) {
            throw wrong(name, "a list of texts");
        }
        return texts;
    }

    @Nullable JsonNode value(String name) {
        JsonNode value = object.get(name);
        return value == null || value.isNull() ? null : value;
    }

    private static BadRequestException wrong(String name, String expected) {
        return new BadRequestException("the member " + name + " is not " + expected);
    }
}
