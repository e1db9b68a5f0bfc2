package io.weir.rest;

import io.weir.config.load.ConfigLoader;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The sections of the configuration, out of its published JSON Schema: those that hold objects by
 * name, and {@code global}, which is one object. Immutable.
 *
 * @param byName whether a section holds objects by name
 * @param schema the whole schema
 */
record Sections(Map<String, Boolean> byName, ObjectNode schema) {

    static Sections read() {
        ObjectNode schema = (ObjectNode) Request.JSON.readTree(ConfigLoader.schema());
        Map<String, Boolean> sections = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> each : schema.get("properties").properties()) {
            boolean named = each.getValue().get("additionalProperties") instanceof ObjectNode;
            if (named || each.getKey().equals("global")) {
                sections.put(each.getKey(), named);
            }
        }
        return new Sections(sections, schema);
    }

    /** Refuses a section that does not hold objects by name. */
    void mustHoldObjects(String section) throws BadRequestException {
        if (!byName.getOrDefault(section, false)) {
            throw new BadRequestException(
                    404,
                    "there is no section "
                            + section
                            + " with objects by name, expected one of "
                            + String.join(
                                    ", ",
                                    byName.keySet().stream()
                                            .filter(s -> byName.getOrDefault(s, false))
                                            .toList()));
        }
    }

    /** Refuses what is no section. */
    void mustExist(String section) throws BadRequestException {
        if (!byName.containsKey(section)) {
            throw new BadRequestException(
                    404,
                    "there is no section "
                            + section
                            + ", expected one of "
                            + String.join(", ", byName.keySet()));
        }
    }
}
