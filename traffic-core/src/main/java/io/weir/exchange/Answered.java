package io.weir.exchange;

import java.util.Map;

/**
 * A response that Weir makes by itself.
 *
 * @param body sent with a Content-Length; not modified after it was given
 * @param fields further header fields
 */
public record Answered(
        int status, String reason, String contentType, byte[] body, Map<String, String> fields) {

    public Answered {
        fields = Map.copyOf(fields);
    }
}
