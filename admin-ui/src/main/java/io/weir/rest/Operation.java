package io.weir.rest;

import io.weir.admin.AdminResponse;
import io.weir.admin.Permission;
import io.weir.control.RefusedException;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * One operation of the API: what the router needs to call it and what its description says. The
 * table of these is the only place where the two are written down.
 *
 * @param id its name in the description and in clients made from it
 * @param path below {@code /api}, such as {@code /v1/config/{section}/{name}}
 * @param kind of object that permission is needed for; {@code {section}} for the one in the path;
 *     empty when the operation itself asks, or nothing is needed but to be signed in
 * @param permission that is needed for it; null with an empty kind
 * @param summary one line
 * @param query names of parameters that it takes, each followed by what it means
 * @param request JSON Schema of the body as text; null when there is none
 * @param success status when all is well
 */
record Operation(
        String id,
        String method,
        String path,
        String kind,
        @Nullable Permission permission,
        String summary,
        List<String> query,
        @Nullable String request,
        int success,
        Call call) {

    /** Does what the operation is for. */
    @FunctionalInterface
    interface Call {
        /**
         * Answers.
         *
         * @throws RefusedException when the façade refuses
         * @throws BadRequestException when the request is not as described
         */
        AdminResponse answer(Request request) throws Exception;
    }

    Operation {
        query = List.copyOf(query);
    }

    /** An operation that only looks. */
    static Operation get(String id, String path, String kind, String summary, Call call) {
        return new Operation(
                id,
                "GET",
                path,
                kind,
                kind.isEmpty() ? null : Permission.READ,
                summary,
                List.of(),
                null,
                200,
                call);
    }

    /** The same with parameters in the query: name and meaning in turn. */
    Operation taking(String... namesAndMeanings) {
        return new Operation(
                id,
                method,
                path,
                kind,
                permission,
                summary,
                List.of(namesAndMeanings),
                request,
                success,
                call);
    }

    /** The same with another summary. */
    Operation summed(String text) {
        return new Operation(
                id, method, path, kind, permission, text, query, request, success, call);
    }

    /** Its path cut at the slashes. */
    List<String> segments() {
        return path.equals("/") ? List.of() : List.of(path.substring(1).split("/", -1));
    }
}
