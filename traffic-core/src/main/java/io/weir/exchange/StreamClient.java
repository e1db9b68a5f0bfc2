package io.weir.exchange;

import io.weir.tls.ClientTls;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;

/** The client's connection of a {@link StreamExchange}. Confined to one event loop. */
public interface StreamClient extends StreamEnd {

    /** The client's address, as the PROXY header gave it where one is in force. */
    InetSocketAddress remote();

    /** The address that the client connected to. */
    InetSocketAddress local();

    /** What came of the handshake; null when the client came in the clear. */
    default @Nullable ClientTls tls() {
        return null;
    }

    /** The identity of the client's TLS session; null without one. */
    default byte @Nullable [] tlsSessionId() {
        ClientTls done = tls();
        return done == null ? null : done.sessionId();
    }
}
