package io.weir.wire;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.weir.config.PoolConfig;
import io.weir.config.PoolConfig.NodeHttp2;
import io.weir.config.PoolConfig.ProxyProtocol;
import io.weir.event.EventBus.Subscription;
import io.weir.exchange.Attempts;
import io.weir.exchange.NodeConnections;
import io.weir.pool.Lease;
import io.weir.pool.PoolNode;
import io.weir.tls.NodeTls;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * The node connections of one event loop: kept ones by node, last used first, and the making of new
 * ones. Confined to one event loop.
 */
final class PooledNodeConnections extends NodeDialer<Attempts, HttpNodeSide>
        implements NodeConnections {

    private final IdentityHashMap<PoolNode, Connections> byNode = new IdentityHashMap<>();

    private final H2NodeConnections http2;

    PooledNodeConnections(WireLoop loop, Transport transport) {
        super(loop, transport);
        http2 = new H2NodeConnections(loop, transport);
    }

    /** The connections of this event loop to one node, for as long as there are any. */
    private final class Connections {
        private final ArrayDeque<HttpNodeSide> kept = new ArrayDeque<>(8);
        private final Set<HttpNodeSide> open = Collections.newSetFromMap(new IdentityHashMap<>());
        private final Subscription death;
        private final Subscription unwanted;

        Connections(PoolNode node) {
            death = node.onDeath(() -> loop().execute(this::closeAll));
            unwanted = node.onIdleUnwanted(most -> loop().execute(() -> closeKept(most)));
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

    Output output(ChannelHandlerContext ctx) {
        return loop().output(ctx);
    }

    /** How the bytes of responses go that nobody reads. */
    UnreadPieces unread() {
        return new UnreadPieces(loop());
    }

    @Override
    public void connect(Attempts x, Lease lease, boolean fresh) {
        PoolConfig config = lease.config();
        if (config.http2() != NodeHttp2.OFF && config.proxyProtocol() == ProxyProtocol.OFF) {
            http2.connect(x, lease);
            return;
        }
        dial(x, lease, fresh);
    }

    private @Nullable HttpNodeSide takeKept(PoolNode node, @Nullable NodeTls tls) {
        Connections connections = byNode.get(node);
        if (connections == null) {
            return null;
        }
        for (HttpNodeSide side = connections.kept.pollLast();
                side != null;
                side = connections.kept.pollLast()) {
            side.uncount();
            if (side.usable(tls)) {
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
        if (loop().allowance() < BufferMemory.ANY) {
            side.allow(loop().allowance());
        }
    }

    /** Has at most so many bytes wait for each node that reads slowly. */
    void allow(int bytes) {
        byNode.values().forEach(of -> of.open.forEach(side -> side.allow(bytes)));
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
        http2.closeUnused();
    }

    @Override
    protected boolean serve(Attempts x, Lease lease, boolean fresh) {
        HttpNodeSide side = fresh ? null : takeKept(lease.node(), tlsOf(lease));
        if (side != null) {
            side.lend(x, lease.config());
        }
        return side != null;
    }

    @Override
    protected void options(ChannelConfig options, PoolConfig config) {
        // How much is read at once is decided by the handler, which knows how much is to come.
    }

    /** How much a new connection reads at once. */
    ResponseReads reads(Asker asker) {
        return new ResponseReads(loop(), asker);
    }

    @Override
    protected HttpNodeSide handler(Attempts x, Lease lease, Channel channel) {
        return new HttpNodeSide(
                this, loop().context(), lease.node(), lease.config(), tlsOf(lease), channel);
    }

    @Override
    protected void connected(Attempts x, Lease lease, HttpNodeSide side, byte[] announcement) {
        opened(side);
        if (announcement.length > 0) {
            side.announce(announcement);
        }
        side.lend(x, lease.config());
    }

    @Override
    protected void discard(HttpNodeSide side) {
        side.close();
    }
}
