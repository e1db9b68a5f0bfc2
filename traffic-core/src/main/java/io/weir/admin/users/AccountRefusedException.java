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
    private final String thing;
    private final String found;
    private final String expected;

    private AccountRefusedException(
            Kind kind, String message, String thing, String found, String expected) {
        super(message);
        this.kind = kind;
        this.thing = thing;
        this.found = found;
        this.expected = expected;
    }

    AccountRefusedException(Kind kind, String message) {
        this(kind, message, "", "", "");
    }

    /** A value is not allowed: the {@code thing} is {@code found}, expected {@code expected}. */
    static AccountRefusedException invalid(String thing, String found, String expected) {
        return new AccountRefusedException(
                Kind.INVALID,
                "the " + thing + " is " + found + ", expected " + expected,
                thing,
                found,
                expected);
    }

    public Kind kind() {
        return kind;
    }

    /** What is invalid; empty for other kinds. */
    public String thing() {
        return thing;
    }

    /** What it is; empty for other kinds. */
    public String found() {
        return found;
    }

    /** What it should be; empty for other kinds. */
    public String expected() {
        return expected;
    }
}
