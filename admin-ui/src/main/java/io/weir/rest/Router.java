package io.weir.rest;

import io.weir.admin.AdminHandler;
import io.weir.admin.AdminRequest;
import io.weir.admin.AdminResponse;
import io.weir.admin.Permission;
import io.weir.control.Audit;
import io.weir.control.RefusedException;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds the operation for a request, sees to the permission that it needs, and turns refusals into
 * problems. Immutable; safe for every thread.
 */
final class Router implements AdminHandler {

    static final String MOUNT = "/api";

    private final List<Operation> operations;
    private final Audit audit;

    /**
     * @param audit records what callers were not permitted to do
     */
    Router(List<Operation> operations, Audit audit) {
        this.operations = List.copyOf(operations);
        this.audit = audit;
    }

    @Override
    public AdminResponse handle(AdminRequest http) throws Exception {
        List<String> segments;
        try {
            segments = http.segments(MOUNT);
        } catch (IllegalArgumentException e) {
            return Answers.problem(400, "the path has a broken escape");
        }
        Set<String> methods = new TreeSet<>();
        String method = http.method().equals("HEAD") ? "GET" : http.method();
        for (Operation operation : operations) {
            Map<String, String> parts = match(operation.segments(), segments);
            if (parts != null) {
                if (operation.method().equals(method)) {
                    return call(operation, new Request(http, parts));
                }
                methods.add(operation.method());
            }
        }
        return methods.isEmpty()
                ? Answers.problem(404, "there is no such resource; see /api/openapi.json")
                : Answers.problem(
                                405,
                                "the method is "
                                        + http.method()
                                        + ", expected "
                                        + String.join(" or ", methods))
                        .with("Allow", String.join(", ", methods));
    }

    private AdminResponse call(Operation operation, Request request) throws Exception {
        try {
            Permission permission = operation.permission();
            if (permission != null) {
                String kind =
                        operation.kind().equals("{section}")
                                ? request.part("section")
                                : operation.kind();
                request.mustBeAllowed(kind, permission);
            }
            return Compression.of(request.http(), operation.call().answer(request));
        } catch (BadRequestException e) {
            String message = String.valueOf(e.getMessage());
            if (e.status() == 403) {
                audit.refused(
                        request.author(), operation.id(), List.of(request.http().path()), message);
            }
            return Answers.problem(e.status(), message);
        } catch (RefusedException e) {
            return Answers.problem(e.problem(), request.http().header("If-Match") != null);
        }
    }

    private static @Nullable Map<String, String> match(List<String> template, List<String> path) {
        if (template.size() != path.size()) {
            return null;
        }
        Map<String, String> parts = new HashMap<>();
        for (int i = 0; i < path.size(); i++) {
            String expected = template.get(i);
            if (expected.startsWith("{")) {
                parts.put(expected.substring(1, expected.length() - 1), path.get(i));
            } else if (!expected.equals(path.get(i))) {
                return null;
            }
        }
        return parts;
    }
}
