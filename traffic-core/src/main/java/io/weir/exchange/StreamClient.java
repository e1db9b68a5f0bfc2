package io.weir.exchange;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;

/** The client's connection of a {@link StreamExchange}. Confined to one event loop. */
public interface StreamClient extends StreamEnd {

    /** The client's address, as the PROXY header gave it where one is in force. */
    InetSocketAddress remote();

    /** The address that the client connected to. */
    InetSocketAddress local();

    /** The identity of the client's TLS session; null without one. */
    default byte @Nullable [] tlsSessionId() {
        return null;
    }
}
