package io.weir.exchange;

import io.weir.tls.ClientTls;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.Map;

/**
 * Who the client of a connection is: the same for all exchanges that run on it. Confined to one
 * event loop.
 */
public interface ClientIdentity {

    /** The client's address, as the PROXY header gave it where one is in force. */
    InetSocketAddress remote();

    /** The address that the client connected to. */
    InetSocketAddress local();

    /** What nodes are told about the client. */
    ForwardedClient forwarded();

    /** Whether the client came over TLS. */
    boolean secure();

    /** What came of the client's TLS handshake; null when it came in the clear. */
    @Nullable ClientTls tls();

    /** What rules have put down about the client; lives as long as the connection. */
    Map<String, Object> data();
}
