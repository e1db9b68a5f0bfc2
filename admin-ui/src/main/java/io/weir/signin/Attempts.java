package io.weir.signin;

import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Sign-ins that have begun here and go on at the provider. Each can come back once, from the
 * browser in which it began, within some minutes. A bounded number is remembered. Safe for every
 * thread.
 */
final class Attempts {

    private static final int MOST = 1000;
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final int SECRET_BYTES = 32;

    private final Ticker ticker;
    private final SecureRandom random;
    private final Map<String, Attempt> byState = new LinkedHashMap<>();

    /**
     * A sign-in.
     *
     * @param state comes back with the browser
     * @param nonce comes back in the token
     * @param verifier shown to the provider at the end (RFC 7636)
     * @param browser kept in a cookie
     * @param redirect address to which the browser comes back
     */
    record Attempt(
            String state,
            String nonce,
            String verifier,
            String browser,
            String redirect,
            long begun) {
        @Override
        public String toString() {
            return "attempt to sign in";
        }
    }

    Attempts(Ticker ticker, SecureRandom random) {
        this.ticker = ticker;
        this.random = random;
    }

    /** Remembers a new one; the oldest makes room. */
    synchronized Attempt begin(String redirect) {
        byState.values().removeIf(this::isOver);
        if (byState.size() >= MOST) {
            byState.remove(byState.keySet().iterator().next());
        }
        Attempt attempt =
                new Attempt(secret(), secret(), secret(), secret(), redirect, ticker.nanos());
        byState.put(attempt.state, attempt);
        return attempt;
    }

    /** The one with this state, which ends to be remembered; null when there is none. */
    synchronized @Nullable Attempt take(String state) {
        Attempt found = byState.remove(state);
        return found == null || isOver(found) ? null : found;
    }

    private boolean isOver(Attempt attempt) {
        return ticker.nanos() - attempt.begun > LONGEST.toNanos();
    }

    private String secret() {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
