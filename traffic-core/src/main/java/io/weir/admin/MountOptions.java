package io.weir.admin;

/**
 * How requests reach a handler.
 *
 * @param maxBody longest request body in bytes; a longer one is refused with 413
 * @param signIn how callers say who they are
 * @param realm what password dialogues and clients call the place: some old clients have
 *     credentials for one realm only
 */
public record MountOptions(int maxBody, SignIn signIn, String realm) {

    /** How callers say who they are. */
    public enum SignIn {
        /** HTTP Basic (RFC 7617) with a challenge, or a token as RFC 6750 has it. */
        BASIC,
        /** The cookie of a session, or a token, or HTTP Basic without a challenge. */
        SESSION_OR_TOKEN,
        /** Everybody is let in, as {@link Caller#NOBODY} unless a session says who it is. */
        NONE
    }

    /** The usual realm. */
    public MountOptions(int maxBody, SignIn signIn) {
        this(maxBody, signIn, "Weir");
    }
}
