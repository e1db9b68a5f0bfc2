package io.weir.log;

import org.jspecify.annotations.Nullable;

/**
 * The fields of one finished exchange, as the access log asks for them. Called during {@link
 * AccessLog#log} only, on the same thread. A text that is not there is told by putting nothing, a
 * number by a negative value; bytes are given as they came, because the log escapes them.
 */
public interface LogRecord {

    /** Wall clock at the first byte of the request, in milliseconds since 1970. */
    long startMillis();

    /** From the first byte of the request to the last byte of the response. */
    long durationNanos();

    /** Length of {@code phase} in nanoseconds; negative when it did not happen. */
    long phaseNanos(Phase phase);

    /** Identifies the exchange. */
    void requestId(ByteSink out);

    /** The virtual server's name. */
    String virtualServer();

    /** The client's address, without port or brackets. */
    void clientAddress(ByteSink out);

    int clientPort();

    /** The address that the client connected to, without port or brackets. */
    void localAddress(ByteSink out);

    int localPort();

    /** The user that the request names. */
    void user(ByteSink out);

    /** The first line of the request, as received. */
    void requestLine(ByteSink out);

    void method(ByteSink out);

    /** The request target, as received. */
    void target(ByteSink out);

    /** The path of the target, without the query. */
    void path(ByteSink out);

    /** The query of the target, with its question mark. */
    void query(ByteSink out);

    /** The protocol version, such as {@code HTTP/1.1}. */
    void protocol(ByteSink out);

    /** The host that the request is for, with the port if there was one. */
    void host(ByteSink out);

    /**
     * The value of a field of the request, as the client sent it.
     *
     * @param name compared without regard to case
     */
    void requestHeader(String name, ByteSink out);

    /**
     * The value of a field of the response, as the client got it.
     *
     * @param name compared without regard to case
     */
    void responseHeader(String name, ByteSink out);

    /** The status that the client got; 0 when it got none. */
    int status();

    /** Bytes of the response body that went to the client. */
    long bodyBytes();

    /** Bytes read from the client, head included. */
    long receivedBytes();

    /** Bytes written to the client, head included. */
    long sentBytes();

    /** The pool that served; null when none did. */
    @Nullable String pool();

    /** The node that served last; null when none did. */
    @Nullable String node();

    /** How many times the request was sent again to another node. */
    int retries();

    /**
     * What session persistence had to say: hit, miss, new or failed; null when no class was in
     * force.
     */
    default @Nullable String persistence() {
        return null;
    }

    /** What went wrong, as a short word; null when nothing did. */
    @Nullable String fault();

    /**
     * The rules that have run and what each decided, {@code route=stop mask=continue}; null when
     * none has.
     */
    default @Nullable String rules() {
        return null;
    }

    /** What the cache was to the exchange, as a short word; null where there is no cache. */
    default @Nullable String cache() {
        return null;
    }

    /** What compression did, or why it did nothing, in a word; null where it has no say. */
    default @Nullable String compression() {
        return null;
    }

    /** The version of TLS, such as {@code TLSv1.3}; null when the client came in the clear. */
    default @Nullable String tlsVersion() {
        return null;
    }

    /** The cipher suite; null when the client came in the clear. */
    default @Nullable String tlsCipher() {
        return null;
    }

    /** The host that the client asked for in its handshake; null when it did not say. */
    default @Nullable String tlsServerName() {
        return null;
    }

    /** {@code full} or {@code resumed}; null when the client came in the clear. */
    default @Nullable String tlsHandshake() {
        return null;
    }
}
