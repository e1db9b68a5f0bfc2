package io.weir.admin.users;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The form of tokens: {@code weir_ID_SECRET}, with an id to find it by and a secret part of which
 * only the hash is kept.
 */
final class Tokens {

    private static final Pattern FORM = Pattern.compile("weir_([0-9a-f]{12})_([0-9a-f]{40})");

    private Tokens() {}

    /** A new token and what is shown of it once. */
    record Made(User.Token token, String secret) {
        @Override
        public String toString() {
            return token.toString();
        }
    }

    static Made make(
            SecureRandom random,
            String note,
            List<String> roles,
            Instant created,
            @Nullable Instant expires) {
        String id = hex(random, 6);
        String secret = hex(random, 20);
        return new Made(
                new User.Token(id, note, sha256(secret), roles, created, expires),
                "weir_" + id + "_" + secret);
    }

    /** Whether {@code text} has the form of a token. */
    static boolean isToken(String text) {
        return FORM.matcher(text).matches();
    }

    /** A token and its owner. */
    record Found(User user, User.Token token) {}

    /** Whose token {@code text} is; null when nobody's, or when it is over. */
    static @Nullable Found find(AccountBook book, String text, Instant now) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return null;
        }
        byte[] hash = sha256(form.group(2)).getBytes(StandardCharsets.US_ASCII);
        for (User user : book.users().values()) {
            for (User.Token token : user.tokens()) {
                if (token.id().equals(form.group(1))
                        && MessageDigest.isEqual(
                                hash, token.hash().getBytes(StandardCharsets.US_ASCII))
                        && !Accounts.isOver(token, now)) {
                    return new Found(user, token);
                }
            }
        }
        return null;
    }

    static String hex(SecureRandom random, int bytes) {
        byte[] value = new byte[bytes];
        random.nextBytes(value);
        return HexFormat.of().formatHex(value);
    }

    static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
