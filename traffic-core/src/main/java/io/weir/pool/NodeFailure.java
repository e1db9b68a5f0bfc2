package io.weir.pool;

/** Why an attempt on a node failed. All of them count against the node (passive monitoring). */
public enum NodeFailure {
    /** The node's machine refused the connection. */
    REFUSED("connection refused"),
    /** No connection within max-connect-time. */
    CONNECT_TIMEOUT("no connection within the connect time"),
    /** No route, or the network said so. */
    UNREACHABLE("unreachable"),
    /** The connection ended before the answer began. */
    CLOSED_EARLY("closed before answering"),
    /** The answer did not begin within max-reply-time. */
    REPLY_TIMEOUT("no answer within the reply time"),
    /** The answer could not be understood. */
    BAD_RESPONSE("malformed answer"),
    /** The answer was 503. */
    BUSY_503("answered 503"),
    /** The TLS handshake failed. */
    TLS("TLS handshake failed"),
    /** The connection was reset. */
    RESET("connection reset");

    private final String text;

    NodeFailure(String text) {
        this.text = text;
    }

    /** The failure in words. */
    public String text() {
        return text;
    }

    /**
     * The failure in words, where {@link #text()} would leave open what is to be repaired in those
     * of the attempt.
     */
    String text(String ofAttempt) {
        return this == TLS ? ofAttempt : text;
    }

    /** Whether no connection came about, so that another address of the node may do better. */
    boolean beforeConnection() {
        return this == REFUSED || this == CONNECT_TIMEOUT || this == UNREACHABLE;
    }

    /**
     * Whether the node itself did it, so that it is there and may do better with another request.
     */
    boolean fromNode() {
        return this == CLOSED_EARLY || this == RESET || this == BAD_RESPONSE || this == BUSY_503;
    }
}
