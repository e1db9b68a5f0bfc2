package io.weir.monitor;

/** The end of a check that failed; the message is the cause in plain words. */
class CheckFailed extends Exception {

    CheckFailed(String cause) {
        // Thrown a few times a second for as long as a node is down: no stack trace.
        super(cause, null, false, false);
    }

    String cause() {
        return String.valueOf(getMessage());
    }

    /** The machine answered that nothing listens on the port. */
    static final class Refused extends CheckFailed {
        Refused(String cause) {
            super(cause);
        }
    }
}
