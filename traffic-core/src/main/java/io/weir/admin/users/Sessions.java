package io.weir.admin.users;

import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Who has signed in on a web page. An id is made at sign-in and never taken from a client, so it
 * cannot be fixed beforehand; only its hash is kept. A session ends when nobody uses it for a
 * while, after twelve hours, and when its user gets another password or is removed. A bounded
 * number is kept. Safe for every thread.
 */
public final class Sessions {

    private static final int MOST = 1000;
    private static final int MOST_PER_USER = 20;
    private static final Duration LONGEST = Duration.ofHours(12);
    private static final int ID_BYTES = 32;

    private final Ticker ticker;
    private final SecureRandom random;
    private final Map<String, Open> byHash = new HashMap<>();
    private Duration idle = Duration.ofMinutes(30);

    /**
     * A session.
     *
     * @param csrf what requests that change something have to repeat in a header field
     * @param passwordHash of the password at sign-in
     */
    public record Open(
            String user, String csrf, @Nullable String passwordHash, long begun, long used) {
        private Open usedAt(long now) {
            return new Open(user, csrf, passwordHash, begun, now);
        }

        @Override
        public String toString() {
            return "session of " + user;
        }
    }

    /** A new session and its id, which only the client keeps. */
    public record Begun(String id, Open session) {
        @Override
        public String toString() {
            return session.toString();
        }
    }

    Sessions(Ticker ticker, SecureRandom random) {
        this.ticker = ticker;
        this.random = random;
    }

    synchronized void follow(Duration idleTimeout) {
        idle = idleTimeout;
    }

    synchronized Begun begin(User user) {
        long now = ticker.nanos();
        byHash.values().removeIf(each -> isOver(each, now));
        makeRoom(user.name());
        String id = Tokens.hex(random, ID_BYTES);
        Open open =
                new Open(user.name(), Tokens.hex(random, ID_BYTES), user.passwordHash(), now, now);
        byHash.put(Tokens.sha256(id), open);
        return new Begun(id, open);
    }

    /** The oldest sessions make room, first those of the same user. */
    private void makeRoom(String user) {
        if (byHash.values().stream().filter(s -> s.user.equals(user)).count() >= MOST_PER_USER) {
            removeOldest(user);
        }
        if (byHash.size() >= MOST) {
            removeOldest(null);
        }
    }

    private void removeOldest(@Nullable String user) {
        String oldest = null;
        long since = Long.MAX_VALUE;
        for (Map.Entry<String, Open> each : byHash.entrySet()) {
            boolean counts = user == null || each.getValue().user.equals(user);
            if (counts && (oldest == null || each.getValue().used - since < 0)) {
                oldest = each.getKey();
                since = each.getValue().used;
            }
        }
        byHash.remove(oldest);
    }

    /**
     * The session with this id, used now; null when there is none or it is over.
     *
     * @param book accounts now
     */
    synchronized @Nullable Open use(String id, AccountBook book) {
        String hash = Tokens.sha256(id);
        Open found = byHash.get(hash);
        if (found == null) {
            return null;
        }
        User user = book.users().get(found.user);
        long now = ticker.nanos();
        if (isOver(found, now)
                || user == null
                || !Objects.equals(user.passwordHash(), found.passwordHash)) {
            byHash.remove(hash);
            return null;
        }
        Open used = found.usedAt(now);
        byHash.put(hash, used);
        return used;
    }

    synchronized void end(String id) {
        byHash.remove(Tokens.sha256(id));
    }

    private boolean isOver(Open session, long now) {
        return now - session.used >= idle.toNanos() || now - session.begun >= LONGEST.toNanos();
    }

    /** Whether both texts are the same, in a time that does not tell where they differ. */
    static boolean same(String a, String b) {
        return MessageDigest.isEqual(
                a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }
}
