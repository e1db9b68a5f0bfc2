package io.weir.wire.datagram;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.weir.config.AddressBlocks;
import io.weir.config.ListenAddress;
import io.weir.exchange.VirtualServer;
import io.weir.wire.ConnectionListing;
import io.weir.wire.Gate;
import io.weir.wire.Listening;
import io.weir.wire.Transport;
import io.weir.wire.WireLoop;
import io.weir.wire.datagram.DatagramSessions.Share;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * One address that datagrams are taken at, on every event loop through sockets of its own where the
 * platform allows. For "every address" each address of the machine gets its own socket, because an
 * answer leaves from the address that was asked only through a socket that is bound to it. Safe for
 * every thread.
 */
public final class DatagramListener implements Listening {

    private static final Logger LOG = LoggerFactory.getLogger(DatagramListener.class);

    /** The largest datagram there is. */
    static final int LARGEST = 65535;

    /** Sockets for addresses that became known by being asked. */
    private static final int MOST_FOUND = 64;

    /** Datagrams that one call of the kernel hands over, where it can (recvmmsg(2)). */
    private static final int AT_ONCE = 8;

    private static final int SOCKET_BUFFER = 1 << 20;
    private static final int CLOSE_POLLS = 50;

    private final ListenAddress address;
    private final Gate sharedGate;
    private final List<DatagramSessions> sockets = new CopyOnWriteArrayList<>();
    private final Map<WireLoop, Share> shares = new ConcurrentHashMap<>();
    private volatile @Nullable Transport transport;
    private volatile List<WireLoop> loops = List.of();
    private volatile boolean closed;
    private volatile @Nullable Use use;

    /** What is served on the address: replaced whole. */
    record Use(VirtualServer server, Gate gate) {}

    /**
     * @param sharedGate limit of the process
     */
    public DatagramListener(ListenAddress address, Gate sharedGate) {
        this.address = address;
        this.sharedGate = sharedGate;
    }

    @Override
    public void bind(Transport with, List<WireLoop> loops, int backlog, boolean beside)
            throws IOException {
        transport = with;
        boolean share = with.reusePort() != null;
        List<WireLoop> used = share ? loops : loops.subList(0, 1);
        this.loops = List.copyOf(used);
        boolean everywhere = address.host().equals("*") || isWildcard(address.host());
        InetSocketAddress first =
                address.host().equals("*")
                        ? new InetSocketAddress(address.port())
                        : new InetSocketAddress(
                                InetAddress.getByName(address.host()), address.port());
        try {
            if (share && first.getPort() != 0) {
                // With SO_REUSEPORT two processes could share a port without knowing. Nor are
                // sockets of this one to share datagrams, which nothing holds back.
                bind(with, used.getFirst(), first, false).channel().close().sync();
            }
            InetSocketAddress target = first;
            for (WireLoop loop : used) {
                DatagramSessions socket = bind(with, loop, target, true);
                sockets.add(socket);
                target = (InetSocketAddress) socket.channel().localAddress();
            }
            if (everywhere) {
                for (InetAddress own : ownAddresses(first.getAddress())) {
                    for (WireLoop loop : used) {
                        sockets.add(
                                bind(
                                        with,
                                        loop,
                                        new InetSocketAddress(own, target.getPort()),
                                        true));
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            throw new IOException("interrupted while binding " + address, e);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private static boolean isWildcard(String host) {
        return host.equals("0.0.0.0") || host.equals("::");
    }

    private static Set<InetAddress> ownAddresses(InetAddress wildcard) throws IOException {
        Set<InetAddress> addresses = new LinkedHashSet<>();
        for (NetworkInterface network : NetworkInterface.networkInterfaces().toList()) {
            network.inetAddresses()
                    .filter(a -> !a.isLinkLocalAddress())
                    .filter(a -> a.getAddress().length <= wildcard.getAddress().length)
                    .forEach(addresses::add);
        }
        return addresses;
    }

    private DatagramSessions bind(
            Transport with, WireLoop loop, InetSocketAddress target, boolean share)
            throws IOException, InterruptedException {
        DatagramSessions sessions = socket(with, loop, share);
        Channel socket = sessions.channel();
        var registered = loop.eventLoop().register(socket).await();
        var bound = registered.isSuccess() ? socket.bind(target).await() : registered;
        if (!bound.isSuccess()) {
            socket.close().await();
            Throwable cause = bound.cause();
            throw new IOException(
                    "cannot listen on "
                            + address
                            + " by UDP: "
                            + (cause == null ? "" : cause.getMessage()),
                    cause);
        }
        return sessions;
    }

    private DatagramSessions socket(Transport with, WireLoop loop, boolean share) {
        Channel socket = with.datagrams().get();
        ChannelConfig config = socket.config();
        config.setAutoRead(use != null);
        config.setAllocator(PooledByteBufAllocator.DEFAULT);
        config.setRecvByteBufAllocator(new FixedRecvByteBufAllocator(LARGEST));
        config.setOption(ChannelOption.SO_RCVBUF, SOCKET_BUFFER);
        config.setOption(ChannelOption.SO_SNDBUF, SOCKET_BUFFER);
        ChannelOption<Boolean> reusePort = with.reusePort();
        if (share) {
            config.setOption(ChannelOption.SO_REUSEADDR, true);
            if (reusePort != null) {
                config.setOption(reusePort, true);
            }
        }
        if (socket instanceof EpollDatagramChannel) {
            config.setOption(EpollChannelOption.IP_RECVORIGDSTADDR, true);
            config.setOption(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, LARGEST);
            config.setRecvByteBufAllocator(new FixedRecvByteBufAllocator(AT_ONCE * LARGEST));
        }
        DatagramSessions sessions =
                new DatagramSessions(
                        this, with, loop, socket, shares.computeIfAbsent(loop, l -> new Share()));
        socket.pipeline().addLast(sessions);
        return sessions;
    }

    /**
     * The socket of {@code loop} for datagrams that were sent to {@code asked}, which has none of
     * its own yet; null when there cannot be one. The other event loops get theirs, so that all
     * share what comes next. Called on the event loop.
     */
    @Nullable DatagramSessions found(InetSocketAddress asked, WireLoop loop) {
        DatagramSessions here = socketFor(asked, loop);
        if (here != null) {
            for (WireLoop other : loops) {
                if (other != loop) {
                    other.eventLoop()
                            .execute(
                                    () -> {
                                        var _ = socketFor(asked, other);
                                    });
                }
            }
        }
        return here;
    }

    private @Nullable DatagramSessions socketFor(InetSocketAddress asked, WireLoop loop) {
        Transport with = transport;
        int here = 0;
        for (DatagramSessions socket : sockets) {
            if (socket.loop() == loop) {
                here++;
                if (asked.equals(socket.channel().localAddress())) {
                    return socket;
                }
            }
        }
        if (with == null || closed || here > MOST_FOUND) {
            return null;
        }
        DatagramSessions sessions = socket(with, loop, true);
        Channel socket = sessions.channel();
        var registered = loop.eventLoop().register(socket);
        if (registered.isSuccess() && socket.bind(asked).isSuccess()) {
            sockets.add(sessions);
            return sessions;
        }
        LOG.debug("no socket of its own for {}", asked);
        socket.close();
        return null;
    }

    @Override
    public void use(VirtualServer server, AddressBlocks trusted, Gate gate) {
        use = new Use(server, gate);
        for (DatagramSessions socket : sockets) {
            socket.channel().config().setAutoRead(true);
        }
    }

    Use use() {
        Use now = use;
        if (now == null) {
            throw new IllegalStateException(address + " got a datagram before its use");
        }
        return now;
    }

    Gate sharedGate() {
        return sharedGate;
    }

    /** The sockets of one event loop. */
    Stream<DatagramSessions> ofLoop(WireLoop loop) {
        return sockets.stream().filter(socket -> socket.loop() == loop);
    }

    /** Sessions that one event loop may have, through all its sockets. */
    int mostSessions() {
        return Math.max(1, use().server().config().udp().maxSessions() / loops.size());
    }

    @Override
    public void describe(WireLoop loop, ConnectionListing out) {
        ofLoop(loop).forEach(socket -> socket.describe(out));
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
                        ((InetSocketAddress) sockets.getFirst().channel().localAddress())
                                .getPort());
    }

    /** Takes no more datagrams; answers that are on their way may still come for a moment. */
    @Override
    public void close() {
        closed = true;
        for (DatagramSessions socket : sockets) {
            socket.channel().config().setAutoRead(false);
        }
        try {
            for (int i = 0; i < CLOSE_POLLS && sockets.stream().anyMatch(s -> !s.idle()); i++) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (DatagramSessions socket : sockets) {
            socket.channel().close().awaitUninterruptibly();
        }
    }

    @Override
    public String toString() {
        return "UDP " + address;
    }
}
