package io.weir.exchange;

import io.weir.http.BodySink;
import io.weir.http.ResponseHead;
import io.weir.tls.ClientTls;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;

/**
 * The client's end of one exchange: an HTTP/1 connection, or a stream of a multiplexed one. It
 * hands the request to the {@link Exchange} and takes the response. Confined to one event loop.
 */
public interface ClientSide extends BodySink, UnreadTaker, Tunable {

    /** Who the client is. */
    ClientIdentity identity();

    /** The client's address, as the PROXY header gave it where one is in force. */
    default InetSocketAddress remote() {
        return identity().remote();
    }

    /** The address that the client connected to. */
    default InetSocketAddress local() {
        return identity().local();
    }

    /** What nodes are told about the client. */
    default ForwardedClient forwarded() {
        return identity().forwarded();
    }

    /** Whether the client came over TLS. */
    default boolean secure() {
        return identity().secure();
    }

    /** What came of the client's TLS handshake; null when it came in the clear. */
    default @Nullable ClientTls tls() {
        return identity().tls();
    }

    /** The identity of the client's TLS session; null without one. */
    default byte @Nullable [] tlsSessionId() {
        ClientTls tls = tls();
        return tls == null ? null : tls.sessionId();
    }

    /** What is noted of the connection; null when the requests of several run on it at once. */
    default @Nullable ConnectionRecord connection() {
        return null;
    }

    /** Whether this is the first request of its connection. */
    default boolean firstRequest() {
        return false;
    }

    /** The connection is to take no further request. */
    default void closeAfterResponse() {}

    /** Sends a 1xx response; {@code head} is lent for the call only. */
    void interim(ResponseHead head);

    /**
     * Begins the final response; its body follows through {@link BodySink}.
     *
     * @param head lent for the call only
     * @param bodyLength as {@link io.weir.http.Framing} decided
     */
    void respond(ResponseHead head, long bodyLength);

    /** Bytes written on the connection since it was opened, heads and framing included. */
    long bytesWritten();

    /** Sends what has been written so far. */
    void flush();

    /** As {@link #flush}, when the event loop has handled what is ready now. */
    void flushSoon();

    /** Whether the client takes more without more than {@code max-server-buffer} being held. */
    boolean writable();

    /**
     * How many of {@code wanted} bytes of a body should be read at once, so that little of them is
     * held because the client does not take it; at least 0.
     */
    default int room(int wanted) {
        return wanted;
    }

    /** Stops or resumes reading the request body. */
    void pauseRequest(boolean paused);

    /**
     * From now on bytes go both ways unchanged: the response was a switch of protocols. Pieces come
     * through {@link BodySink#data}, the end of the node's direction through {@link BodySink#end}.
     */
    void tunnel();

    /** Cuts the response so that the client sees it is not complete. */
    void abort();

    /** The exchange is over; nothing more will be written for it. */
    void finished();
}
