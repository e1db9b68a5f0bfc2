package io.weir.persist;

import io.weir.http.RequestHead;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;

/**
 * What a request, or a connection of another protocol, tells about the session it belongs to.
 * Confined to its event loop.
 */
public interface SessionSource {

    /** The client's address; null when it has none, as after a PROXY header of unknown kind. */
    @Nullable InetAddress clientAddress();

    /** The identity of the client's TLS session; null without one. */
    default byte @Nullable [] tlsSessionId() {
        return null;
    }

    /** The key that a rule gave to the session; null when none did. */
    default @Nullable String persistenceKey() {
        return null;
    }

    /** The node, as {@code host} or {@code host:port}, that a rule chose; null when none did. */
    default @Nullable String persistenceNode() {
        return null;
    }

    /** The class that a rule put in the place of the pool's; null when none did. */
    default @Nullable String persistenceClass() {
        return null;
    }

    /** The request; null where the protocol is not HTTP. */
    default @Nullable RequestHead request() {
        return null;
    }
}
