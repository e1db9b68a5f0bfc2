package io.weir.wire;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.weir.config.PoolConfig;
import io.weir.event.EventBus.Subscription;
import io.weir.exchange.Attempts;
import io.weir.exchange.NodeSeeker;
import io.weir.exchange.VirtualServer;
import io.weir.pool.Lease;
import io.weir.pool.NodeFailure;
import io.weir.pool.PoolNode;
import io.weir.tls.NodeTls;
import io.weir.wire.h2.H2NodeConnection;
import io.weir.wire.h2.NodeHome;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * The HTTP/2 connections of one event loop to nodes: one for many exchanges, and another one when
 * it is full. Exchanges that come while a connection is being made wait for it together. Confined
 * to one event loop.
 */
final class H2NodeConnections extends NodeDialer<H2NodeConnections.Dial, H2NodeConnection>
        implements NodeHome {

    private static final int LARGEST_READ = 128 * 1024;

    private final GrowingReads reads;
    private final IdentityHashMap<PoolNode, Connections> byNode = new IdentityHashMap<>();
    private final IdentityHashMap<PoolNode, Dial> dials = new IdentityHashMap<>();

    H2NodeConnections(WireLoop loop, Transport transport) {
        super(loop, transport);
        reads = new GrowingReads(loop, LARGEST_READ);
    }

    private record Waiter(Attempts attempts, Lease lease) {}

    /** A connection that is being made, and who waits for it. */
    final class Dial implements NodeSeeker {
        private final PoolNode node;
        private final Attempts first;
        private final List<Waiter> waiters = new ArrayList<>();

        Dial(PoolNode node, Attempts first) {
            this.node = node;
            this.first = first;
        }

        private List<Waiter> take() {
            List<Waiter> all = List.copyOf(waiters);
            waiters.clear();
            dials.remove(node, this);
            return all;
        }

        @Override
        public boolean waitsFor(Lease chosen) {
            waiters.removeIf(w -> !w.attempts.waitsFor(w.lease));
            if (waiters.isEmpty()) {
                dials.remove(node, this);
            }
            return !waiters.isEmpty();
        }

        @Override
        public void nodeFailed(NodeFailure why, String text) {
            for (Waiter w : take()) {
                if (w.attempts.waitsFor(w.lease)) {
                    w.attempts.nodeFailed(why, text);
                }
            }
        }

        @Override
        public void lacksResources(String text) {
            for (Waiter w : take()) {
                if (w.attempts.waitsFor(w.lease)) {
                    w.attempts.lacksResources(text);
                }
            }
        }

        @Override
        public VirtualServer server() {
            return first.server();
        }

        @Override
        public InetSocketAddress clientAddress() {
            return first.clientAddress();
        }

        @Override
        public InetSocketAddress askedAddress() {
            return first.askedAddress();
        }
    }

    /** The connections to one node, for as long as there are any. */
    private final class Connections {
        private final List<H2NodeConnection> open = new ArrayList<>();
        private final Subscription death;
        private final Subscription unwanted;

        Connections(PoolNode node) {
            death = node.onDeath(() -> loop().execute(this::closeAll));
            unwanted = node.onIdleUnwanted(most -> loop().execute(() -> closeUnused(most)));
        }

        private void closeAll() {
            List.copyOf(open).forEach(H2NodeConnection::close);
        }

        private void closeUnused(int most) {
            int left = most;
            for (H2NodeConnection connection : List.copyOf(open)) {
                if (left > 0 && connection.unused()) {
                    left--;
                    connection.close();
                }
            }
        }
    }

    /** As {@code NodeConnections} says. */
    @Override
    public void connect(Attempts x, Lease lease) {
        H2NodeConnection free = free(lease);
        if (free != null) {
            free.lend(x, lease);
            return;
        }
        Dial dial = dials.get(lease.node());
        if (dial != null) {
            dial.waiters.add(new Waiter(x, lease));
            return;
        }
        dial = new Dial(lease.node(), x);
        dial.waiters.add(new Waiter(x, lease));
        dials.put(lease.node(), dial);
        dial(dial, lease, true);
    }

    private @Nullable H2NodeConnection free(Lease lease) {
        Connections connections = byNode.get(lease.node());
        if (connections == null) {
            return null;
        }
        NodeTls tls = tlsOf(lease);
        for (int i = 0; i < connections.open.size(); i++) {
            H2NodeConnection connection = connections.open.get(i);
            if (connection.tls() != tls) {
                connection.leave();
            } else if (connection.hasRoom()) {
                return connection;
            }
        }
        return null;
    }

    /** Closes every connection that nothing runs on. */
    void closeUnused() {
        List.copyOf(byNode.values()).forEach(c -> c.closeUnused(Integer.MAX_VALUE));
    }

    @Override
    protected boolean serve(Dial dial, Lease lease, boolean fresh) {
        while (!dial.waiters.isEmpty()) {
            Waiter w = dial.waiters.getFirst();
            H2NodeConnection free = free(w.lease);
            if (free == null) {
                return false;
            }
            dial.waiters.removeFirst();
            if (w.attempts.waitsFor(w.lease)) {
                free.lend(w.attempts, w.lease);
            }
        }
        dials.remove(dial.node, dial);
        return true;
    }

    @Override
    protected void options(ChannelConfig options, PoolConfig config) {
        options.setRecvByteBufAllocator(reads);
    }

    @Override
    protected H2NodeConnection handler(Dial dial, Lease lease, Channel channel) {
        return new H2NodeConnection(
                this, loop().context(), dial.node, lease.config(), tlsOf(lease), channel);
    }

    @Override
    protected void connected(
            Dial dial, Lease lease, H2NodeConnection connection, byte[] announcement) {
        if (!connection.agreed()) {
            connection.close();
            dial.node.connectionClosed();
            String text = "node " + dial.node.address() + " does not offer HTTP/2 over TLS";
            dial.nodeFailed(NodeFailure.TLS, text);
            return;
        }
        byNode.computeIfAbsent(dial.node, Connections::new).open.add(connection);
        connection.start(announcement);
        for (Waiter w : dial.take()) {
            if (w.attempts.waitsFor(w.lease)) {
                connect(w.attempts, w.lease);
            }
        }
    }

    @Override
    protected void discard(H2NodeConnection connection) {
        connection.close();
    }

    @Override
    public void closed(H2NodeConnection connection) {
        Connections connections = byNode.get(connection.node());
        if (connections != null && connections.open.remove(connection)) {
            connection.node().connectionClosed();
            if (connections.open.isEmpty()) {
                byNode.remove(connection.node());
                connections.death.close();
                connections.unwanted.close();
            }
        }
    }
}
