package io.weir.admin.users;

/** A change of accounts was refused; nothing has changed. */
public final class AccountRefusedException extends Exception {

    /** What kind of refusal. */
    public enum Kind {
        NOT_FOUND,
        INVALID,
        CONFLICT,
        /** The disk refuses, or too much is going on. */
        UNAVAILABLE
    }

    private final Kind kind;

    public AccountRefusedException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
