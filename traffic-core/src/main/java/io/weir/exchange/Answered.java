package io.weir.exchange;

import java.util.List;
import java.util.Map;

/**
 * A response that Weir makes by itself.
 *
 * @param body sent with a Content-Length; not modified after it was given
 * @param fields further header fields, in order; a name may come several times
 */
public record Answered(
        int status,
        String reason,
        String contentType,
        byte[] body,
        List<Map.Entry<String, String>> fields) {

    public Answered {
        fields = List.copyOf(fields);
    }

    /** A response with each further field at most once. */
    public Answered(
            int status,
            String reason,
            String contentType,
            byte[] body,
            Map<String, String> fields) {
        this(status, reason, contentType, body, List.copyOf(fields.entrySet()));
    }
}
