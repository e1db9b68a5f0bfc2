package io.weir.testkit;

import java.nio.charset.StandardCharsets;

/**
 * A request that a node received completely.
 *
 * @param connection number of the node connection it came on, from 1 in order of accepting
 * @param number of the request on that connection, from 1
 */
public record ReceivedRequest(
        int connection,
        int number,
        String method,
        String target,
        String version,
        Fields fields,
        Framing framing,
        byte[] body,
        Fields trailers) {

    /** The body in Latin-1. */
    public String text() {
        return new String(body, StandardCharsets.ISO_8859_1);
    }

    /** {@code POST /a length 5}: what was asked for and how the body was framed. */
    public String summary() {
        return method + " " + target + " " + framing;
    }

    /** Whether the sender expects the connection to stay open after the answer. */
    public boolean keepsAlive() {
        return version.equals("HTTP/1.1")
                ? !fields.lists("Connection", "close")
                : fields.lists("Connection", "keep-alive");
    }
}
