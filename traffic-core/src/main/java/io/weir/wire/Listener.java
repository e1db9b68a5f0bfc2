package io.weir.wire;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import io.weir.config.AddressBlocks;
import io.weir.config.ListenAddress;
import io.weir.exchange.ForwardedClient;
import io.weir.exchange.VirtualServer;
import io.weir.protect.Passage;
import io.weir.protect.Protection;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One address that is listened on, by every event loop through a socket of its own where the
 * platform allows. The virtual server behind it is replaced whole when the configuration changes;
 * the sockets and the connections stay. Safe for every thread.
 */
public final class Listener implements Listening {

    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

    /** How long a listener rests after the system refused it a socket. */
    private static final long REST_MILLIS = 200;

    /**
     * How long the kernel may keep a connection to itself while the client says nothing, where the
     * client speaks first.
     */
    private static final int DEFER_SECONDS = 3;

    private final ListenAddress address;
    private final Gate sharedGate;
    private final List<Channel> sockets = new ArrayList<>();
    private volatile @Nullable ChannelOption<Integer> deferAccept;
    private volatile @Nullable Use use;

    /** What is served on the address: replaced whole. */
    private record Use(VirtualServer server, AddressBlocks trusted, Gate gate) {}

    /**
     * @param sharedGate limit of the process
     */
    public Listener(ListenAddress address, Gate sharedGate) {
        this.address = address;
        this.sharedGate = sharedGate;
    }

    @Override
    public void bind(Transport transport, List<WireLoop> loops, int backlog, boolean beside)
            throws IOException {
        InetSocketAddress bindTo = socketAddress(address);
        ChannelOption<Boolean> reusePort = loops.size() > 1 ? transport.reusePort() : null;
        try {
            if (reusePort != null && bindTo.getPort() != 0 && !beside) {
                // With SO_REUSEPORT two processes could share a port without knowing.
                bind(transport, loops.get(0), bindTo, null, backlog).close().sync();
            }
            for (WireLoop loop : reusePort != null ? loops : loops.subList(0, 1)) {
                Channel socket = bind(transport, loop, bindTo, reusePort, backlog);
                sockets.add(socket);
                bindTo = (InetSocketAddress) socket.localAddress();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            throw new IOException("interrupted while binding " + address, e);
        } catch (IOException e) {
            close();
            throw e;
        }
        deferAccept = transport.deferAccept();
        for (int i = 0; i < sockets.size(); i++) {
            Channel socket = sockets.get(i);
            List<WireLoop> targets = sockets.size() == loops.size() ? List.of(loops.get(i)) : loops;
            socket.pipeline().addLast(new Acceptor(targets, transport));
        }
    }

    @Override
    public void use(VirtualServer server, AddressBlocks trusted, Gate gate) {
        boolean first = use == null;
        use = new Use(server, trusted, gate);
        ChannelOption<Integer> defer = deferAccept;
        if (defer != null) {
            boolean wait = server.config().protocol().clientSpeaksFirst();
            for (Channel socket : sockets) {
                socket.config().setOption(defer, wait ? DEFER_SECONDS : 0);
            }
        }
        if (first) {
            for (Channel socket : sockets) {
                socket.config().setAutoRead(true);
            }
        }
    }

    private Use use() {
        Use now = use;
        if (now == null) {
            throw new IllegalStateException(address + " accepted a connection before its use");
        }
        return now;
    }

    private Channel bind(
            Transport transport,
            WireLoop loop,
            InetSocketAddress bindTo,
            @Nullable ChannelOption<Boolean> reusePort,
            int backlog)
            throws IOException, InterruptedException {
        ServerChannel socket = transport.serverChannel().get();
        ChannelConfig config = socket.config();
        config.setAutoRead(false);
        config.setOption(ChannelOption.SO_REUSEADDR, true);
        config.setOption(ChannelOption.SO_BACKLOG, backlog);
        ChannelOption<Integer> unsent = transport.unsent();
        if (unsent != null) {
            // Connections have it from here. Without it the kernel would take megabytes for each
            // client that does not read.
            config.setOption(unsent, SendRoom.UNSENT_AT_FIRST);
        }
        NearPeer.prepare(config, bindTo);
        if (reusePort != null) {
            config.setOption(reusePort, true);
        }
        var registered = loop.eventLoop().register(socket).await();
        if (!registered.isSuccess()) {
            throw new IOException("cannot listen on " + address, registered.cause());
        }
        var bound = socket.bind(bindTo).await();
        if (!bound.isSuccess()) {
            socket.close().await();
            Throwable cause = bound.cause();
            throw new IOException(
                    "cannot listen on "
                            + address
                            + ": "
                            + (cause == null ? "" : cause.getMessage()),
                    cause);
        }
        return socket;
    }

    private static InetSocketAddress socketAddress(ListenAddress address) throws IOException {
        return address.host().equals("*")
                ? new InetSocketAddress(address.port())
                : new InetSocketAddress(InetAddress.getByName(address.host()), address.port());
    }

    @Override
    public ListenAddress address() {
        return address;
    }

    @Override
    public ListenAddress boundAddress() {
        return sockets.isEmpty()
                ? address
                : new ListenAddress(
                        address.host(),
                        ((InetSocketAddress) sockets.get(0).localAddress()).getPort());
    }

    /** The virtual server in force. */
    public VirtualServer server() {
        return use().server();
    }

    @Override
    public void close() {
        for (Channel socket : sockets) {
            socket.close().awaitUninterruptibly();
        }
    }

    /** A connection that came through {@code gate} has gone. */
    public void connectionClosed(Gate gate) {
        gate.leave();
        sharedGate.leave();
    }

    /**
     * What nodes are told about a client. A balancer that announces clients by a PROXY header
     * vouches for their addresses, not for the fields that they send.
     */
    ForwardedClient forwarded(InetSocketAddress client) {
        InetAddress address = client.getAddress();
        String text = address == null ? "unknown" : address.getHostAddress();
        int scope = text.indexOf('%');
        return new ForwardedClient(
                scope < 0 ? text : text.substring(0, scope), use().trusted().contains(address));
    }

    @Override
    public String toString() {
        Use now = use;
        return now == null
                ? address.toString()
                : "virtual server " + now.server().name() + " on " + address;
    }

    private static @Nullable InetAddress peer(Channel child) {
        return child.remoteAddress() instanceof InetSocketAddress peer ? peer.getAddress() : null;
    }

    /** Takes connections in, on one event loop, and spreads them when there is one socket only. */
    private final class Acceptor extends ChannelInboundHandlerAdapter {
        private final List<WireLoop> targets;
        private final Transport transport;
        private int next;
        private @Nullable Channel socket;
        private @Nullable Channel parked;

        Acceptor(List<WireLoop> targets, Transport transport) {
            this.targets = targets;
            this.transport = transport;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            socket = ctx.channel();
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            Channel child = (Channel) message;
            if (parked != null) {
                // Some transports hand over a whole batch; only one connection can wait here.
                child.unsafe().closeForcibly();
            } else if (!admit(child)) {
                ctx.channel().config().setAutoRead(false);
                parked = child;
                waitForRoom(ctx.channel());
            }
        }

        /** Lets the connection in, unless a gate is shut. */
        private boolean admit(Channel child) {
            Use now = use();
            Gate gate = now.gate();
            if (!sharedGate.tryEnter()) {
                return false;
            }
            if (!gate.tryEnter()) {
                sharedGate.leave();
                return false;
            }
            Protection guard = ClientPipeline.guardAtOnce(now.server());
            Passage passage = guard == null ? null : guard.connect(peer(child));
            if (guard != null && passage == null) {
                gate.leave();
                sharedGate.leave();
                child.unsafe().closeForcibly();
                return true;
            }
            WireLoop loop = targets.get(next);
            next = next + 1 == targets.size() ? 0 : next + 1;
            ClientPipeline.prepare(child, Listener.this, loop, now.server(), now.trusted(), gate);
            if (passage != null && passage.counted()) {
                child.closeFuture().addListener(f -> passage.leave());
            }
            var _ =
                    loop.eventLoop()
                            .register(child)
                            .addListener(
                                    f -> {
                                        if (!f.isSuccess()) {
                                            ClientPipeline.discard(child);
                                            gate.leave();
                                            sharedGate.leave();
                                        }
                                    });
            return true;
        }

        /** One connection waits here; those behind it wait in the kernel. */
        private void waitForRoom(Channel socket) {
            Runnable again = () -> socket.eventLoop().execute(() -> retry(socket));
            use().gate().whenRoom(() -> sharedGate.whenRoom(again));
        }

        private void retry(Channel socket) {
            Channel child = parked;
            if (child == null || !socket.isOpen()) {
                return;
            }
            if (admit(child)) {
                parked = null;
                socket.config().setAutoRead(true);
            } else {
                waitForRoom(socket);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            Channel child = parked;
            if (child != null) {
                parked = null;
                child.unsafe().closeForcibly();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            LOG.warn("{} could not accept a connection: {}", Listener.this, cause.getMessage());
            Channel here = ctx.channel();
            here.config().setAutoRead(false);
            var _ =
                    here.eventLoop()
                            .schedule(() -> resume(here), REST_MILLIS, TimeUnit.MILLISECONDS);
        }

        /** Accepts again, unless a connection waits for room: then {@link #retry} does. */
        private void resume(Channel socket) {
            if (parked == null) {
                socket.config().setAutoRead(true);
            }
        }

        @Override
        public String toString() {
            return Listener.this + " through " + transport.name() + " socket " + socket;
        }
    }
}
