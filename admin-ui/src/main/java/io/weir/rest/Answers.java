package io.weir.rest;

import io.weir.admin.AdminResponse;
import io.weir.control.ControlProblem;
import io.weir.control.local.Documents;
import io.weir.control.store.Json;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Responses in JSON, problems as RFC 9457 has them. */
final class Answers {

    private Answers() {}

    /** A document of maps, lists and plain values. */
    static AdminResponse document(int status, @Nullable Object document) {
        return AdminResponse.json(status, Json.write(document) + "\n");
    }

    /** A document of Jackson's. */
    static AdminResponse node(int status, Object node) {
        return AdminResponse.json(status, Request.JSON.writeValueAsString(node) + "\n");
    }

    /** The same with the revision that If-Match takes. */
    static AdminResponse tagged(AdminResponse response, long revision) {
        return response.with("ETag", "\"" + revision + "\"");
    }

    static AdminResponse problem(int status, String detail) {
        return problem(status, Map.of("code", code(status), "message", detail));
    }

    /**
     * Why the façade refused.
     *
     * @param conditional whether the request said which revision it is about
     */
    static AdminResponse problem(ControlProblem problem, boolean conditional) {
        int status =
                switch (problem) {
                    case ControlProblem.NotFound _ -> 404;
                    case ControlProblem.Invalid _ -> 400;
                    case ControlProblem.Forbidden _ -> 403;
                    case ControlProblem.BadConfiguration _ -> 422;
                    case ControlProblem.NotApplied _, ControlProblem.Shrinks _ -> 409;
                    case ControlProblem.Conflict c ->
                            conditional && c.message().contains(" is at revision ") ? 412 : 409;
                    case ControlProblem.Unavailable _ -> 503;
                };
        return problem(status, Documents.problem(problem));
    }

    private static AdminResponse problem(int status, Map<String, ?> members) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("type", "about:blank");
        document.put("status", status);
        document.put("detail", members.get("message"));
        members.forEach(
                (name, value) -> {
                    if (!name.equals("message")) {
                        document.put(name, value);
                    }
                });
        return AdminResponse.of(
                status,
                "application/problem+json",
                (Json.write(document) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static String code(int status) {
        return switch (status) {
            case 403 -> "forbidden";
            case 404 -> "not-found";
            case 405 -> "method-not-allowed";
            case 412 -> "conflict";
            default -> "invalid";
        };
    }
}
