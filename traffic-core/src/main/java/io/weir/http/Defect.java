package io.weir.http;

/**
 * Everything that makes a message unacceptable. Weir repairs nothing: a defect in a request is
 * answered with {@link #status()} and the connection is closed; a defect in a response of a node
 * makes the node's connection unusable.
 */
public enum Defect {
    /** RFC 9112 section 3: the first line is no request line. */
    REQUEST_LINE(400, "malformed request line"),
    /** RFC 9112 section 4: the first line is no status line. */
    STATUS_LINE(400, "malformed status line"),
    /** RFC 9110 section 9.1: a method is a token. */
    METHOD(400, "malformed method"),
    /** RFC 9112 section 3.2. */
    TARGET(400, "malformed request target"),
    /** RFC 9112 section 2.3; only HTTP/1.0 and HTTP/1.1 are spoken here. */
    VERSION(505, "unsupported HTTP version"),
    /** RFC 9112 section 2.2: CR only before LF, LF only after CR. */
    LINE_END(400, "line not ended by CR LF"),
    /** RFC 9112 section 5: a field name is a token directly followed by a colon. */
    FIELD_NAME(400, "malformed field name"),
    /** RFC 9110 section 5.5: no control characters but HTAB. */
    FIELD_VALUE(400, "control character in field value"),
    /** RFC 9112 section 5.2. */
    FOLDED_LINE(400, "folded header line"),
    /** RFC 9112 section 3.2: exactly one Host, and a valid one. */
    HOST(400, "missing, repeated or malformed Host"),
    /** RFC 9112 section 6.2. */
    CONTENT_LENGTH(400, "malformed or repeated Content-Length"),
    /** RFC 9112 section 6.1: nothing but one "chunked", and only in HTTP/1.1. */
    TRANSFER_ENCODING(400, "unacceptable Transfer-Encoding"),
    /** RFC 9112 section 6.3 item 3. */
    LENGTH_AND_ENCODING(400, "both Content-Length and Transfer-Encoding"),
    /** RFC 9110 section 10.1.1. */
    EXPECT(417, "unknown expectation"),
    /** RFC 9110 sections 9.3.6 and 9.3.8: methods a reverse proxy does not serve. */
    METHOD_REFUSED(405, "method not served here"),
    /** RFC 9112 section 7.1. */
    CHUNK(400, "malformed chunk"),
    /** RFC 9112 section 7.1.2. */
    TRAILER(400, "malformed trailer section"),
    /** RFC 9110 section 15.5.15. */
    URI_TOO_LONG(414, "request target too long"),
    /** RFC 6585 section 5. */
    HEAD_TOO_LARGE(431, "head too large"),
    /** RFC 6585 section 5. */
    TOO_MANY_FIELDS(431, "too many fields"),
    /** RFC 9110 section 15.5.14. */
    BODY_TOO_LARGE(413, "body too large"),
    /** RFC 9112 section 8: the connection ended inside the message. */
    TRUNCATED(400, "message cut short"),
    /** RFC 9112 section 9.2: bytes after a response that nobody asked for. */
    SURPLUS(400, "bytes nobody asked for"),
    /** RFC 9110 section 15.2.2: 101 without a matching request to upgrade. */
    UPGRADE(400, "switch of protocols nobody asked for");

    private final int status;
    private final String text;

    Defect(int status, String text) {
        this.status = status;
        this.text = text;
    }

    /** The status code that answers a request with this defect. */
    public int status() {
        return status;
    }

    /** What is wrong, in words for a log line or a small error page. */
    public String text() {
        return text;
    }
}
