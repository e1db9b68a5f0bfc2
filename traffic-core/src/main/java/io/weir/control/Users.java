package io.weir.control;

import io.weir.admin.Permissions;
import io.weir.admin.users.AccountBook;
import io.weir.admin.users.AccountRefusedException;
import io.weir.admin.users.Accounts;
import io.weir.admin.users.Directory;
import io.weir.admin.users.PasswordCheck;
import io.weir.admin.users.Sessions;
import io.weir.admin.users.User;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * The users as the interfaces see and change them; every change is in the audit record. Safe for
 * every thread but an event loop.
 */
public final class Users {

    private final Accounts accounts;
    private final PasswordCheck passwords;
    private final Audit audit;

    public Users(Accounts accounts, PasswordCheck passwords, Audit audit) {
        this.accounts = accounts;
        this.passwords = passwords;
        this.audit = audit;
    }

    /** All users and roles now; hashes are for nobody to see. */
    public AccountBook book() {
        return accounts.book();
    }

    /** All users as they are now, by name. */
    public List<UserView> list() {
        AccountBook book = accounts.book();
        return book.users().values().stream()
                .map(
                        user ->
                                new UserView(
                                        user,
                                        accounts.permissions(user.name()).areViewOnly(),
                                        passwords.locked(user.name())))
                .toList();
    }

    /**
     * Adds a user.
     *
     * @param password null for a one-time secret that is returned
     * @return the one-time secret; null when there is a password
     */
    public @Nullable String add(
            String name, @Nullable String password, List<String> roles, Author author)
            throws RefusedException, InterruptedException {
        return audited(
                author,
                "add-user",
                name,
                () -> accounts.add(name, password, roles, author.toString()));
    }

    /**
     * Gives a user another password, and ends the lock.
     *
     * @param password null for a one-time secret that is returned
     * @return the one-time secret; null when there is a password
     */
    public @Nullable String setPassword(String name, @Nullable String password, Author author)
            throws RefusedException, InterruptedException {
        String secret =
                audited(
                        author,
                        "set-password",
                        name,
                        () -> accounts.setPassword(name, password, author.toString()));
        passwords.unlock(name);
        return secret;
    }

    /** Gives a user other roles. */
    public void setRoles(String name, List<String> roles, Author author)
            throws RefusedException, InterruptedException {
        audited(
                author,
                "set-roles",
                name,
                () -> {
                    accounts.setRoles(name, roles, author.toString());
                    return null;
                });
    }

    /** Removes a user with all tokens. */
    public void remove(String name, Author author) throws RefusedException, InterruptedException {
        audited(
                author,
                "remove-user",
                name,
                () -> {
                    accounts.remove(name, author.toString());
                    return null;
                });
    }

    /** What came of signing in on a web page. */
    public sealed interface SignIn {}

    /** It worked. */
    public record SignedIn(Sessions.Begun begun) implements SignIn {}

    /** It did not: a status of HTTP, and why. */
    public record NotSignedIn(int status, String why) implements SignIn {}

    /**
     * Begins a session.
     *
     * @param chosen another password from now on; needed when {@code password} is a one-time secret
     * @param from address that it comes from
     */
    public SignIn signIn(String name, String password, @Nullable String chosen, String from)
            throws RefusedException, InterruptedException {
        return admitted(passwords.check(name, password, from), name, chosen, from);
    }

    /**
     * Begins a session for a user whom somebody else has let in.
     *
     * @param source who that is
     * @param roles of the user here
     * @param from address that the user comes from
     */
    public SignIn signedInAt(User.Source source, String name, List<String> roles, String from)
            throws RefusedException, InterruptedException {
        return admitted(passwords.takeUp(name, source, roles), name, null, from);
    }

    /** Asks somebody else from now on about users whom Weir does not know itself. */
    public void ask(Directory directory) {
        passwords.ask(directory);
    }

    /** Records that somebody could not sign in. */
    public void notSignedIn(String why, String from) {
        audit.refused(new Author("", Author.Channel.UI, from), "sign-in", List.of(), why);
    }

    private SignIn admitted(
            PasswordCheck.Outcome outcome, String name, @Nullable String chosen, String from)
            throws RefusedException, InterruptedException {
        Author author = new Author(name, Author.Channel.UI, from);
        List<String> objects = List.of("users/" + name);
        SignIn result =
                switch (outcome) {
                    case PasswordCheck.Right(User user) -> begin(user, chosen, author);
                    case PasswordCheck.NoRole() ->
                            new NotSignedIn(403, "the user may do nothing here");
                    case PasswordCheck.Away() ->
                            new NotSignedIn(503, "the directory cannot be asked; try again later");
                    case PasswordCheck.Wrong() ->
                            new NotSignedIn(401, "the user name or password is wrong");
                    case PasswordCheck.Locked(_) ->
                            new NotSignedIn(429, "too many wrong passwords; try again later");
                    case PasswordCheck.Busy() ->
                            new NotSignedIn(503, "too many sign in at the moment");
                };
        switch (result) {
            case SignedIn _ -> audit.accepted(author, "sign-in", objects, "");
            case NotSignedIn(_, String why) -> audit.refused(author, "sign-in", objects, why);
        }
        return result;
    }

    private SignIn begin(User user, @Nullable String chosen, Author author)
            throws RefusedException, InterruptedException {
        if (chosen != null) {
            setPassword(user.name(), chosen, author);
        } else if (user.oneTime()) {
            return new NotSignedIn(
                    403, "the password is a one-time secret; choose another password now");
        }
        User present = accounts.book().users().get(user.name());
        return present == null
                ? new NotSignedIn(401, "the user name or password is wrong")
                : new SignedIn(passwords.begin(present));
    }

    /** The session with this id; null when there is none or it is over. */
    public Sessions.@Nullable Open session(String id) {
        return passwords.session(id);
    }

    /** What a user may do now; nothing for one who is not there. */
    public Permissions permissions(String name) {
        return accounts.permissions(name);
    }

    /** Ends a session. */
    public void signOut(String id) {
        passwords.end(id);
    }

    /** Ends the lock that wrong passwords brought about. */
    public void unlock(String name, Author author) throws RefusedException, InterruptedException {
        audited(
                author,
                "unlock-user",
                name,
                () -> {
                    accounts.mustBeUser(name);
                    passwords.unlock(name);
                    return null;
                });
    }

    /**
     * Makes a token for a user.
     *
     * @param roles what it may do at most; empty for all that its owner may
     * @param expires null for never
     * @return the token, to be shown once
     */
    public String addToken(
            String name, String note, List<String> roles, @Nullable Instant expires, Author author)
            throws RefusedException, InterruptedException {
        return String.valueOf(
                audited(
                        author,
                        "add-token",
                        name,
                        () -> accounts.addToken(name, note, roles, expires, author.toString())));
    }

    /** Removes a token of a user. */
    public void removeToken(String name, String id, Author author)
            throws RefusedException, InterruptedException {
        audited(
                author,
                "remove-token",
                name,
                () -> {
                    accounts.removeToken(name, id, author.toString());
                    return null;
                });
    }

    /** Makes a role, or gives it other permissions. */
    public void setRole(String name, Permissions permissions, Author author)
            throws RefusedException, InterruptedException {
        audited(
                author,
                "set-role",
                name,
                () -> {
                    accounts.setRole(name, permissions, author.toString());
                    return null;
                });
    }

    /** Removes a role that no user has. */
    public void removeRole(String name, Author author)
            throws RefusedException, InterruptedException {
        audited(
                author,
                "remove-role",
                name,
                () -> {
                    accounts.removeRole(name, author.toString());
                    return null;
                });
    }

    private interface Step {
        @Nullable String run() throws AccountRefusedException, InterruptedException;
    }

    private @Nullable String audited(Author author, String action, String name, Step step)
            throws RefusedException, InterruptedException {
        List<String> objects = List.of("users/" + name);
        try {
            String result = step.run();
            audit.accepted(author, action, objects, "");
            return result;
        } catch (AccountRefusedException e) {
            String message = String.valueOf(e.getMessage());
            audit.refused(author, action, objects, message);
            throw new RefusedException(
                    switch (e.kind()) {
                        case NOT_FOUND -> new ControlProblem.NotFound("user", name, "", null);
                        case INVALID ->
                                new ControlProblem.Invalid(e.thing(), e.found(), e.expected());
                        case CONFLICT -> new ControlProblem.Conflict(message);
                        case UNAVAILABLE -> new ControlProblem.Unavailable(message);
                    },
                    e);
        }
    }
}
