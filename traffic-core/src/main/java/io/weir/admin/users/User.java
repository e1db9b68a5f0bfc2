package io.weir.admin.users;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * Somebody who may sign in. Its text form shows no hash.
 *
 * @param passwordHash in the PHC form of {@link Passwords}; null when there is no password to sign
 *     in with
 * @param oneTime whether the password opens nothing but the choice of another one
 * @param roles names of roles; what they grant adds up
 * @param source who knows the user's password and groups
 * @param lastSignIn to the hour for programs that sign in with every request; null for never
 */
public record User(
        String name,
        @Nullable String passwordHash,
        boolean oneTime,
        List<String> roles,
        List<Token> tokens,
        Instant created,
        Source source,
        @Nullable Instant lastSignIn) {

    /** Who knows a user. */
    public enum Source {
        /** Weir itself. */
        LOCAL,
        /** A directory, asked over LDAP. */
        LDAP,
        /** A provider of OpenID Connect. */
        OIDC;

        /** The word for it in documents. */
        public String keyword() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public User {
        roles = List.copyOf(roles);
        tokens = List.copyOf(tokens);
    }

    /**
     * A secret that a program signs in with in place of its owner.
     *
     * @param id public part, by which it is found and removed
     * @param hash SHA-256 of the secret part, in hexadecimal; the secret has 160 random bits, so a
     *     slow hash would add nothing
     * @param roles what the token may do at most, besides what its owner may; empty for all of that
     * @param expires null for never
     */
    public record Token(
            String id,
            String note,
            String hash,
            List<String> roles,
            Instant created,
            @Nullable Instant expires) {

        public Token {
            roles = List.copyOf(roles);
        }

        @Override
        public String toString() {
            return "token " + id;
        }
    }

    /** A user without password and tokens who has never signed in. */
    static User of(String name, List<String> roles, Instant created, Source source) {
        return new User(name, null, false, roles, List.of(), created, source, null);
    }

    User withPassword(String hash, boolean once) {
        return new User(name, hash, once, roles, tokens, created, source, lastSignIn);
    }

    User withRoles(List<String> other) {
        return new User(name, passwordHash, oneTime, other, tokens, created, source, lastSignIn);
    }

    User withTokens(List<Token> other) {
        return new User(name, passwordHash, oneTime, roles, other, created, source, lastSignIn);
    }

    User signedInAt(Instant time) {
        return new User(name, passwordHash, oneTime, roles, tokens, created, source, time);
    }

    @Override
    public String toString() {
        return "user " + name;
    }
}
