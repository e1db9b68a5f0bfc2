package io.weir.rest;

import io.weir.admin.AdminResponse;
import io.weir.admin.Permission;
import io.weir.admin.Permissions;
import io.weir.control.RefusedException;
import io.weir.control.Users;
import io.weir.control.local.UserDocuments;
import io.weir.control.store.Json;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Users. Safe for every thread. */
final class UsersApi {

    private static final String USER =
            """
            {"type":"object","properties":{"password":{"type":"string",\
            "description":"without it a one-time secret is made and returned"},
            "roles":{"type":"array","items":{"type":"string"}}}}
            """;
    private static final String ROLES =
            """
            {"type":"object","required":["roles"],"properties":{
            "roles":{"type":"array","items":{"type":"string"}}}}
            """;
    private static final String PASSWORD =
            """
            {"type":"object","properties":{"password":{"type":"string",\
            "description":"without it a one-time secret is made and returned"}}}
            """;

    private final Users users;

    UsersApi(Users users) {
        this.users = users;
    }

    List<Operation> operations() {
        List<Operation> list = new ArrayList<>();
        list.add(
                Operation.get(
                        "whoAmI", "/v1/me", "", "Who the caller is and may do", UsersApi::whoAmI));
        list.add(
                Operation.get(
                        "listUsers",
                        "/v1/users",
                        Permissions.USERS,
                        "All users with their roles and tokens, without anything secret",
                        this::list));
        list.add(
                change("addUser", "PUT", "/v1/users/{name}", USER, 201, this::add)
                        .summed("Adds a user"));
        list.add(
                change("changeUser", "PATCH", "/v1/users/{name}", ROLES, 204, this::roles)
                        .summed("Gives a user other roles"));
        list.add(
                change("removeUser", "DELETE", "/v1/users/{name}", null, 204, this::remove)
                        .summed("Removes a user with all tokens"));
        list.add(
                change(
                                "setPassword",
                                "POST",
                                "/v1/users/{name}/password",
                                PASSWORD,
                                200,
                                this::password)
                        .summed("Gives a user another password, and ends a lock"));
        list.add(
                change("unlockUser", "POST", "/v1/users/{name}/unlock", null, 204, this::unlock)
                        .summed("Ends the lock that wrong passwords brought about"));
        return list;
    }

    /** An operation that changes users. */
    static Operation change(
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
                "",
                List.of(),
                body,
                status,
                call);
    }

    private static AdminResponse whoAmI(Request request) {
        Permissions permissions = request.caller().permissions();
        return Answers.document(
                200,
                Json.object(
                        "name",
                        request.caller().name(),
                        "view-only",
                        permissions.areViewOnly(),
                        "permissions",
                        RolesApi.permissions(permissions)));
    }

    private AdminResponse list(Request request) {
        return Answers.document(
                200, Json.object("users", users.list().stream().map(UserDocuments::user).toList()));
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
        if (fields.value("roles") == null) {
            throw new BadRequestException("the member roles is missing");
        }
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

    /** What is shown once of something secret that was made. */
    static AdminResponse secret(int status, @Nullable String secret) {
        return Answers.document(status, Json.object("secret", secret));
    }
}
