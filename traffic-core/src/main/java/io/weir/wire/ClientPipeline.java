package io.weir.wire;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.weir.bandwidth.BandwidthClass;
import io.weir.config.AddressBlocks;
import io.weir.config.Protocol;
import io.weir.config.VirtualServerConfig;
import io.weir.exchange.VirtualServer;
import io.weir.protect.Protection;
import io.weir.tls.ServerTls;
import io.weir.wire.stream.StreamClientSide;

import org.jspecify.annotations.Nullable;

/**
 * What stands between the socket of a new client connection and the path of its exchanges, in the
 * order in which bytes from the client meet it:
 *
 * <pre>
 *   PacedWrites          only with a bandwidth class; holds back what goes to the client
 *   ProxyHeaderReader    only with proxy-protocol
 *   TlsDoor              only with tls, until the handshake is over; then SealedOutput
 *   SslHandler           only with tls
 *   HttpClientConnection reads requests, makes exchanges
 *   StreamClientSide     in its place for every other protocol: one exchange for all bytes
 * </pre>
 */
final class ClientPipeline {

    private ClientPipeline() {}

    /**
     * Readies a connection that has been accepted and not been registered yet.
     *
     * @param server as the listener serves it now
     * @param gate through which the connection came; it leaves by {@link Listener#connectionClosed}
     */
    static void prepare(
            Channel child,
            Listener listener,
            WireLoop loop,
            VirtualServer server,
            AddressBlocks trusted,
            Gate gate) {
        VirtualServerConfig config = server.config();
        options(child.config(), config);
        child.config().setRecvByteBufAllocator(loop.requestReads());
        ChannelPipeline pipeline = child.pipeline();
        ClientConnection client =
                config.protocol().kind() == Protocol.Kind.HTTP
                        ? new HttpClientConnection(listener, gate, loop, child)
                        : new StreamClientSide(listener, gate, loop, child, server);
        BandwidthClass bandwidth = server.classes().bandwidth();
        if (bandwidth != null) {
            pipeline.addLast(PacedWrites.NAME, new PacedWrites(bandwidth));
        }
        if (config.proxyProtocol()) {
            pipeline.addLast(new ProxyHeaderReader(client, trusted, server));
        }
        ServerTls tls = server.tls();
        if (tls != null) {
            SslHandler handler = tls.newHandler(PooledByteBufAllocator.DEFAULT);
            pipeline.addLast(new TlsDoor(tls, handler, client, server.account(), loop));
            pipeline.addLast(handler);
        }
        pipeline.addLast(client);
    }

    /**
     * Gives up a connection that is ready and could not be registered. Its handlers have not been
     * told that it is there, and will not be told that it has gone.
     */
    static void discard(Channel child) {
        SslHandler tls = child.pipeline().get(SslHandler.class);
        if (tls != null) {
            ReferenceCountUtil.release(tls.engine());
        }
        child.unsafe().closeForcibly();
    }

    /**
     * The protection class that judges a connection as soon as it is there; null for none. Behind a
     * PROXY header the client is known only when that has been read.
     */
    static @Nullable Protection guardAtOnce(VirtualServer server) {
        return server.config().proxyProtocol() ? null : server.classes().protection();
    }

    /**
     * When a client counts as slow, and when as fast again.
     *
     * @param most bytes that may wait for it
     */
    static WriteBufferWaterMark marks(int most) {
        return new WriteBufferWaterMark(most / 2, most);
    }

    private static void options(ChannelConfig options, VirtualServerConfig config) {
        options.setAllocator(PooledByteBufAllocator.DEFAULT);
        options.setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        options.setWriteBufferWaterMark(marks(config.maxServerBuffer()));
        if (config.tcp().nagle()) {
            options.setOption(ChannelOption.TCP_NODELAY, false);
        }
    }
}
