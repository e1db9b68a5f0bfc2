package io.weir.wire.h2;

import io.weir.http.FieldName;
import io.weir.http.ResponseHead;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;

/**
 * How the two versions of HTTP say that a node has agreed to a WebSocket. Safe for every thread.
 */
final class WebSocketAnswer {

    private static final FieldName SEC_WEBSOCKET_ACCEPT = FieldName.of("Sec-WebSocket-Accept");

    /** RFC 6455 section 1.3. */
    private static final String OF_THE_PROTOCOL = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private WebSocketAnswer() {}

    /**
     * Makes of the 2xx of HTTP/2 what HTTP/1.1 says in its place (RFC 8441 section 5).
     *
     * @param key the client's Sec-WebSocket-Key
     */
    static void switched(ResponseHead head, String key) {
        head.setStatus(101, "Switching Protocols");
        head.remove(FieldName.CONTENT_LENGTH);
        head.set(SEC_WEBSOCKET_ACCEPT, accept(key));
        head.set(FieldName.CONNECTION, "Upgrade");
        head.set(FieldName.UPGRADE, "websocket");
    }

    private static String accept(String key) {
        byte[] octets = (key + OF_THE_PROTOCOL).getBytes(StandardCharsets.ISO_8859_1);
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-1").digest(octets));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }
}
