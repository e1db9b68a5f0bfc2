package io.weir.admin.users;

import io.weir.admin.AdminRequest;
import io.weir.admin.AdminResponse;
import io.weir.admin.Caller;
import io.weir.admin.Caller.Means;
import io.weir.admin.MountOptions;
import io.weir.admin.MountOptions.SignIn;
import io.weir.admin.Permissions;
import io.weir.admin.SignInCheck;
import io.weir.config.AdminConfig;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;

/** Lets requests in, by password, token or session. Safe for every thread but an event loop. */
public final class Gatekeeper implements SignInCheck {

    /** What requests of a session repeat, which pages of another origin cannot know. */
    public static final String CSRF = "X-Weir-CSRF";

    private final Accounts accounts;
    private final PasswordCheck passwords;
    private final Ticker ticker;

    /** Users by the common names of their certificates, where these differ. */
    private volatile Map<String, String> certificates = Map.of();

    private volatile BiConsumer<String, String> refusals = (name, from) -> {};

    public Gatekeeper(Accounts accounts, PasswordCheck passwords, Ticker ticker) {
        this.accounts = accounts;
        this.passwords = passwords;
        this.ticker = ticker;
    }

    @Override
    public Verdict check(AdminRequest head, MountOptions options) throws InterruptedException {
        String authorization = head.header("Authorization");
        if (options.signIn() == SignIn.NONE) {
            Verdict session = session(head);
            return session instanceof LetIn ? session : new LetIn(head.caller());
        }
        if (authorization == null) {
            Verdict session = options.signIn() == SignIn.BASIC ? null : session(head);
            Verdict verdict = session == null ? certificate(head) : session;
            return verdict == null ? unknown("who asks is not said", options) : verdict;
        }
        int space = authorization.indexOf(' ');
        String scheme = space < 0 ? "" : authorization.substring(0, space).toLowerCase(Locale.ROOT);
        String credentials = authorization.substring(space + 1).strip();
        return switch (scheme) {
            case "basic" -> basic(credentials, head.caller().from(), options);
            case "bearer" -> token(credentials, null, head.caller().from(), options);
            default -> unknown("the Authorization field is neither Basic nor Bearer", options);
        };
    }

    /** What the cookie of a session says; null when there is none that holds. */
    private @Nullable Verdict session(AdminRequest head) {
        String id = SessionCookie.read(head);
        Sessions.Open session = id == null ? null : passwords.session(id);
        User user = session == null ? null : accounts.book().users().get(session.user());
        if (session == null || user == null) {
            return null;
        }
        String repeated = head.header(CSRF);
        if (!head.isSafe() && (repeated == null || !Sessions.same(repeated, session.csrf()))) {
            return new Refused(
                    AdminResponse.problem(
                            403, "the field " + CSRF + " does not repeat what the session has"));
        }
        return letIn(user, head.caller().from(), Means.SESSION);
    }

    /** What the certificate of the client says; null when it is nobody's. */
    private @Nullable Verdict certificate(AdminRequest head) {
        X509Certificate certificate = head.certificate();
        String named = certificate == null ? null : Certificates.commonName(certificate);
        User user =
                named == null
                        ? null
                        : accounts.book().users().get(certificates.getOrDefault(named, named));
        if (user == null) {
            return null;
        }
        accounts.signedIn(user.name(), false);
        return new LetIn(
                new Caller(
                        user.name(),
                        head.caller().from(),
                        accounts.book().permissions(user.roles()),
                        Means.CERTIFICATE));
    }

    /**
     * Tells {@code listener} names that came with a wrong password, and addresses they came from.
     */
    public void reportTo(BiConsumer<String, String> listener) {
        refusals = listener;
    }

    /** Takes up whose certificates are. */
    public void follow(AdminConfig config) {
        certificates = Certificates.users(config.clientCertificates());
    }

    private Verdict basic(String credentials, String from, MountOptions options)
            throws InterruptedException {
        String pair;
        try {
            pair = new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return unknown("the Authorization field is malformed", options);
        }
        int colon = pair.indexOf(':');
        if (colon < 0) {
            return unknown("the Authorization field is malformed", options);
        }
        String name = pair.substring(0, colon);
        String password = pair.substring(colon + 1);
        if (Tokens.isToken(password)) {
            return token(password, name, from, options);
        }
        return switch (passwords.check(name, password, from)) {
            case PasswordCheck.Right(User user) -> {
                accounts.signedIn(user.name(), false);
                yield letIn(user, from, Means.PASSWORD);
            }
            case PasswordCheck.Wrong() -> {
                refusals.accept(name, from);
                yield unknown("the user name or password is wrong", options);
            }
            case PasswordCheck.Locked(Duration left) -> {
                refusals.accept(name, from);
                yield locked(left);
            }
            case PasswordCheck.Busy() ->
                    new Refused(AdminResponse.problem(503, "too many sign in at the moment"));
            case PasswordCheck.Away() ->
                    new Refused(AdminResponse.problem(503, "the directory cannot be asked"));
            case PasswordCheck.NoRole() ->
                    new Refused(AdminResponse.problem(403, "the user has no role here"));
        };
    }

    private Verdict letIn(User user, String from, Means means) {
        if (user.oneTime()) {
            return new Refused(
                    AdminResponse.problem(
                            403,
                            "the password is a one-time secret; choose another one first, on the"
                                    + " web page or with: weir user passwd NAME"));
        }
        return new LetIn(
                new Caller(user.name(), from, accounts.book().permissions(user.roles()), means));
    }

    private Verdict token(String text, @Nullable String owner, String from, MountOptions options) {
        AccountBook book = accounts.book();
        Tokens.Found found = Tokens.find(book, text, ticker.now());
        if (found == null || (owner != null && !owner.equals(found.user().name()))) {
            return unknown("the token is unknown or over", options);
        }
        Permissions permissions = book.permissions(found.user().roles());
        if (!found.token().roles().isEmpty()) {
            permissions = permissions.limitedTo(book.permissions(found.token().roles()));
        }
        accounts.signedIn(found.user().name(), false);
        return new LetIn(new Caller(found.user().name(), from, permissions, Means.TOKEN));
    }

    static Verdict locked(Duration left) {
        return new Refused(
                AdminResponse.problem(429, "too many wrong passwords")
                        .with("Retry-After", String.valueOf(left.toSeconds() + 1)));
    }

    private static Verdict unknown(String detail, MountOptions options) {
        AdminResponse answer = AdminResponse.problem(401, detail);
        return new Refused(
                options.signIn() == SignIn.BASIC
                        ? answer.with("WWW-Authenticate", "Basic realm=\"" + options.realm() + "\"")
                        : answer.with("WWW-Authenticate", "Bearer realm=\"Weir\""));
    }
}
