package io.weir.wire.stream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.weir.config.PoolConfig;
import io.weir.event.EventBus.Subscription;
import io.weir.exchange.StreamConnections;
import io.weir.exchange.StreamExchange;
import io.weir.pool.Lease;
import io.weir.pool.PoolNode;
import io.weir.wire.GrowingReads;
import io.weir.wire.NodeDialer;
import io.weir.wire.Output;
import io.weir.wire.Transport;
import io.weir.wire.UnreadPieces;
import io.weir.wire.WireLoop;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * The node connections of the streams of one event loop, by node, so that they can be cut when
 * their node is to be left. Confined to one event loop.
 */
public final class StreamNodeConnections extends NodeDialer<StreamExchange, StreamNodeSide>
        implements StreamConnections {

    private final IdentityHashMap<PoolNode, Connections> byNode = new IdentityHashMap<>();
    private final GrowingReads reads;

    public StreamNodeConnections(WireLoop loop, Transport transport) {
        super(loop, transport);
        reads = new GrowingReads(loop, StreamSocket.LARGEST_READ);
    }

    private final class Connections {
        private final Set<StreamNodeSide> open = Collections.newSetFromMap(new IdentityHashMap<>());
        private final Subscription death;

        Connections(PoolNode node) {
            death = node.onDeath(() -> loop().execute(this::cutAll));
        }

        private void cutAll() {
            loop().context().tick();
            List.copyOf(open).forEach(StreamNodeSide::cut);
        }
    }

    @Override
    public void connect(StreamExchange x, Lease lease) {
        dial(x, lease, true);
    }

    @Override
    protected void options(ChannelConfig options, PoolConfig config) {
        options.setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        options.setRecvByteBufAllocator(reads);
    }

    @Override
    protected StreamNodeSide handler(StreamExchange x, Lease lease, Channel channel) {
        return new StreamNodeSide(
                this, loop().context(), x, lease.node(), channel, lease.config().closeWithReset());
    }

    @Override
    protected void connected(
            StreamExchange x, Lease lease, StreamNodeSide side, byte[] announcement) {
        side.ready(announcement);
    }

    @Override
    protected void discard(StreamNodeSide side) {
        side.discard();
    }

    /** What the connection of {@code ctx} is going to send. */
    Output output(ChannelHandlerContext ctx) {
        return loop().output(ctx);
    }

    /** How the bytes of a node go that nobody reads. */
    UnreadPieces unread() {
        return new UnreadPieces(loop());
    }

    void opened(StreamNodeSide side) {
        byNode.computeIfAbsent(side.node(), Connections::new).open.add(side);
    }

    /** A connection has gone, if it ever was there. */
    void closed(StreamNodeSide side) {
        Connections connections = byNode.get(side.node());
        if (connections != null && connections.open.remove(side)) {
            side.node().connectionClosed();
            if (connections.open.isEmpty()) {
                byNode.remove(side.node());
                connections.death.close();
            }
        }
    }
}
