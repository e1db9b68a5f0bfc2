package io.weir.wire.datagram;

import static io.weir.wire.NodeDialer.reason;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.DatagramPacket;
import io.weir.config.VirtualServerConfig.AcceptFrom;
import io.weir.event.EventBus.Subscription;
import io.weir.exchange.DatagramEnd;
import io.weir.exchange.DatagramExchange;
import io.weir.pool.Lease;
import io.weir.pool.PoolNode;
import io.weir.wire.NodeDialer;
import io.weir.wire.Transport;
import io.weir.wire.WireLoop;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;

/**
 * The socket of one session towards its node. It is connected to the node, so that nobody else can
 * answer and the kernel tells of a port where nobody listens, unless others may answer too.
 * Confined to one event loop.
 */
final class DatagramNode extends ChannelInboundHandlerAdapter implements DatagramEnd {

    private static final Logger LOG = LoggerFactory.getLogger(DatagramNode.class);

    /** Datagrams that wait until the socket is there. */
    private static final int MOST_WAITING = 64;

    /** What the system says of datagrams that the protocol below cannot carry (strerror(3)). */
    private static final String TOO_LONG = "Message too long";

    private final WireLoop loop;
    private final DatagramExchange exchange;
    private final PoolNode node;
    private final InetSocketAddress target;
    private final AcceptFrom acceptFrom;
    private final Channel channel;
    private final Subscription death;
    private final ArrayDeque<ByteBuf> waiting = new ArrayDeque<>(2);
    private boolean ready;
    private boolean closed;

    private DatagramNode(WireLoop loop, DatagramExchange exchange, Lease lease, Channel channel) {
        this.loop = loop;
        this.exchange = exchange;
        this.node = lease.node();
        this.target = lease.target();
        this.acceptFrom = exchange.server().config().udp().acceptFrom();
        this.channel = channel;
        this.death = node.onDeath(() -> loop.execute(this::cut));
    }

    /** Null when this machine has no socket for it. */
    static @Nullable DatagramNode open(
            Transport transport, WireLoop loop, DatagramExchange exchange, Lease lease) {
        Channel channel;
        try {
            channel = transport.datagrams().get();
        } catch (ChannelException e) {
            LOG.warn("no socket for node {}: {}", lease.node().address(), e.getMessage());
            return null;
        }
        channel.config().setAllocator(PooledByteBufAllocator.DEFAULT);
        channel.config()
                .setRecvByteBufAllocator(new FixedRecvByteBufAllocator(DatagramListener.LARGEST));
        DatagramNode side = new DatagramNode(loop, exchange, lease, channel);
        channel.pipeline().addLast(side);
        loop.eventLoop()
                .register(channel)
                .addListener(
                        registered -> {
                            if (registered.isSuccess()) {
                                side.attach().addListener(f -> side.attached(f.cause()));
                            } else {
                                channel.unsafe().closeForcibly();
                                side.attached(registered.cause());
                            }
                        });
        return side;
    }

    private ChannelFuture attach() {
        return acceptFrom == AcceptFrom.DEST_ONLY
                ? channel.connect(target)
                : channel.bind(new InetSocketAddress(0));
    }

    private void attached(@Nullable Throwable cause) {
        if (cause != null) {
            // The kernel may refuse at once, before the session has its socket.
            loop.execute(() -> notAttached(cause));
            return;
        }
        if (closed) {
            channel.close();
            return;
        }
        ready = true;
        while (!waiting.isEmpty()) {
            write(waiting.remove());
        }
        channel.flush();
    }

    private void notAttached(Throwable cause) {
        loop.context().tick();
        if (!closed && NodeDialer.ownLack(cause)) {
            exchange.lacksResources("no socket for node " + node.address() + ": " + reason(cause));
        } else {
            failed(cause);
        }
    }

    private void failed(Throwable cause) {
        if (closed) {
            return;
        }
        if (reason(cause).contains(TOO_LONG)) {
            // What a client sends by IPv6 may be too long for IPv4; the node is as good as ever.
            dropped("udp_too_long");
        } else if (NodeDialer.ownLack(cause)) {
            dropped("udp_no_resources");
        } else {
            exchange.nodeRefused("node " + node.address() + " cannot be sent to: " + reason(cause));
        }
    }

    private void dropped(String reason) {
        exchange.server().account().dropped(loop.context(), reason);
    }

    private void cut() {
        if (!closed) {
            loop.context().tick();
            exchange.end(null);
        }
    }

    // ---- for the session

    @Override
    public void send(ByteBuf datagram) {
        if (closed) {
            datagram.release();
        } else if (ready) {
            write(datagram);
        } else if (waiting.size() < MOST_WAITING) {
            waiting.add(datagram);
        } else {
            datagram.release();
            dropped("udp_not_writable");
        }
    }

    private void write(ByteBuf datagram) {
        if (!channel.isWritable()) {
            channel.flush();
        }
        if (!channel.isWritable()) {
            datagram.release();
            dropped("udp_not_writable");
            return;
        }
        Object message =
                acceptFrom == AcceptFrom.DEST_ONLY
                        ? datagram
                        : new DatagramPacket(datagram, target);
        channel.write(message)
                .addListener(
                        f -> {
                            if (!f.isSuccess() && f.cause() instanceof IOException cause) {
                                failed(cause);
                            }
                        });
    }

    @Override
    public void flush() {
        channel.flush();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        death.close();
        while (!waiting.isEmpty()) {
            waiting.remove().release();
        }
        node.connectionClosed();
        channel.close();
    }

    // ---- the channel

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        loop.context().tick();
        DatagramPacket packet = (DatagramPacket) message;
        if (closed || !accepts(packet.sender())) {
            packet.release();
        } else {
            exchange.nodeDatagram(packet.content());
        }
    }

    private boolean accepts(InetSocketAddress sender) {
        return switch (acceptFrom) {
            case DEST_ONLY, ALL -> true;
            case DEST_IP_ONLY -> target.getAddress().equals(sender.getAddress());
            case IP_MASK -> exchange.server().answerers().contains(sender.getAddress());
        };
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (!closed) {
            exchange.nodeReadComplete();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        loop.context().tick();
        if (cause instanceof IOException) {
            failed(cause);
        } else {
            LOG.error("defect in a session with node {}", node.address(), cause);
            cut();
        }
    }
}
