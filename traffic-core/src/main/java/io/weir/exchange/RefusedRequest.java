package io.weir.exchange;

import io.weir.fault.TrafficFault;
import io.weir.http.RequestHead;
import io.weir.tls.ClientTls;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;

/**
 * A request that was refused before an exchange could begin. Lent for the call only, on the event
 * loop of the connection.
 *
 * @param fault what was wrong with it
 * @param tls null when it came in the clear
 * @param protocol as kept exchanges have it
 * @param connection that it came over
 * @param head null unless it was whole
 */
public record RefusedRequest(
        TrafficFault fault,
        InetSocketAddress remote,
        InetSocketAddress local,
        ForwardedClient forwarded,
        @Nullable ClientTls tls,
        String protocol,
        ConnectionRecord connection,
        @Nullable RequestHead head) {}
