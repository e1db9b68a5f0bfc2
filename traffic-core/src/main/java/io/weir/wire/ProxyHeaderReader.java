package io.weir.wire;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.weir.config.AddressBlocks;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * Takes the PROXY header that opens a connection from a trusted proxy. A connection without a valid
 * one, or from anybody else, is closed without an answer. Confined to one event loop.
 */
final class ProxyHeaderReader extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(ProxyHeaderReader.class);

    private final HttpClientSide client;
    private final AddressBlocks trusted;

    ProxyHeaderReader(HttpClientSide client, AddressBlocks trusted) {
        this.client = client;
        this.trusted = trusted;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        InetSocketAddress peer = (InetSocketAddress) ctx.channel().remoteAddress();
        ctx.fireChannelActive();
        if (peer == null || !trusted.contains(peer.getAddress())) {
            LOG.debug("PROXY header refused from {}: not in global.trusted-proxies", peer);
            ctx.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws UnknownHostException {
        if (message instanceof HAProxyMessage header) {
            try {
                if (header.command() == HAProxyCommand.PROXY
                        && header.sourceAddress() != null
                        && header.destinationAddress() != null
                        && header.proxiedProtocol().addressFamily()
                                != io.netty.handler.codec.haproxy.HAProxyProxiedProtocol
                                        .AddressFamily.AF_UNIX) {
                    client.proxied(
                            address(header.sourceAddress(), header.sourcePort()),
                            address(header.destinationAddress(), header.destinationPort()));
                }
            } finally {
                header.release();
            }
            ctx.pipeline().remove(this);
        } else {
            ctx.fireChannelRead(message);
        }
    }

    private static InetSocketAddress address(String literal, int port) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByName(literal), port);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("bad PROXY header from {}: {}", ctx.channel().remoteAddress(), cause.toString());
        ctx.close();
    }
}
