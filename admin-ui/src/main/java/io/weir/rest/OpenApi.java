package io.weir.rest;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * The description of the API in OpenAPI 3.1, made from the table of operations and the published
 * schema of the configuration.
 */
final class OpenApi {

    private OpenApi() {}

    static String describe(List<Operation> operations, Sections sections) {
        ObjectNode root = Request.JSON.createObjectNode();
        root.put("openapi", "3.1.0");
        ObjectNode info = root.putObject("info");
        info.put("title", "Weir");
        info.put("version", "1");
        info.put(
                "description",
                "Sign in with a token (Bearer) or with name and password (Basic). Problems are"
                        + " application/problem+json with the object and key in question.");
        root.putArray("servers").addObject().put("url", Router.MOUNT);
        ObjectNode paths = root.putObject("paths");
        for (Operation operation : operations) {
            ObjectNode path = paths.withObjectProperty(operation.path());
            describe(operation, path.putObject(operation.method().toLowerCase(Locale.ROOT)));
        }
        ObjectNode components = root.putObject("components");
        components.set("schemas", schemas(sections));
        ObjectNode schemes = components.putObject("securitySchemes");
        schemes.putObject("token").put("type", "http").put("scheme", "bearer");
        schemes.putObject("password").put("type", "http").put("scheme", "basic");
        root.putArray("security").addObject().putArray("token");
        root.withArrayProperty("security").addObject().putArray("password");
        return Request.JSON.writeValueAsString(root);
    }

    private static void describe(Operation operation, ObjectNode out) {
        out.put("operationId", operation.id());
        out.put("summary", operation.summary());
        if (operation.permission() != null) {
            ObjectNode permission = out.putObject("x-permission");
            permission.put("kind", operation.kind());
            permission.put("action", operation.permission().keyword());
        }
        for (String segment : operation.segments()) {
            if (segment.startsWith("{")) {
                parameter(out, segment.substring(1, segment.length() - 1), "path", "")
                        .put("required", true);
            }
        }
        for (int i = 0; i < operation.query().size(); i += 2) {
            parameter(out, operation.query().get(i), "query", operation.query().get(i + 1));
        }
        if (operation.kind().equals("{section}") && !operation.method().equals("GET")) {
            parameter(out, "If-Match", "header", "ETag of what was looked at");
        }
        String body = operation.request();
        if (body != null) {
            out.putObject("requestBody")
                    .putObject("content")
                    .putObject("application/json")
                    .set("schema", Request.JSON.readTree(body));
        }
        ObjectNode responses = out.putObject("responses");
        responses.putObject(String.valueOf(operation.success())).put("description", "Done");
        responses.putObject("default").put("description", "A problem (RFC 9457)");
    }

    private static ObjectNode parameter(
            ObjectNode operation, String name, String in, String description) {
        ObjectNode parameter = operation.withArrayProperty("parameters").addObject();
        parameter.put("name", name);
        parameter.put("in", in);
        if (!description.isEmpty()) {
            parameter.put("description", description);
        }
        parameter.putObject("schema").put("type", "string");
        return parameter;
    }

    /** The objects of the configuration, with references that hold in this document. */
    private static JsonNode schemas(Sections sections) {
        JsonNode definitions = Objects.requireNonNull(sections.schema().get("$defs")).deepCopy();
        move(definitions);
        return definitions;
    }

    private static void move(JsonNode node) {
        if (node instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> each : object.properties()) {
                if (each.getKey().equals("$ref") && each.getValue().isString()) {
                    each.setValue(
                            Request.JSON
                                    .getNodeFactory()
                                    .stringNode(
                                            each.getValue()
                                                    .stringValue()
                                                    .replace("#/$defs/", "#/components/schemas/")));
                }
            }
        }
        for (JsonNode child : node) {
            move(child);
        }
    }
}
