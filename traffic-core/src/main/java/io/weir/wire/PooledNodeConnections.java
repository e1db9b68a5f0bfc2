package io.weir.wire;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.WriteBufferWaterMark;
import io.weir.config.PoolConfig;
import io.weir.config.PoolConfig.ProxyProtocol;
import io.weir.event.EventBus.Subscription;
import io.weir.exchange.Exchange;
import io.weir.exchange.NodeConnections;
import io.weir.pool.Lease;
import io.weir.pool.NodeFailure;
import io.weir.pool.PoolNode;

import org.jspecify.annotations.Nullable;

import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The node connections of one event loop: kept ones by node, last used first, and the making of new
 * ones. Confined to one event loop.
 */
final class PooledNodeConnections implements NodeConnections {

    private static final int SMALLEST_READ = 1024;
    private static final int FIRST_READ = 8 * 1024;

    /** Large reads save system calls; they bound what one read can hold beyond the buffers. */
    private static final int LARGEST_READ = 128 * 1024;

    /** How soon a node that has as many connections as it may is asked again. */
    private static final long ROOM_RETRY_MILLIS = 2;

    private final WireLoop loop;
    private final Transport transport;
    private final IdentityHashMap<PoolNode, Connections> byNode = new IdentityHashMap<>();

    PooledNodeConnections(WireLoop loop, Transport transport) {
        this.loop = loop;
        this.transport = transport;
    }

    /** The connections of this event loop to one node, for as long as there are any. */
    private final class Connections {
        private final ArrayDeque<HttpNodeSide> kept = new ArrayDeque<>(8);
        private final List<HttpNodeSide> open = new ArrayList<>();
        private final Subscription death;
        private final Subscription unwanted;

        Connections(PoolNode node) {
            death = node.onDeath(() -> loop.execute(this::closeAll));
            unwanted = node.onIdleUnwanted(most -> loop.execute(() -> closeKept(most)));
        }

        private void closeAll() {
            for (HttpNodeSide side : open.toArray(HttpNodeSide[]::new)) {
                side.close();
            }
        }

        private void closeKept(int most) {
            for (int i = 0; i < most; i++) {
                HttpNodeSide oldest = kept.pollFirst();
                if (oldest == null) {
                    return;
                }
                oldest.uncount();
                oldest.close();
            }
        }
    }

    byte[][] scratch() {
        return loop.scratch();
    }

    @Override
    public void connect(Exchange x, Lease lease, boolean fresh) {
        if (!fresh) {
            HttpNodeSide side = takeKept(lease.node());
            if (side != null) {
                side.lend(x);
                return;
            }
        }
        long patience = lease.config().maxConnectTime().toNanos();
        openWhenAllowed(x, lease, lease.target(), loop.context().nanos() + patience);
    }

    private @Nullable HttpNodeSide takeKept(PoolNode node) {
        Connections connections = byNode.get(node);
        if (connections == null) {
            return null;
        }
        for (HttpNodeSide side = connections.kept.pollLast();
                side != null;
                side = connections.kept.pollLast()) {
            side.uncount();
            if (side.usable()) {
                return side;
            }
            side.close();
        }
        return null;
    }

    /** Keeps {@code side} for another exchange. */
    void keep(HttpNodeSide side) {
        Connections connections = byNode.get(side.node());
        if (connections != null) {
            connections.kept.addLast(side);
        }
    }

    /** Takes {@code side} out of the kept ones, because it is going to be closed. */
    void forget(HttpNodeSide side) {
        Connections connections = byNode.get(side.node());
        if (connections != null && connections.kept.remove(side)) {
            side.uncount();
        }
    }

    /** A connection is there. */
    void opened(HttpNodeSide side) {
        byNode.computeIfAbsent(side.node(), Connections::new).open.add(side);
    }

    /** A connection that was there has gone. */
    void closed(HttpNodeSide side) {
        Connections connections = byNode.get(side.node());
        if (connections != null && connections.open.remove(side)) {
            if (connections.kept.remove(side)) {
                side.uncount();
            }
            side.node().connectionClosed();
            if (connections.open.isEmpty()) {
                byNode.remove(side.node());
                connections.death.close();
                connections.unwanted.close();
            }
        }
    }

    /** Closes every kept connection. */
    void closeKept() {
        List.copyOf(byNode.values()).forEach(c -> c.closeKept(Integer.MAX_VALUE));
    }

    /** Opens a connection as soon as the node may have one more. */
    private void openWhenAllowed(Exchange x, Lease lease, InetSocketAddress target, long until) {
        if (!x.waitsFor(lease)) {
            return;
        }
        if (lease.node().tryOpen()) {
            open(x, lease, target);
        } else if (loop.context().nanos() - until >= 0) {
            x.nodeFailed(
                    NodeFailure.CONNECT_TIMEOUT,
                    "node " + lease.node().address() + " had no room for another connection");
        } else {
            loop.eventLoop()
                    .schedule(
                            () -> {
                                loop.context().tick();
                                openWhenAllowed(x, lease, target, until);
                            },
                            ROOM_RETRY_MILLIS,
                            TimeUnit.MILLISECONDS);
        }
    }

    private void open(Exchange x, Lease lease, InetSocketAddress target) {
        PoolConfig config = lease.config();
        int buffer = x.server().config().maxClientBuffer();
        Bootstrap bootstrap =
                new Bootstrap()
                        .group(loop.eventLoop())
                        .channelFactory(transport.channel()::get)
                        .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                        .option(ChannelOption.TCP_NODELAY, !config.nagle())
                        .option(ChannelOption.AUTO_CLOSE, false)
                        .option(
                                ChannelOption.RECVBUF_ALLOCATOR,
                                new AdaptiveRecvByteBufAllocator(
                                        SMALLEST_READ, FIRST_READ, LARGEST_READ))
                        .option(
                                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                                (int)
                                        Math.min(
                                                config.maxConnectTime().toMillis(),
                                                Integer.MAX_VALUE))
                        .option(
                                ChannelOption.WRITE_BUFFER_WATER_MARK,
                                new WriteBufferWaterMark(buffer / 2, buffer));
        bootstrap.handler(
                new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(
                                        new HttpNodeSide(
                                                PooledNodeConnections.this,
                                                loop.context(),
                                                lease.node(),
                                                config,
                                                channel));
                    }
                });
        bootstrap
                .connect(target)
                .addListener(
                        (ChannelFuture f) -> {
                            loop.context().tick();
                            if (f.isSuccess()) {
                                connected(x, config, f.channel());
                            } else {
                                notConnected(x, lease, f.cause());
                            }
                        });
    }

    private void connected(Exchange x, PoolConfig config, Channel channel) {
        if (config.proxyProtocol() != ProxyProtocol.OFF) {
            channel.write(
                    Unpooled.wrappedBuffer(
                            ProxyHeader.encode(
                                    config.proxyProtocol(),
                                    x.client().remote(),
                                    x.client().local())));
        }
        HttpNodeSide side = channel.pipeline().get(HttpNodeSide.class);
        if (side != null) {
            opened(side);
            side.lend(x);
        }
    }

    private void notConnected(Exchange x, Lease lease, @Nullable Throwable cause) {
        InetSocketAddress tried = lease.target();
        InetSocketAddress other = lease.nextTarget();
        if (other != null && x.waitsFor(lease)) {
            open(x, lease, other);
            return;
        }
        lease.node().connectionClosed();
        NodeFailure why =
                cause instanceof ConnectTimeoutException
                        ? NodeFailure.CONNECT_TIMEOUT
                        : cause instanceof ConnectException
                                ? NodeFailure.REFUSED
                                : NodeFailure.UNREACHABLE;
        String message = cause == null ? "no reason given" : String.valueOf(cause.getMessage());
        x.nodeFailed(
                why,
                "cannot connect to node "
                        + lease.node().address()
                        + " at "
                        + tried
                        + ": "
                        + message);
    }
}
