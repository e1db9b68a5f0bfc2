package io.weir.admin.users;

import io.weir.admin.Permissions;
import io.weir.admin.users.AccountRefusedException.Kind;
import io.weir.event.EventBus;
import io.weir.event.EventTag;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The users that there are, and every change of them. Changes are made one after another and are on
 * disk before they hold; looking never waits. There is no default password: the first start makes a
 * secret that can be used once. Safe for every thread but an event loop.
 */
public final class Accounts {

    private static final int MAX_USERS = 1000;
    private static final int MAX_TOKENS = 50;
    private static final Duration NOTED = Duration.ofHours(1);
    private static final String FIRST = "admin";

    private final AccountFile file;
    private final EventBus events;
    private final Ticker ticker;
    private final SecureRandom random;
    private final Passwords passwords;
    private final Sessions sessions;
    private final ReentrantLock lock = new ReentrantLock();

    /** Written under the lock, read by anybody. */
    private volatile AccountBook book;

    /** Whether accounts were ever kept; guarded by the lock. */
    private boolean begun;

    private Accounts(
            AccountFile file,
            EventBus events,
            Ticker ticker,
            SecureRandom random,
            AccountFile.Loaded loaded) {
        this.file = file;
        this.events = events;
        this.ticker = ticker;
        this.random = random;
        this.passwords = new Passwords(random);
        this.sessions = new Sessions(ticker, random);
        AccountBook kept = loaded.book();
        this.begun = kept != null;
        this.book = kept == null ? AccountBook.EMPTY : kept;
    }

    /** Loads the accounts; what is wrong with the file becomes an event. */
    public static Accounts open(
            AccountFile file, EventBus events, Ticker ticker, SecureRandom random) {
        AccountFile.Loaded loaded = file.load();
        if (loaded.fault() != null) {
            events.emit(EventTag.INTERNALERROR, "users may be lost: " + loaded.fault());
        }
        return new Accounts(file, events, ticker, random, loaded);
    }

    /** All users and roles now. */
    public AccountBook book() {
        return book;
    }

    /**
     * Makes a secret with which the first user, {@code admin}, can choose a password, if nobody has
     * done so yet. A secret made by an earlier start ends to be good.
     *
     * @return the secret, to be shown once; null when there are users already
     */
    public @Nullable String firstSecret() throws AccountRefusedException, InterruptedException {
        lock.lock();
        try {
            User first = book.users().get(FIRST);
            boolean waiting = book.users().size() == 1 && first != null && first.oneTime();
            if (begun && !waiting) {
                return null;
            }
            String secret = Passwords.random(random);
            User user = first == null ? fresh(FIRST, List.of(Role.ADMIN)) : first;
            put(book.with(user.withPassword(hash(secret), true)));
            return secret;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Adds a user.
     *
     * @param password null for a one-time secret that is returned
     * @param by who does it, for people
     * @return the one-time secret; null when there is a password
     */
    public @Nullable String add(
            String name, @Nullable String password, List<String> roles, String by)
            throws AccountRefusedException, InterruptedException {
        lock.lock();
        try {
            UserNames.mustBeOwn(name);
            if (book.spelt(name) != null) {
                throw new AccountRefusedException(
                        Kind.CONFLICT, "there is a user " + name + " already");
            }
            AccountBook room = book.withRoom(MAX_USERS);
            book.mustHave(roles);
            User user = fresh(name, roles);
            String secret = password == null ? Passwords.random(random) : null;
            put(room.with(withPassword(user, password, secret)));
            tell(by, "added the user " + name + " with the roles " + String.join(", ", roles));
            return secret;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Gives a user another password.
     *
     * @param password null for a one-time secret that is returned
     * @return the one-time secret; null when there is a password
     */
    public @Nullable String setPassword(String name, @Nullable String password, String by)
            throws AccountRefusedException, InterruptedException {
        lock.lock();
        try {
            User user = book.own(name);
            String secret = password == null ? Passwords.random(random) : null;
            put(book.with(withPassword(user, password, secret)));
            tell(by, "gave the user " + name + " another password");
            return secret;
        } finally {
            lock.unlock();
        }
    }

    /** Gives a user other roles. The last user who may administer users keeps that. */
    public void setRoles(String name, List<String> roles, String by)
            throws AccountRefusedException {
        lock.lock();
        try {
            book.mustHave(roles);
            AccountBook next = book.with(book.own(name).withRoles(roles));
            next.mustStayAdministered(book);
            put(next);
            tell(by, "gave the user " + name + " the roles " + String.join(", ", roles));
        } finally {
            lock.unlock();
        }
    }

    /** Removes a user with all tokens. */
    public void remove(String name, String by) throws AccountRefusedException {
        lock.lock();
        try {
            AccountBook next = book.without(book.user(name).name());
            next.mustStayAdministered(book);
            put(next);
            tell(by, "removed the user " + name);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Makes a token for a user.
     *
     * @param roles what it may do at most; empty for all that its owner may
     * @param expires null for never
     * @return the token, to be shown once
     */
    public String addToken(
            String name, String note, List<String> roles, @Nullable Instant expires, String by)
            throws AccountRefusedException {
        lock.lock();
        try {
            User user = book.own(name);
            book.mustHave(roles);
            List<User.Token> tokens = new ArrayList<>(user.tokens());
            tokens.removeIf(t -> isOver(t, ticker.now()));
            if (tokens.size() >= MAX_TOKENS) {
                throw new AccountRefusedException(
                        Kind.UNAVAILABLE,
                        "the user " + name + " has " + MAX_TOKENS + " tokens, which is the most");
            }
            if (note.length() > 100 || note.chars().anyMatch(Character::isISOControl)) {
                throw AccountRefusedException.invalid(
                        "note",
                        note.length() + " characters long",
                        "one line of at most 100 characters");
            }
            Tokens.Made made = Tokens.make(random, note, roles, now(), expires);
            tokens.add(made.token());
            put(book.with(user.withTokens(tokens)));
            tell(by, "made the token " + made.token().id() + " for the user " + name);
            return made.secret();
        } finally {
            lock.unlock();
        }
    }

    /** Removes a token of a user. */
    public void removeToken(String name, String id, String by) throws AccountRefusedException {
        lock.lock();
        try {
            User user = book.user(name);
            List<User.Token> tokens = new ArrayList<>(user.tokens());
            if (!tokens.removeIf(t -> t.id().equals(id))) {
                throw new AccountRefusedException(
                        Kind.NOT_FOUND, "the user " + name + " has no token " + id);
            }
            put(book.with(user.withTokens(tokens)));
            tell(by, "removed the token " + id + " of the user " + name);
        } finally {
            lock.unlock();
        }
    }

    /** Makes a role, or gives it other permissions. */
    public void setRole(String name, Permissions permissions, String by)
            throws AccountRefusedException {
        lock.lock();
        try {
            if (Role.BUILT_IN.containsKey(name) || !UserNames.isOwn(name)) {
                throw AccountRefusedException.invalid(
                        "role", "'" + name + "'", "a name that is not built in");
            }
            if (!book.hasRole(name) && book.roles().size() >= MAX_USERS) {
                throw new AccountRefusedException(
                        Kind.UNAVAILABLE, "there are " + MAX_USERS + " roles, which is the most");
            }
            AccountBook next = book.with(new Role(name, permissions));
            next.mustStayAdministered(book);
            put(next);
            tell(by, "set the role " + name);
        } finally {
            lock.unlock();
        }
    }

    /** Removes a role that no user has. */
    public void removeRole(String name, String by) throws AccountRefusedException {
        lock.lock();
        try {
            book.mustBeFree(name);
            put(book.withoutRole(name));
            tell(by, "removed the role " + name);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Notes that a user has signed in.
     *
     * @param precise false when an hour more or less does not matter, as for programs that sign in
     *     with every request
     */
    void signedIn(String name, boolean precise) {
        User known = book.users().get(name);
        if (known == null || !isNews(known, precise) || !lock.tryLock()) {
            return;
        }
        try {
            User user = book.users().get(name);
            if (user != null && isNews(user, precise)) {
                book = book.with(user.signedInAt(now()));
                file.save(book);
            }
        } catch (IOException e) {
            // Whoever has signed in is in; the next change of users tries the disk again.
        } finally {
            lock.unlock();
        }
    }

    private boolean isNews(User user, boolean precise) {
        Instant last = user.lastSignIn();
        return precise || last == null || last.plus(NOTED).isBefore(ticker.now());
    }

    /**
     * Takes up a user whom somebody else knows and has let in, with the roles there are of those
     * that it says. A user of Weir's own is never taken over.
     *
     * @param source not {@link User.Source#LOCAL}
     * @return the user, perhaps spelt another way
     * @throws AccountRefusedException when the name is that of another user, or cannot be one
     */
    User takeUp(String name, User.Source source, List<String> roles)
            throws AccountRefusedException {
        lock.lock();
        try {
            List<String> held = roles.stream().filter(book::hasRole).distinct().sorted().toList();
            User known = book.spelt(name);
            if (known != null && known.source() != source) {
                throw new AccountRefusedException(
                        Kind.CONFLICT,
                        "the name is that of a user who is known by " + known.source().keyword());
            }
            if (known == null) {
                UserNames.mustBeKnown(name);
                known = User.of(name, held, now(), source);
                put(book.withRoom(MAX_USERS).with(known));
            } else if (!known.roles().equals(held)) {
                known = known.withRoles(held);
                put(book.with(known));
            }
            return known;
        } finally {
            lock.unlock();
        }
    }

    /** Who has signed in on a web page. */
    Sessions sessions() {
        return sessions;
    }

    /** For the check of requests. */
    Passwords passwords() {
        return passwords;
    }

    private User fresh(String name, List<String> roles) {
        return User.of(name, roles, now(), User.Source.LOCAL);
    }

    private User withPassword(User user, @Nullable String password, @Nullable String secret)
            throws AccountRefusedException, InterruptedException {
        if (password == null) {
            return user.withPassword(hash(String.valueOf(secret)), true);
        }
        Passwords.mustBeStrong(user.name(), password);
        return user.withPassword(hash(password), false);
    }

    private String hash(String password) throws AccountRefusedException, InterruptedException {
        try {
            return passwords.hash(password);
        } catch (Passwords.BusyException e) {
            throw new AccountRefusedException(Kind.UNAVAILABLE, String.valueOf(e.getMessage()));
        }
    }

    /** What a user may do now; nothing for one who is not there. */
    public Permissions permissions(String name) {
        AccountBook present = book;
        User user = present.users().get(name);
        return user == null ? Permissions.NONE : present.permissions(user.roles());
    }

    /** Refuses a name that no user has. */
    public void mustBeUser(String name) throws AccountRefusedException {
        var _ = book.user(name);
    }

    private void put(AccountBook next) throws AccountRefusedException {
        try {
            file.save(next);
        } catch (IOException e) {
            throw new AccountRefusedException(
                    Kind.UNAVAILABLE, "the users cannot be written to disk: " + e);
        }
        begun = true;
        book = next;
    }

    private void tell(String by, String what) {
        events.emit(EventTag.USERCHANGE, by + " " + what);
    }

    static boolean isOver(User.Token token, Instant now) {
        Instant expires = token.expires();
        return expires != null && !expires.isAfter(now);
    }

    private Instant now() {
        return ticker.now().truncatedTo(ChronoUnit.SECONDS);
    }
}
