package io.weir.admin.users;

import io.weir.time.Ticker;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts wrong passwords in a row, by user and by address, and says who has to wait. A bounded
 * number of both is remembered, the latest. Safe for every thread.
 */
final class Lockouts {

    private static final int REMEMBERED = 10_000;
    private static final Duration FORGET = Duration.ofHours(1);
    private static final Duration FIRST_DELAY = Duration.ofMillis(250);
    private static final int DOUBLINGS = 4;

    private final Ticker ticker;

    @SuppressWarnings("serial") // never serialised
    private final Map<String, Failures> failures =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
                    return size() > REMEMBERED;
                }
            };

    /**
     * Wrong passwords in a row.
     *
     * @param lockedUntil reading of the ticker; {@code since} when not locked
     */
    private record Failures(int count, long since, long lockedUntil) {}

    Lockouts(Ticker ticker) {
        this.ticker = ticker;
    }

    /** How long {@code key} is still locked; zero when it is not. */
    synchronized Duration locked(String key) {
        Failures found = failures.get(key);
        if (found == null) {
            return Duration.ZERO;
        }
        long left = found.lockedUntil - ticker.nanos();
        return left > 0 ? Duration.ofNanos(left) : Duration.ZERO;
    }

    /**
     * Counts a wrong password. While {@code key} is locked nothing is counted, so that guesses
     * which were under way do not end the lock.
     *
     * @return whether it locks {@code key} from now on
     */
    synchronized boolean failed(String key, int most, Duration lockTime) {
        long now = ticker.nanos();
        Failures before = failures.get(key);
        if (before != null && before.lockedUntil - now > 0) {
            return false;
        }
        int count = before == null || now - before.since > FORGET.toNanos() ? 1 : before.count + 1;
        boolean lock = count >= most;
        failures.put(
                key, new Failures(lock ? 0 : count, now, lock ? now + lockTime.toNanos() : now));
        return lock;
    }

    /** Forgets the wrong passwords of {@code key}, and that it is locked. */
    synchronized void clear(String key) {
        failures.remove(key);
    }

    /** How long the answer to another wrong password is to be held back. */
    synchronized Duration delay(String key) {
        Failures found = failures.get(key);
        int count = found == null ? 0 : found.count;
        return FIRST_DELAY.multipliedBy(1L << Math.min(count, DOUBLINGS));
    }
}
