package io.weir.exchange;

import io.weir.pool.Lease;
import io.weir.pool.NodeFailure;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;

/** Who waits for a connection to a node, and is told what became of it. */
public interface NodeSeeker {

    /** Whether a connection for {@code chosen} is still wanted. */
    boolean waitsFor(Lease chosen);

    /** No connection came about, and that was the node's doing. */
    void nodeFailed(NodeFailure why, String text);

    /** This machine lacks what a connection to a node takes; that says nothing about the node. */
    void lacksResources(String text);

    VirtualServer server();

    /** The client's address, as the PROXY header gave it where one is in force. */
    InetSocketAddress clientAddress();

    /** The name that the node is to be asked for in TLS; null for that of the configuration. */
    default @Nullable String tlsName() {
        return null;
    }

    /** The identity of the client's TLS session; null without one. */
    default byte @Nullable [] tlsSessionId() {
        return null;
    }

    /** The address that the client connected to. */
    InetSocketAddress askedAddress();
}
