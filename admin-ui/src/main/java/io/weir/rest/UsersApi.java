package io.weir.rest;

import io.weir.admin.AdminResponse;
import io.weir.admin.Permission;
import io.weir.admin.Permissions;
import io.weir.admin.users.Role;
import io.weir.control.RefusedException;
import io.weir.control.Users;
import io.weir.control.local.UserDocuments;
import io.weir.control.store.Json;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Users, their tokens, and roles. Safe for every thread. */
final class UsersApi {

    private static final String USER =
            """
            {"type":"object","properties":{"password":{"type":"string",\
            "description":"without it a one-time secret is made and returned"},
            "roles":{"type":"array","items":{"type":"string"}}}}
            """;
    private static final String TOKEN =
            """
            {"type":"object","properties":{"note":{"type":"string"},
            "roles":{"type":"array","items":{"type":"string"},"description":"what it may do at most"},
            "seconds":{"type":"integer","description":"ends after so long; without it never"}}}
            """;
    private static final String ROLE =
            """
            {"type":"object","required":["permissions"],"properties":{"permissions":{"type":"object",
            "description":"by kind of object; * for every kind but users",
            "additionalProperties":{"type":"array","items":{"enum":["read","operate","change"]}}}}}
            """;

    private final Users users;
    private final Ticker ticker;

    UsersApi(Users users, Ticker ticker) {
        this.users = users;
        this.ticker = ticker;
    }

    List<Operation> operations() {
        List<Operation> list = new ArrayList<>();
        list.add(
                Operation.get(
                        "whoAmI",
                        "/v1/me",
                        "",
                        "Who the caller is and may do",
                        r -> Answers.document(200, StatusApi.me(r))));
        list.add(
                Operation.get(
                        "listUsers",
                        "/v1/users",
                        Permissions.USERS,
                        "All users with their roles and tokens, without anything secret",
                        this::list));
        list.add(change("addUser", "PUT", "/v1/users/{name}", USER, 201, this::add));
        list.add(change("removeUser", "DELETE", "/v1/users/{name}", null, 204, this::remove));
        list.add(
                change(
                        "setPassword",
                        "POST",
                        "/v1/users/{name}/password",
                        USER,
                        200,
                        this::password));
        list.add(change("setRoles", "POST", "/v1/users/{name}/roles", USER, 204, this::roles));
        list.add(change("unlockUser", "POST", "/v1/users/{name}/unlock", null, 204, this::unlock));
        list.add(change("addToken", "POST", "/v1/users/{name}/tokens", TOKEN, 201, this::token));
        list.add(
                change(
                        "removeToken",
                        "DELETE",
                        "/v1/users/{name}/tokens/{id}",
                        null,
                        204,
                        this::removeToken));
        list.add(
                Operation.get(
                        "listRoles",
                        "/v1/roles",
                        Permissions.USERS,
                        "All roles with what they grant",
                        this::listRoles));
        list.add(change("setRole", "PUT", "/v1/roles/{name}", ROLE, 200, this::setRole));
        list.add(change("removeRole", "DELETE", "/v1/roles/{name}", null, 204, this::removeRole));
        return list;
    }

    private static Operation change(
            String id,
            String method,
            String path,
            @Nullable String body,
            int status,
            Operation.Call call) {
        return new Operation(
                id,
                method,
                path,
                Permissions.USERS,
                Permission.CHANGE,
                summary(id),
                List.of(),
                body,
                status,
                call);
    }

    private static String summary(String id) {
        return switch (id) {
            case "addUser" -> "Adds a user";
            case "removeUser" -> "Removes a user with all tokens";
            case "setPassword" -> "Gives a user another password, and ends a lock";
            case "setRoles" -> "Gives a user other roles";
            case "unlockUser" -> "Ends the lock that wrong passwords brought about";
            case "addToken" -> "Makes a token with which a program signs in";
            case "removeToken" -> "Removes a token";
            case "setRole" -> "Makes a role, or gives it other permissions";
            default -> "Removes a role that no user has";
        };
    }

    private AdminResponse list(Request request) {
        return Answers.document(
                200,
                Json.object(
                        "users",
                        users.book().users().values().stream().map(UserDocuments::user).toList()));
    }

    private AdminResponse add(Request request)
            throws BadRequestException, RefusedException, InterruptedException {
        Fields fields = Fields.of(request.objectOrEmpty(), Set.of("password", "roles"));
        return secret(
                201,
                users.add(
                        request.part("name"),
                        fields.text("password"),
                        fields.texts("roles"),
                        request.author()));
    }

    private AdminResponse password(Request request)
            throws BadRequestException, RefusedException, InterruptedException {
        Fields fields = Fields.of(request.objectOrEmpty(), Set.of("password"));
        return secret(
                200,
                users.setPassword(request.part("name"), fields.text("password"), request.author()));
    }

    private AdminResponse roles(Request request)
            throws BadRequestException, RefusedException, InterruptedException {
        Fields fields = Fields.of(request.object(), Set.of("roles"));
        users.setRoles(request.part("name"), fields.texts("roles"), request.author());
        return AdminResponse.empty(204);
    }

    private AdminResponse remove(Request request) throws RefusedException, InterruptedException {
        users.remove(request.part("name"), request.author());
        return AdminResponse.empty(204);
    }

    private AdminResponse unlock(Request request) throws RefusedException, InterruptedException {
        users.unlock(request.part("name"), request.author());
        return AdminResponse.empty(204);
    }

    private AdminResponse token(Request request)
            throws BadRequestException, RefusedException, InterruptedException {
        Fields fields = Fields.of(request.objectOrEmpty(), Set.of("note", "roles", "seconds"));
        Long seconds = fields.number("seconds");
        if (seconds != null && (seconds < 1 || seconds > 315_360_000L)) {
            throw new BadRequestException(
                    "the seconds are " + seconds + ", expected 1 to 315360000");
        }
        Instant expires = seconds == null ? null : ticker.now().plusSeconds(seconds);
        return secret(
                201,
                users.addToken(
                        request.part("name"),
                        Objects.requireNonNullElse(fields.text("note"), ""),
                        fields.texts("roles"),
                        expires,
                        request.author()));
    }

    private AdminResponse removeToken(Request request)
            throws RefusedException, InterruptedException {
        users.removeToken(request.part("name"), request.part("id"), request.author());
        return AdminResponse.empty(204);
    }

    private AdminResponse listRoles(Request request) {
        Map<String, Object> roles = new LinkedHashMap<>();
        for (Role role : Role.BUILT_IN.values()) {
            roles.put(role.name(), permissions(role.permissions()));
        }
        for (Role role : users.book().roles().values()) {
            roles.put(role.name(), permissions(role.permissions()));
        }
        return Answers.document(200, Json.object("roles", roles));
    }

    private AdminResponse setRole(Request request)
            throws BadRequestException, RefusedException, InterruptedException {
        JsonNode wanted = Fields.of(request.object(), Set.of("permissions")).value("permissions");
        if (wanted == null || !wanted.isObject()) {
            throw new BadRequestException("the member permissions is not an object");
        }
        Map<String, Set<Permission>> granted = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> each : wanted.properties()) {
            Set<Permission> set = EnumSet.noneOf(Permission.class);
            for (JsonNode word : each.getValue()) {
                set.add(permission(word));
            }
            granted.put(each.getKey(), set);
        }
        users.setRole(request.part("name"), new Permissions(granted), request.author());
        return Answers.document(
                200, Json.object("permissions", permissions(new Permissions(granted))));
    }

    private static Permission permission(JsonNode word) throws BadRequestException {
        for (Permission each : Permission.values()) {
            if (word.isString() && each.keyword().equals(word.stringValue())) {
                return each;
            }
        }
        throw new BadRequestException("a permission is none of read, operate and change");
    }

    private AdminResponse removeRole(Request request)
            throws RefusedException, InterruptedException {
        users.removeRole(request.part("name"), request.author());
        return AdminResponse.empty(204);
    }

    static Map<String, List<String>> permissions(Permissions permissions) {
        Map<String, List<String>> granted = new java.util.TreeMap<>();
        permissions
                .granted()
                .forEach(
                        (kind, set) ->
                                granted.put(
                                        kind,
                                        set.stream()
                                                .sorted()
                                                .map(p -> p.name().toLowerCase(Locale.ROOT))
                                                .toList()));
        return granted;
    }

    private static AdminResponse secret(int status, @Nullable String secret) {
        return Answers.document(status, Json.object("secret", secret));
    }
}
