package io.weir.testkit;

import java.nio.charset.StandardCharsets;

/**
 * A response that a client received.
 *
 * @param framing how the end of the body was told
 * @param complete whether the end of the body arrived; false for a visibly truncated response,
 *     whose body is what came
 */
public record ReceivedResponse(
        String version,
        int status,
        String reason,
        Fields fields,
        Framing framing,
        byte[] body,
        Fields trailers,
        boolean complete) {

    /** The body in Latin-1. */
    public String text() {
        return new String(body, StandardCharsets.ISO_8859_1);
    }

    /** Whether this is an interim (1xx) response other than 101. */
    public boolean interim() {
        return status < 200 && status != 101;
    }

    /** The first value of a field, or an empty string. */
    public String field(String name) {
        String value = fields.first(name);
        return value == null ? "" : value;
    }

    @Override
    public String toString() {
        return version
                + " "
                + status
                + " "
                + reason
                + " "
                + fields.all()
                + " "
                + framing
                + (complete ? " " : " TRUNCATED ")
                + Escaped.text(body, 200);
    }
}
