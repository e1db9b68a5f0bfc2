package io.weir.wire.h2;

/** Error codes of RFC 9113 section 7, in the order of their numbers. */
enum ErrorCode {
    NO_ERROR,
    PROTOCOL_ERROR,
    INTERNAL_ERROR,
    FLOW_CONTROL_ERROR,
    SETTINGS_TIMEOUT,
    STREAM_CLOSED,
    FRAME_SIZE_ERROR,
    REFUSED_STREAM,
    CANCEL,
    COMPRESSION_ERROR,
    CONNECT_ERROR,
    ENHANCE_YOUR_CALM,
    INADEQUATE_SECURITY,
    HTTP_1_1_REQUIRED;

    private static final ErrorCode[] ALL = values();

    /** The number on the wire. */
    int number() {
        return ordinal();
    }

    /** The name of {@code number}, for logs. */
    static String nameOf(long number) {
        return number >= 0 && number < ALL.length ? ALL[(int) number].name() : "error " + number;
    }
}
