package io.weir.wire;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
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

    /** What the system says when it is out of handles, buffers or ports (strerror(3)). */
    private static final List<String> OWN_LACKS =
            List.of(
                    "Too many open files",
                    "No buffer space available",
                    "Cannot assign requested address",
                    "Cannot allocate memory");

    private static final ByteBufAllocator ALLOCATOR = PooledByteBufAllocator.DEFAULT;

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
        long patience = lease.config().maxConnectTime().toNanos();
        openWhenAllowed(x, lease, fresh, lease.target(), loop.context().nanos() + patience);
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
    private void openWhenAllowed(
            Exchange x, Lease lease, boolean fresh, InetSocketAddress target, long until) {
        if (!x.waitsFor(lease)) {
            return;
        }
        HttpNodeSide side = fresh ? null : takeKept(lease.node());
        if (side != null) {
            side.lend(x, lease.config());
        } else if (lease.node().tryOpen()) {
            open(x, lease, target);
        } else if (loop.context().nanos() - until >= 0) {
            x.lacksResources(
                    "node "
                            + lease.node().address()
                            + " had no room for another connection within max-connect-time");
        } else {
            loop.eventLoop()
                    .schedule(
                            () -> {
                                loop.context().tick();
                                openWhenAllowed(x, lease, fresh, target, until);
                            },
                            ROOM_RETRY_MILLIS,
                            TimeUnit.MILLISECONDS);
        }
    }

    private void open(Exchange x, Lease lease, InetSocketAddress target) {
        PoolConfig config = lease.config();
        Channel channel;
        try {
            channel = transport.channel().get();
        } catch (ChannelException e) {
            lease.node().connectionClosed();
            x.lacksResources("no socket for node " + lease.node().address() + ": " + reason(e));
            return;
        }
        prepare(channel, config, x.server().config().maxClientBuffer());
        HttpNodeSide side = new HttpNodeSide(this, loop.context(), lease.node(), config, channel);
        channel.pipeline().addLast(side);
        loop.eventLoop()
                .register(channel)
                .addListener(
                        registered -> {
                            if (registered.isSuccess()) {
                                channel.connect(target)
                                        .addListener(f -> connectEnded(x, lease, side, f.cause()));
                            } else {
                                channel.unsafe().closeForcibly();
                                connectEnded(x, lease, side, registered.cause());
                            }
                        });
    }

    private static void prepare(Channel channel, PoolConfig config, int buffer) {
        ChannelConfig options = channel.config();
        options.setAllocator(ALLOCATOR);
        options.setOption(ChannelOption.TCP_NODELAY, !config.nagle());
        // A write that fails must not end reading: the node may have answered before it closed.
        options.setOption(ChannelOption.AUTO_CLOSE, false);
        options.setConnectTimeoutMillis(
                (int) Math.min(config.maxConnectTime().toMillis(), Integer.MAX_VALUE));
        options.setWriteBufferWaterMark(new WriteBufferWaterMark(buffer / 2, buffer));
        options.setRecvByteBufAllocator(
                new AdaptiveRecvByteBufAllocator(SMALLEST_READ, FIRST_READ, LARGEST_READ));
    }

    private void connectEnded(
            Exchange x, Lease lease, HttpNodeSide side, @Nullable Throwable cause) {
        loop.context().tick();
        if (cause == null) {
            connected(x, lease.config(), side);
        } else {
            side.close();
            notConnected(x, lease, cause);
        }
    }

    private void connected(Exchange x, PoolConfig config, HttpNodeSide side) {
        opened(side);
        if (config.proxyProtocol() != ProxyProtocol.OFF) {
            side.announce(
                    ProxyHeader.encode(
                            config.proxyProtocol(), x.client().remote(), x.client().local()));
        }
        side.lend(x, config);
    }

    private void notConnected(Exchange x, Lease lease, Throwable cause) {
        if (ownLack(cause)) {
            lease.node().connectionClosed();
            x.lacksResources(
                    "cannot connect to node " + lease.node().address() + ": " + reason(cause));
            return;
        }
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
        x.nodeFailed(
                why,
                "cannot connect to node "
                        + lease.node().address()
                        + " at "
                        + tried
                        + ": "
                        + reason(cause));
    }

    private static String reason(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    /** Whether this machine, not the node, is why a connection cannot be had. */
    private static boolean ownLack(Throwable cause) {
        String text = reason(cause);
        return OWN_LACKS.stream().anyMatch(text::contains);
    }
}
