package io.weir.rest;

import io.weir.admin.AdminResponse;
import io.weir.admin.Caller;
import io.weir.admin.Permission;
import io.weir.admin.Permissions;
import io.weir.admin.users.User;
import io.weir.control.ControlProblem;
import io.weir.control.RefusedException;
import io.weir.control.Users;
import io.weir.control.local.UserDocuments;
import io.weir.control.store.Json;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Tokens with which programs sign in. Everybody sees, makes and removes their own; those of others
 * need the permission about users. Safe for every thread.
 */
final class TokensApi {

    private static final String TOKEN =
            """
            {"type":"object","properties":{
            "user":{"type":"string","description":"whose; the caller's own without it"},
            "note":{"type":"string"},
            "roles":{"type":"array","items":{"type":"string"},"description":"what it may do at most"},
            "seconds":{"type":"integer","description":"ends after so long; without it never"}}}
            """;
    private static final long LONGEST_SECONDS = 315_360_000;

    private final Users users;
    private final Ticker ticker;

    TokensApi(Users users, Ticker ticker) {
        this.users = users;
        this.ticker = ticker;
    }

    List<Operation> operations() {
        return List.of(
                Operation.get(
                        "listTokens",
                        "/v1/tokens",
                        "",
                        "The caller's tokens; those of everybody for who may read users",
                        this::list),
                own("addToken", "POST", "/v1/tokens", TOKEN, 201, this::add)
                        .summed("Makes a token with which a program signs in"),
                own("removeToken", "DELETE", "/v1/tokens/{id}", null, 204, this::remove)
                        .summed("Removes a token"));
    }

    private static Operation own(
            String id,
            String method,
            String path,
            @Nullable String body,
            int status,
            Operation.Call call) {
        return new Operation(id, method, path, "", null, "", List.of(), body, status, call);
    }

    private AdminResponse list(Request request) {
        boolean all = request.caller().allows(Permissions.USERS, Permission.READ);
        List<Object> tokens = new ArrayList<>();
        for (User user : users.book().users().values()) {
            if (all || user.name().equals(request.caller().name())) {
                for (User.Token token : user.tokens()) {
                    Map<String, @Nullable Object> document = UserDocuments.token(token);
                    document.put("user", user.name());
                    tokens.add(document);
                }
            }
        }
        return Answers.document(200, Json.object("tokens", tokens));
    }

    private AdminResponse add(Request request)
            throws BadRequestException, RefusedException, InterruptedException {
        Fields fields =
                Fields.of(request.objectOrEmpty(), Set.of("user", "note", "roles", "seconds"));
        String owner = Objects.requireNonNullElse(fields.text("user"), request.caller().name());
        boolean own = owner.equals(request.caller().name());
        // A token with few permissions or a short life must not make one that has more.
        if (!own || request.caller().means() == Caller.Means.TOKEN) {
            request.mustBeAllowed(Permissions.USERS, Permission.CHANGE);
        }
        return UsersApi.secret(
                201,
                users.addToken(
                        owner,
                        Objects.requireNonNullElse(fields.text("note"), ""),
                        fields.texts("roles"),
                        expiry(fields.number("seconds")),
                        request.author()));
    }

    private @Nullable Instant expiry(@Nullable Long seconds) throws BadRequestException {
        if (seconds == null) {
            return null;
        }
        if (seconds < 1 || seconds > LONGEST_SECONDS) {
            throw new BadRequestException(
                    "the seconds are " + seconds + ", expected 1 to " + LONGEST_SECONDS);
        }
        return ticker.now().plusSeconds(seconds);
    }

    private AdminResponse remove(Request request)
            throws BadRequestException, RefusedException, InterruptedException {
        String id = request.part("id");
        for (User user : users.book().users().values()) {
            if (user.tokens().stream().anyMatch(token -> token.id().equals(id))) {
                if (!user.name().equals(request.caller().name())) {
                    request.mustBeAllowed(Permissions.USERS, Permission.CHANGE);
                }
                users.removeToken(user.name(), id, request.author());
                return AdminResponse.empty(204);
            }
        }
        // Who may not see the tokens of others learns nothing about them here either.
        throw new RefusedException(new ControlProblem.NotFound("token", id, "", null));
    }
}
