package io.weir.rest;

import io.weir.admin.AdminHandler;
import io.weir.admin.AdminRequest;
import io.weir.admin.AdminResponse;
import io.weir.admin.users.SessionCookie;
import io.weir.admin.users.Sessions;
import io.weir.control.RefusedException;
import io.weir.control.Users;
import io.weir.control.store.Json;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Signing in and out on web pages: {@code POST}, {@code GET} and {@code DELETE} of {@value #PATH}.
 * Safe for every thread.
 */
final class SessionApi implements AdminHandler {

    static final String PATH = "/api/v1/session";
    static final int MAX_BODY = 4096;

    private final Users users;
    private final BooleanSupplier provider;

    /**
     * @param provider whether one can sign in at a provider of OpenID Connect, too
     */
    SessionApi(Users users, BooleanSupplier provider) {
        this.users = users;
        this.provider = provider;
    }

    @Override
    public AdminResponse handle(AdminRequest http) throws Exception {
        if (!http.path().equals(PATH)) {
            return Answers.problem(404, "there is no such resource; see /api/openapi.json");
        }
        try {
            return switch (http.method()) {
                case "GET", "HEAD" -> present(http);
                case "POST" -> begin(http);
                case "DELETE" -> end(http);
                default ->
                        Answers.problem(405, "the method is not GET, POST or DELETE")
                                .with("Allow", "DELETE, GET, POST");
            };
        } catch (BadRequestException e) {
            return Answers.problem(e.status(), String.valueOf(e.getMessage()));
        } catch (RefusedException e) {
            return Answers.problem(e.problem(), false);
        }
    }

    private AdminResponse present(AdminRequest http) {
        String id = SessionCookie.read(http);
        Sessions.Open session = id == null ? null : users.session(id);
        return session == null
                ? Answers.document(
                        401,
                        Json.object(
                                "status",
                                401,
                                "detail",
                                "nobody has signed in",
                                "sign-in",
                                provider.getAsBoolean()
                                        ? List.of("password", "oidc")
                                        : List.of("password")))
                : Answers.document(200, document(session));
    }

    private AdminResponse begin(AdminRequest http)
            throws BadRequestException, RefusedException, InterruptedException {
        Fields fields =
                Fields.of(
                        new Request(http, Map.of()).object(),
                        Set.of("user", "password", "new-password"));
        Users.SignIn result =
                users.signIn(
                        fields.needed("user"),
                        fields.needed("password"),
                        fields.text("new-password"),
                        http.caller().from());
        return switch (result) {
            case Users.SignedIn(Sessions.Begun begun) -> {
                String old = SessionCookie.read(http);
                if (old != null) {
                    users.signOut(old);
                }
                yield Answers.document(200, document(begun.session()))
                        .with("Set-Cookie", SessionCookie.begin(http, begun.id()));
            }
            case Users.NotSignedIn(int status, String why) -> Answers.problem(status, why);
        };
    }

    private AdminResponse end(AdminRequest http) {
        String id = SessionCookie.read(http);
        if (id != null) {
            users.signOut(id);
        }
        return AdminResponse.empty(204).with("Set-Cookie", SessionCookie.end(http));
    }

    private Map<String, @Nullable Object> document(Sessions.Open session) {
        return Json.object(
                "user",
                session.user(),
                "csrf",
                session.csrf(),
                "permissions",
                RolesApi.permissions(users.permissions(session.user())));
    }
}
