package io.weir.signin;

import io.weir.admin.AdminHandler;
import io.weir.admin.AdminRequest;
import io.weir.admin.AdminResponse;
import io.weir.admin.users.SessionCookie;
import io.weir.admin.users.User;
import io.weir.control.RefusedException;
import io.weir.control.Users;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;

/**
 * Sign-in at a provider: a browser that comes to {@value #PATH} is sent there, and what it brings
 * back begins a session. Safe for every thread but an event loop.
 */
final class OidcHandler implements AdminHandler {

    static final String PATH = "/api/v1/session/oidc";

    private static final String OVER_TLS = "__Host-weir-oidc";
    private static final String PLAIN = "weir-oidc";

    private final Provider provider;
    private final Users users;
    private final Attempts attempts;

    OidcHandler(Provider provider, Users users, Attempts attempts) {
        this.provider = provider;
        this.users = users;
        this.attempts = attempts;
    }

    @Override
    public AdminResponse handle(AdminRequest http) throws Exception {
        if (!http.path().equals(PATH) || !provider.isThere()) {
            return AdminResponse.problem(404, "there is no provider to sign in at");
        }
        if (!http.method().equals("GET")) {
            return AdminResponse.problem(405, "the method is not GET").with("Allow", "GET");
        }
        try {
            String state = http.parameter("state");
            return state == null ? begin(http) : finish(http, state);
        } catch (IllegalArgumentException e) {
            return AdminResponse.problem(400, "the query has a broken escape");
        } catch (ProviderException e) {
            users.notSignedIn(String.valueOf(e.getMessage()), http.caller().from());
            return e.isAway()
                    ? page(503, "The provider cannot be asked at the moment. Try again later.")
                    : page(403, "The provider did not let you in. The audit record says why.");
        }
    }

    private AdminResponse begin(AdminRequest http) throws ProviderException, InterruptedException {
        String host = http.header("Host");
        if (host == null) {
            return AdminResponse.problem(400, "the Host field is missing");
        }
        Attempts.Attempt attempt =
                attempts.begin((http.secure() ? "https://" : "http://") + host + PATH);
        return AdminResponse.empty(303)
                .with("Location", provider.begin(attempt).toString())
                .with("Set-Cookie", cookie(http, attempt.browser(), 600));
    }

    private AdminResponse finish(AdminRequest http, String state)
            throws ProviderException, RefusedException, InterruptedException {
        Attempts.Attempt attempt = attempts.take(state);
        String browser = browser(http);
        if (attempt == null || browser == null || !same(browser, attempt.browser())) {
            users.notSignedIn("a sign-in that did not begin here", http.caller().from());
            return page(403, "This sign-in did not begin here, or took too long. Try again.");
        }
        String code = http.parameter("code");
        if (code == null || code.isEmpty()) {
            throw new ProviderException("the provider says " + plain(http.parameter("error")));
        }
        Provider.Person person = provider.finish(attempt, code);
        Users.SignIn result =
                users.signedInAt(
                        User.Source.OIDC, person.name(), person.roles(), http.caller().from());
        return switch (result) {
            case Users.SignedIn(var begun) ->
                    AdminResponse.empty(303)
                            .with("Location", "/")
                            .with("Set-Cookie", SessionCookie.begin(http, begun.id()))
                            .with("Set-Cookie", cookie(http, "", 0));
            case Users.NotSignedIn(int status, String why) -> page(status, why);
        };
    }

    private static String plain(@Nullable String error) {
        String word = error == null ? "nothing" : error.replaceAll("[^A-Za-z0-9_.-]", "?");
        return word.length() > 64 ? word.substring(0, 64) : word;
    }

    /** Somebody with a browser reads this, and needs a way back. */
    private static AdminResponse page(int status, String text) {
        String safe = text.replace("&", "&amp;").replace("<", "&lt;");
        return AdminResponse.text(
                status,
                "text/html",
                "<!doctype html>\n<html lang=\"en\"><title>Sign-in – Weir</title>\n<p>"
                        + safe
                        + "</p>\n<p><a href=\"/\">Back to the sign-in page</a></p></html>\n");
    }

    /** The browser comes back from another site, so the cookie cannot be for this site only. */
    private static String cookie(AdminRequest http, String value, int seconds) {
        return (http.secure() ? OVER_TLS : PLAIN)
                + "="
                + value
                + "; Path=/; HttpOnly; SameSite=Lax; Max-Age="
                + seconds
                + (http.secure() ? "; Secure" : "");
    }

    private static @Nullable String browser(AdminRequest http) {
        String prefix = (http.secure() ? OVER_TLS : PLAIN) + "=";
        for (String field : http.headers().getOrDefault("Cookie", List.of())) {
            for (String pair : field.split(";", -1)) {
                if (pair.strip().startsWith(prefix)) {
                    return pair.strip().substring(prefix.length());
                }
            }
        }
        return null;
    }

    private static boolean same(String a, String b) {
        return MessageDigest.isEqual(
                a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }
}
