package io.weir.admin;

/**
 * Who asks, once signed in. Immutable.
 *
 * @param name of the user; empty for {@link #NOBODY}
 * @param from the address that the request came from, without port
 * @param permissions what the caller may do
 * @param means how the caller has shown who it is
 */
public record Caller(String name, String from, Permissions permissions, Means means) {

    /** Somebody who has not signed in and may do nothing. */
    public static final Caller NOBODY = new Caller("", "", Permissions.NONE, Means.NONE);

    /** How a caller has shown who it is. */
    public enum Means {
        NONE,
        PASSWORD,
        TOKEN,
        SESSION,
        /** A certificate of the client's, at the TLS handshake. */
        CERTIFICATE
    }

    /** Whether the caller may do this with objects of {@code kind}; see {@link Permissions}. */
    public boolean allows(String kind, Permission permission) {
        return permissions.allows(kind, permission);
    }

    /** Whether somebody has signed in. */
    public boolean isKnown() {
        return !name.isEmpty();
    }
}
