package io.weir.admin.users;

import io.weir.config.AdminConfig;
import io.weir.event.EventBus;
import io.weir.event.EventTag;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tells whether a password is right, with delays and locks for those who guess. A right one is
 * remembered for a while, as a keyed hash, because programs send theirs with every request: for the
 * address that it came from, which goes on through a lock that others bring about, and until a
 * wrong one comes from there. Safe for every thread but an event loop.
 */
public final class PasswordCheck {

    private static final int REMEMBERED = 256;
    private static final Duration REMEMBER = Duration.ofMinutes(5);
    private static final String HMAC = "HmacSHA256";

    private final Accounts accounts;
    private final EventBus events;
    private final Ticker ticker;
    private final Pause pause;
    private final Lockouts lockouts;
    private final SecretKeySpec key;
    private final Map<Asker, Verified> verified = new ConcurrentHashMap<>();

    private volatile Directory directory = Directory.NONE;
    private volatile int mostFailures = 5;
    private volatile Duration lockTime = Duration.ofMinutes(15);

    /** Who says to be a user. */
    private record Asker(String name, String from) {}

    /** A password that was right for this hash until then. */
    private record Verified(String digest, String hash, long until) {}

    /** What came of a check. */
    public sealed interface Outcome {}

    /** It is the password of this user. */
    public record Right(User user) implements Outcome {}

    /** It is not, or there is no such user. */
    public record Wrong() implements Outcome {}

    /** Too many were wrong; nothing is checked until then. */
    public record Locked(Duration left) implements Outcome {}

    /** Somebody else knows the user, who may do nothing here. */
    public record NoRole() implements Outcome {}

    /** Whoever knows the user cannot be asked at the moment. */
    public record Away() implements Outcome {}

    /** Too many are being checked. */
    public record Busy() implements Outcome {}

    /** Holds an answer back. */
    @FunctionalInterface
    public interface Pause {
        void pause(Duration length) throws InterruptedException;
    }

    /**
     * @param pause holds back the answers to those who guess: {@code Thread::sleep}
     */
    public PasswordCheck(
            Accounts accounts, EventBus events, Ticker ticker, SecureRandom random, Pause pause) {
        this.accounts = accounts;
        this.events = events;
        this.ticker = ticker;
        this.pause = pause;
        this.lockouts = new Lockouts(ticker);
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        this.key = new SecretKeySpec(bytes, HMAC);
    }

    /** Takes up how many wrong passwords lock, for how long, and how long sessions may rest. */
    public void follow(AdminConfig config) {
        accounts.sessions().follow(config.idleTimeout());
        mostFailures = config.lockoutFailures();
        lockTime = config.lockoutTime();
    }

    /** Asks somebody else from now on about users whom Weir does not know itself. */
    public void ask(Directory other) {
        directory = other;
    }

    /**
     * Checks a password. A wrong one is answered late.
     *
     * @param from address that it comes from
     */
    public Outcome check(String name, String password, String from) throws InterruptedException {
        User user = accounts.book().users().get(name);
        String hash = hash(user);
        String digest = digest(name, password);
        Asker asker = new Asker(name, from);
        if (user != null && hash != null && isVerified(asker, digest, hash)) {
            return new Right(user);
        }
        String byName = "user " + (name.length() > 64 ? name.substring(0, 64) : name);
        Duration left = lockouts.locked(byName);
        if (left.isPositive()) {
            return new Locked(left);
        }
        Outcome outcome =
                user == null || user.source() == User.Source.LDAP
                        ? elsewhere(name, password)
                        : here(user, password);
        // Others may have guessed meanwhile. Whether this one was right stays unsaid then.
        left = lockouts.locked(byName);
        if (left.isPositive()) {
            return new Locked(left);
        }
        if (outcome instanceof Right(User known)) {
            lockouts.clear(byName);
            lockouts.clear(from);
            remember(asker, digest, hash(known));
        }
        if (!(outcome instanceof Wrong)) {
            return outcome;
        }
        verified.remove(asker);
        Duration delay = lockouts.delay(from);
        lockouts.failed(from, Integer.MAX_VALUE, Duration.ZERO);
        boolean locks = lockouts.failed(byName, mostFailures, lockTime);
        events.emit(
                locks ? EventTag.LOGINLOCKED : EventTag.LOGINFAILED,
                "wrong password for "
                        + (user == null ? "a user that does not exist" : "user " + user.name())
                        + " from "
                        + from
                        + (locks ? "; locked for " + lockTime.toSeconds() + " seconds" : ""));
        pause.pause(delay);
        return new Wrong();
    }

    /** What stands for the password of a user among those that were right lately. */
    private static @Nullable String hash(@Nullable User user) {
        if (user == null) {
            return null;
        }
        return user.source() == User.Source.LOCAL ? user.passwordHash() : user.source().keyword();
    }

    private Outcome here(@Nullable User user, String password) throws InterruptedException {
        String hash = user == null ? null : user.passwordHash();
        try {
            return accounts.passwords().matches(password, hash) && user != null && hash != null
                    ? new Right(user)
                    : new Wrong();
        } catch (Passwords.BusyException e) {
            return new Busy();
        }
    }

    private Outcome elsewhere(String name, String password) throws InterruptedException {
        Directory other = directory;
        if (other.equals(Directory.NONE) || password.isEmpty()) {
            return here(null, password);
        }
        return switch (other.ask(name, password)) {
            case Directory.Unknown() -> new Wrong();
            case Directory.Away(String why) -> {
                events.emit(
                        EventTag.LOGINFAILED,
                        "nobody can be asked about the user " + plain(name) + ": " + why);
                yield new Away();
            }
            case Directory.Known(List<String> roles) -> takeUp(name, User.Source.LDAP, roles);
        };
    }

    /**
     * Takes up a user whom somebody else has let in.
     *
     * @param roles of the user; nobody comes in without any that is there
     */
    public Outcome takeUp(String name, User.Source source, List<String> roles) {
        String why;
        try {
            User user = accounts.takeUp(name, source, roles);
            if (!user.roles().isEmpty()) {
                return new Right(user);
            }
            why = "no group of the user has a role";
        } catch (AccountRefusedException e) {
            why = String.valueOf(e.getMessage());
        }
        events.emit(
                EventTag.LOGINFAILED,
                "the user " + plain(name) + " of " + source.keyword() + " is not let in: " + why);
        return new NoRole();
    }

    private static String plain(String name) {
        String line = name.replaceAll("\\p{Cntrl}", "?");
        return line.length() > 64 ? line.substring(0, 64) : line;
    }

    /** Begins a session for a user whose password was right. */
    public Sessions.Begun begin(User user) {
        accounts.signedIn(user.name(), true);
        return accounts.sessions().begin(user);
    }

    /** The session with this id, used now; null when there is none or it is over. */
    public Sessions.@Nullable Open session(String id) {
        return accounts.sessions().use(id, accounts.book());
    }

    /** Ends a session; one that is not there is ended already. */
    public void end(String id) {
        accounts.sessions().end(id);
    }

    /** How long a user is still locked; zero when not at all. */
    public Duration locked(String name) {
        return lockouts.locked("user " + name);
    }

    /** Ends the lock of a user. */
    public void unlock(String name) {
        lockouts.clear("user " + name);
    }

    private boolean isVerified(Asker asker, String digest, String hash) {
        Verified found = verified.get(asker);
        return found != null
                && found.digest.equals(digest)
                && found.hash.equals(hash)
                && ticker.nanos() - found.until < 0;
    }

    private void remember(Asker asker, String digest, @Nullable String hash) {
        if (hash == null) {
            return;
        }
        if (verified.size() >= REMEMBERED) {
            verified.clear();
        }
        verified.put(asker, new Verified(digest, hash, ticker.nanos() + REMEMBER.toNanos()));
    }

    private String digest(String name, @Nullable String password) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            mac.update(name.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            return HexFormat.of()
                    .formatHex(
                            mac.doFinal(String.valueOf(password).getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + HMAC, e);
        }
    }
}
