package io.weir.admin;

/** Tells who sent a request. Safe for every thread; may block, so never called on an event loop. */
public interface SignInCheck {

    /**
     * Looks at a request whose body has not been read.
     *
     * @throws InterruptedException when the server stops
     */
    Verdict check(AdminRequest head, MountOptions options) throws InterruptedException;

    /** What came of it. */
    sealed interface Verdict {}

    /** The caller is let in. */
    record LetIn(Caller caller) implements Verdict {}

    /** The request is answered instead of handled. */
    record Refused(AdminResponse answer) implements Verdict {}
}
