package io.weir.admin;

/**
 * Who asks, once signed in. Immutable.
 *
 * @param name of the user; empty for {@link #NOBODY}
 * @param from the address that the request came from, without port
 * @param permissions what the caller may do
 */
public record Caller(String name, String from, Permissions permissions) {

    /** Somebody who has not signed in and may do nothing. */
    public static final Caller NOBODY = new Caller("", "", Permissions.NONE);

    /** Whether the caller may do this with objects of {@code kind}; see {@link Permissions}. */
    public boolean allows(String kind, Permission permission) {
        return permissions.allows(kind, permission);
    }

    /** Whether somebody has signed in. */
    public boolean isKnown() {
        return !name.isEmpty();
    }
}
