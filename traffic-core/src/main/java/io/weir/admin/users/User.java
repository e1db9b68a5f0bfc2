package io.weir.admin.users;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * Somebody who may sign in. Its text form shows no hash.
 *
 * @param passwordHash in the PHC form of {@link Passwords}; null when there is no password to sign
 *     in with
 * @param oneTime whether the password opens nothing but the choice of another one
 * @param roles names of roles; what they grant adds up
 */
public record User(
        String name,
        @Nullable String passwordHash,
        boolean oneTime,
        List<String> roles,
        List<Token> tokens,
        Instant created) {

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

    User withPassword(String hash, boolean once) {
        return new User(name, hash, once, roles, tokens, created);
    }

    User withRoles(List<String> other) {
        return new User(name, passwordHash, oneTime, other, tokens, created);
    }

    User withTokens(List<Token> other) {
        return new User(name, passwordHash, oneTime, roles, other, created);
    }

    @Override
    public String toString() {
        return "user " + name;
    }
}
