package io.weir.rest;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Map;

/** A JSON merge patch (RFC 7396): null takes a member away, objects are merged, all else is put. */
final class MergePatch {

    private MergePatch() {}

    /** What {@code patch} makes of {@code target}; neither is changed. */
    static JsonNode apply(JsonNode target, JsonNode patch) {
        if (!(patch instanceof ObjectNode changes)) {
            return patch;
        }
        ObjectNode result =
                target instanceof ObjectNode object
                        ? object.deepCopy()
                        : Request.JSON.createObjectNode();
        for (Map.Entry<String, JsonNode> each : changes.properties()) {
            String name = each.getKey();
            if (each.getValue().isNull()) {
                result.remove(name);
            } else {
                JsonNode before = result.get(name);
                result.set(
                        name,
                        apply(
                                before == null ? Request.JSON.createObjectNode() : before,
                                each.getValue()));
            }
        }
        return result;
    }
}
