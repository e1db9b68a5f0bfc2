package io.weir.launcher.command;

/** The exit codes of {@code weir}. */
final class ExitCode {

    static final int OK = 0;

    /** Refused, invalid, or there is no such thing. */
    static final int REFUSED = 1;

    /** The command line itself is wrong. */
    static final int USAGE = 2;

    /** No running Weir could be reached, or it is just stopping. */
    static final int UNREACHABLE = 3;

    /** Somebody else was faster, or holds what is wanted. */
    static final int CONFLICT = 4;

    /** Done, but not all of it. */
    static final int PARTIAL = 5;

    private ExitCode() {}
}
