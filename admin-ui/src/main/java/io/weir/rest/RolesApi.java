package io.weir.rest;

import io.weir.admin.AdminResponse;
import io.weir.admin.Permission;
import io.weir.admin.Permissions;
import io.weir.admin.users.Role;
import io.weir.admin.users.User;
import io.weir.control.RefusedException;
import io.weir.control.Users;
import io.weir.control.store.Json;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Roles: a matrix of kinds of objects and what may be done with them. Safe for every thread. */
final class RolesApi {

    private static final String ROLE =
            """
            {"type":"object","required":["permissions"],"properties":{"permissions":{"type":"object",
            "description":"by kind of object; * for every kind but users",
            "additionalProperties":{"type":"array","items":{"enum":["read","operate","change"]}}}}}
            """;

    private final Users users;
    private final Set<String> kinds;

    /**
     * @param kinds of objects that permissions can be about, without those of this class
     */
    RolesApi(Users users, Set<String> kinds) {
        this.users = users;
        this.kinds = new TreeSet<>(kinds);
        this.kinds.add(Permissions.USERS);
    }

    List<Operation> operations() {
        return List.of(
                Operation.get(
                        "listRoles",
                        "/v1/roles",
                        Permissions.USERS,
                        "All roles with what they grant, and what there is to grant",
                        this::list),
                UsersApi.change("setRole", "PUT", "/v1/roles/{name}", ROLE, 200, this::set)
                        .summed("Makes a role, or gives it other permissions"),
                UsersApi.change("removeRole", "DELETE", "/v1/roles/{name}", null, 204, this::remove)
                        .summed("Removes a role that no user has"));
    }

    private AdminResponse list(Request request) {
        List<Object> roles = new ArrayList<>();
        Role.BUILT_IN.values().stream()
                .sorted(java.util.Comparator.comparing(Role::name))
                .forEach(role -> roles.add(document(role, true)));
        users.book().roles().values().forEach(role -> roles.add(document(role, false)));
        return Answers.document(
                200,
                Json.object(
                        "roles",
                        roles,
                        "kinds",
                        List.copyOf(kinds),
                        "permissions",
                        Stream.of(Permission.values()).map(Permission::keyword).toList()));
    }

    private Object document(Role role, boolean builtIn) {
        return Json.object(
                "name",
                role.name(),
                "built-in",
                builtIn,
                "view-only",
                role.permissions().areViewOnly(),
                "permissions",
                permissions(role.permissions()),
                "users",
                users.book().users().values().stream()
                        .filter(user -> user.roles().contains(role.name()))
                        .map(User::name)
                        .toList());
    }

    private AdminResponse set(Request request)
            throws BadRequestException, RefusedException, InterruptedException {
        JsonNode wanted = Fields.of(request.object(), Set.of("permissions")).value("permissions");
        if (wanted == null || !wanted.isObject()) {
            throw new BadRequestException("the member permissions is not an object");
        }
        Map<String, Set<Permission>> granted = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> each : wanted.properties()) {
            Set<Permission> set = EnumSet.noneOf(Permission.class);
            if (!each.getValue().isArray()) {
                throw new BadRequestException("the member " + each.getKey() + " is not a list");
            }
            for (JsonNode word : each.getValue()) {
                set.add(permission(word));
            }
            granted.put(known(each.getKey()), set);
        }
        Permissions permissions = new Permissions(granted);
        users.setRole(request.part("name"), permissions, request.author());
        return Answers.document(200, Json.object("permissions", permissions(permissions)));
    }

    /** A kind that is misspelt would grant nothing, and nobody would see why. */
    private String known(String kind) throws BadRequestException {
        if (!kinds.contains(kind) && !kind.equals(Permissions.EVERYTHING)) {
            throw new BadRequestException(
                    "there is no kind of object "
                            + kind
                            + ", expected "
                            + Permissions.EVERYTHING
                            + " or one of "
                            + String.join(", ", kinds));
        }
        return kind;
    }

    private static Permission permission(JsonNode word) throws BadRequestException {
        for (Permission each : Permission.values()) {
            if (word.isString() && each.keyword().equals(word.stringValue())) {
                return each;
            }
        }
        throw new BadRequestException("a permission is none of read, operate and change");
    }

    private AdminResponse remove(Request request) throws RefusedException, InterruptedException {
        users.removeRole(request.part("name"), request.author());
        return AdminResponse.empty(204);
    }

    /** What is granted, by kind in order. */
    static Map<String, List<String>> permissions(Permissions permissions) {
        Map<String, List<String>> granted = new TreeMap<>();
        permissions
                .granted()
                .forEach(
                        (kind, set) ->
                                granted.put(
                                        kind,
                                        set.stream().sorted().map(Permission::keyword).toList()));
        return granted;
    }
}
