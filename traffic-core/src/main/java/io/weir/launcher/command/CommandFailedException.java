package io.weir.launcher.command;

/** A command cannot be done; the message is one line for people. */
final class CommandFailedException extends Exception {

    private final int exitCode;

    CommandFailedException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** One of {@link ExitCode}. */
    int exitCode() {
        return exitCode;
    }
}
