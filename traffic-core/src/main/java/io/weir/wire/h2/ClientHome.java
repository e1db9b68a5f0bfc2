package io.weir.wire.h2;

import io.weir.exchange.ConnectionRecord;
import io.weir.exchange.ForwardedClient;
import io.weir.exchange.LoopContext;
import io.weir.exchange.NodeConnections;
import io.weir.exchange.VirtualServer;
import io.weir.tls.ClientTls;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.Map;

/** Where a client connection comes from, and what it serves. Confined to one event loop. */
public interface ClientHome {

    /** The virtual server as it is served now. */
    VirtualServer server();

    LoopContext context();

    NodeConnections nodes();

    /** The client's address, as the PROXY header gave it where one is in force. */
    InetSocketAddress remote();

    /** The address that the client connected to. */
    InetSocketAddress local();

    /** What nodes are told about the client. */
    ForwardedClient forwarded();

    /** What rules have put down about the connection. */
    Map<String, Object> connectionData();

    /** Whether the client came over TLS. */
    boolean secure();

    /** What came of the client's TLS handshake; null when it came in the clear. */
    @Nullable ClientTls tls();

    /** What is noted of the connection. */
    ConnectionRecord connection();

    /** The connection has gone. */
    void closed();
}
