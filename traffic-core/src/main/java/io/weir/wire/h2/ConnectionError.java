package io.weir.wire.h2;

/** What ends a whole connection with GOAWAY (RFC 9113 section 5.4.1). Has no stack trace. */
final class ConnectionError extends Exception {

    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    ConnectionError(ErrorCode code, String text) {
        super(text, null, false, false);
        this.code = code;
    }

    ErrorCode code() {
        return code;
    }

    /** The text, which is never null. */
    String text() {
        return String.valueOf(getMessage());
    }
}
