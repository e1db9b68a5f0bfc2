package io.weir.wire;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslHandler;
import io.weir.bandwidth.BandwidthClass;
import io.weir.config.NodeAddress;
import io.weir.config.PoolConfig;
import io.weir.config.PoolConfig.ProxyProtocol;
import io.weir.exchange.NodeSeeker;
import io.weir.pool.Lease;
import io.weir.pool.NodeFailure;
import io.weir.pool.PoolNode;
import io.weir.tls.NodeTls;

import org.jspecify.annotations.Nullable;

import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Makes connections to nodes, whatever the protocol: waits for room within
 * max-connections-per-node, tries the addresses of a node one after the other, and tells failures
 * of the node from those of this machine. Confined to one event loop.
 *
 * @param <X> who asks for connections
 * @param <H> the handler that ends up on them
 */
public abstract class NodeDialer<X extends NodeSeeker, H extends ChannelHandler> {

    /** How soon a node that has as many connections as it may is asked again. */
    private static final long ROOM_RETRY_MILLIS = 2;

    /** What the system says when it is out of handles, buffers or ports (strerror(3)). */
    private static final List<String> OWN_LACKS =
            List.of(
                    "Too many open files",
                    "No buffer space available",
                    "Cannot assign requested address",
                    "Cannot allocate memory");

    /** Longest text about a failed handshake that is shown. */
    private static final int LONGEST_REASON = 300;

    private final WireLoop loop;
    private final Transport transport;

    protected NodeDialer(WireLoop loop, Transport transport) {
        this.loop = loop;
        this.transport = transport;
    }

    /** The event loop that the connections are on. */
    protected final WireLoop loop() {
        return loop;
    }

    /** TLS that connections to the node have to use now; null for none. */
    protected final @Nullable NodeTls tlsOf(Lease lease) {
        PoolConfig config = lease.config();
        return config.tls().enabled() ? loop.tls().node(config) : null;
    }

    /** Serves {@code x} from what is there already; false when a new connection is needed. */
    protected boolean serve(X x, Lease lease, boolean fresh) {
        return false;
    }

    /** Sets what the socket needs beyond what all connections to nodes have. */
    protected abstract void options(ChannelConfig options, PoolConfig config);

    /** The handler for a connection that is about to be made. */
    protected abstract H handler(X x, Lease lease, Channel channel);

    /**
     * The connection is there.
     *
     * @param announcement the PROXY header to send first; empty for none
     */
    protected abstract void connected(X x, Lease lease, H handler, byte[] announcement);

    /** Closes the connection, which never came about. */
    protected abstract void discard(H handler);

    /** Opens a connection as soon as the node may have one more. */
    protected final void dial(X x, Lease lease, boolean fresh) {
        long patience = lease.config().maxConnectTime().toNanos();
        dial(x, lease, fresh, loop.context().nanos() + patience);
    }

    private void dial(X x, Lease lease, boolean fresh, long until) {
        if (!x.waitsFor(lease) || serve(x, lease, fresh)) {
            return;
        }
        if (lease.node().tryOpen()) {
            open(x, lease, lease.target());
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
                                dial(x, lease, fresh, until);
                            },
                            ROOM_RETRY_MILLIS,
                            TimeUnit.MILLISECONDS);
        }
    }

    private void open(X x, Lease lease, InetSocketAddress target) {
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
        NearPeer.prepare(channel.config(), target);
        BandwidthClass bandwidth = loop.bandwidth().named(config.bandwidth());
        if (bandwidth != null) {
            channel.pipeline().addLast(PacedWrites.NAME, new PacedWrites(bandwidth));
        }
        H handler = handler(x, lease, channel);
        channel.pipeline().addLast(handler);
        loop.eventLoop()
                .register(channel)
                .addListener(
                        registered -> {
                            if (registered.isSuccess()) {
                                channel.connect(target)
                                        .addListener(
                                                f -> ended(x, lease, handler, channel, f.cause()));
                            } else {
                                channel.unsafe().closeForcibly();
                                ended(x, lease, handler, channel, registered.cause());
                            }
                        });
    }

    private void prepare(Channel channel, PoolConfig config, int buffer) {
        ChannelConfig options = channel.config();
        options.setAllocator(PooledByteBufAllocator.DEFAULT);
        options.setOption(ChannelOption.TCP_NODELAY, !config.nagle());
        // A write that fails must not end reading: the node may have answered before it closed.
        options.setOption(ChannelOption.AUTO_CLOSE, false);
        options.setConnectTimeoutMillis(
                (int) Math.min(config.maxConnectTime().toMillis(), Integer.MAX_VALUE));
        options.setWriteBufferWaterMark(new WriteBufferWaterMark(buffer / 2, buffer));
        options(options, config);
    }

    private void ended(X x, Lease lease, H handler, Channel channel, @Nullable Throwable cause) {
        loop.context().tick();
        if (cause == null && lease.config().tls().enabled()) {
            secure(x, lease, handler, channel);
        } else if (cause == null) {
            connected(x, lease, handler, announcement(x, lease.config()));
        } else {
            discard(handler);
            notConnected(x, lease, cause);
        }
    }

    /** Begins TLS; the PROXY header goes before it, in the clear. */
    private void secure(X x, Lease lease, H handler, Channel channel) {
        PoolConfig config = lease.config();
        NodeTls tls = loop.tls().node(config);
        if (tls == null) {
            discard(handler);
            lease.node().connectionClosed();
            x.lacksResources("TLS to node " + lease.node().address() + " is being set up");
            return;
        }
        byte[] announcement = announcement(x, config);
        if (announcement.length > 0) {
            channel.writeAndFlush(Unpooled.wrappedBuffer(announcement));
        }
        NodeAddress node = lease.node().address();
        SslHandler secured =
                tls.newHandler(channel.alloc(), node, x.tlsName(), config.maxConnectTime());
        if (channel.pipeline().get(PacedWrites.NAME) != null) {
            // Next to the socket stands what counts its bytes.
            channel.pipeline().addAfter(PacedWrites.NAME, null, secured);
        } else {
            channel.pipeline().addFirst(secured);
        }
        secured.handshakeFuture()
                .addListener(
                        f -> {
                            loop.context().tick();
                            if (f.isSuccess()) {
                                SealedOutput.before(secured, channel.pipeline());
                                connected(x, lease, handler, new byte[0]);
                            } else {
                                notSecured(x, lease, handler, f.cause());
                            }
                        });
    }

    private void notSecured(X x, Lease lease, H handler, Throwable cause) {
        discard(handler);
        PoolNode node = lease.node();
        node.connectionClosed();
        x.nodeFailed(
                NodeFailure.TLS,
                "TLS with node " + node.address() + " failed: " + tlsReason(cause));
    }

    /** What is to be repaired, in one line: some of it is in the words of the node. */
    private static String tlsReason(Throwable cause) {
        if (cause instanceof ClosedChannelException) {
            return "the node closed the connection";
        }
        for (Throwable t = cause; t != null; t = t.getCause()) {
            if (t instanceof CertificateExpiredException
                    || t instanceof CertificateNotYetValidException) {
                String what =
                        t instanceof CertificateExpiredException
                                ? "has expired"
                                : "is not valid yet";
                return "the node's certificate " + what + " (" + t.getMessage() + ")";
            }
        }
        String text = reason(cause).replaceAll("\\p{Cntrl}+", " ");
        return text.length() <= LONGEST_REASON ? text : text.substring(0, LONGEST_REASON) + "…";
    }

    private static byte[] announcement(NodeSeeker x, PoolConfig config) {
        return config.proxyProtocol() == ProxyProtocol.OFF
                ? new byte[0]
                : ProxyHeader.encode(config.proxyProtocol(), x.clientAddress(), x.askedAddress());
    }

    private void notConnected(X x, Lease lease, Throwable cause) {
        PoolNode node = lease.node();
        if (ownLack(cause)) {
            node.connectionClosed();
            x.lacksResources("cannot connect to node " + node.address() + ": " + reason(cause));
            return;
        }
        InetSocketAddress tried = lease.target();
        InetSocketAddress other = lease.nextTarget();
        if (other != null && x.waitsFor(lease)) {
            open(x, lease, other);
            return;
        }
        node.connectionClosed();
        NodeFailure why =
                cause instanceof ConnectTimeoutException
                        ? NodeFailure.CONNECT_TIMEOUT
                        : cause instanceof ConnectException
                                ? NodeFailure.REFUSED
                                : NodeFailure.UNREACHABLE;
        x.nodeFailed(
                why,
                "cannot connect to node " + node.address() + " at " + tried + ": " + reason(cause));
    }

    /** What the system said. */
    public static String reason(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    /** Whether this machine, not the node, is why a connection cannot be had. */
    public static boolean ownLack(Throwable cause) {
        String text = reason(cause);
        return OWN_LACKS.stream().anyMatch(text::contains);
    }
}
