package io.weir.wire;

import io.netty.channel.Channel;
import io.weir.exchange.ClientIdentity;
import io.weir.exchange.ConnectionRecord;
import io.weir.exchange.ForwardedClient;
import io.weir.exchange.RefusedRequest;
import io.weir.fault.TrafficFault;
import io.weir.http.RequestHead;
import io.weir.tls.ClientTls;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * Who is at the other end of a client connection, and what was put down about it. Lives as long as
 * the connection, whatever protocol it comes to speak. Confined to one event loop.
 */
public final class ConnectedClient implements ClientIdentity {

    private final Listener listener;
    private final Channel channel;
    private final ConnectionRecord record = new ConnectionRecord();

    private @Nullable InetSocketAddress remote;
    private @Nullable InetSocketAddress local;
    private @Nullable ForwardedClient forwarded;
    private @Nullable ClientTls tls;
    private @Nullable Map<String, Object> data;

    ConnectedClient(Listener listener, Channel channel) {
        this.listener = listener;
        this.channel = channel;
    }

    /** What the PROXY header says, which counts more than what the socket says. */
    void proxied(InetSocketAddress client, InetSocketAddress server) {
        remote = client;
        local = server;
    }

    /** The handshake has succeeded. */
    void secured(ClientTls done) {
        tls = done;
    }

    @Override
    public InetSocketAddress remote() {
        InetSocketAddress address = remote;
        if (address == null) {
            address = known((InetSocketAddress) channel.remoteAddress());
            remote = address;
        }
        return address;
    }

    @Override
    public InetSocketAddress local() {
        InetSocketAddress address = local;
        if (address == null) {
            address = known((InetSocketAddress) channel.localAddress());
            local = address;
        }
        return address;
    }

    private static InetSocketAddress known(@Nullable InetSocketAddress address) {
        return address == null ? InetSocketAddress.createUnresolved("unknown", 0) : address;
    }

    @Override
    public ForwardedClient forwarded() {
        ForwardedClient made = forwarded;
        if (made == null) {
            made = listener.forwarded(remote());
            forwarded = made;
        }
        return made;
    }

    @Override
    public boolean secure() {
        return tls != null;
    }

    @Override
    public @Nullable ClientTls tls() {
        return tls;
    }

    /**
     * A request of this client that was refused before an exchange could begin.
     *
     * @param head null unless it was whole
     */
    public RefusedRequest refused(TrafficFault fault, String protocol, @Nullable RequestHead head) {
        return new RefusedRequest(
                fault, remote(), local(), forwarded(), tls, protocol, record, head);
    }

    /** What is noted of the connection. */
    public ConnectionRecord record() {
        return record;
    }

    @Override
    public Map<String, Object> data() {
        Map<String, Object> map = data;
        if (map == null) {
            map = new HashMap<>();
            data = map;
        }
        return map;
    }
}
