package io.weir.wire.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.unix.Socket;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.weir.bandwidth.BandwidthClass;
import io.weir.exchange.LoopContext;
import io.weir.exchange.StreamEnd;
import io.weir.exchange.StreamExchange;
import io.weir.pool.PoolNode;
import io.weir.wire.Closing;
import io.weir.wire.KernelPipe;
import io.weir.wire.PacedWrites;
import io.weir.wire.PassingOn;
import io.weir.wire.UnreadPieces;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetSocketAddress;

/** A connection to a node that serves one stream. Confined to one event loop. */
final class StreamNodeSide extends ChannelInboundHandlerAdapter implements StreamEnd, PassingOn {

    private static final Logger LOG = LoggerFactory.getLogger(StreamNodeSide.class);

    private final StreamNodeConnections connections;
    private final LoopContext loop;
    private final StreamExchange exchange;
    private final PoolNode node;
    private final Channel channel;
    private final boolean closeWithReset;
    private final UnreadPieces unread;
    private @Nullable StreamSocket socket;
    private boolean released;

    StreamNodeSide(
            StreamNodeConnections connections,
            LoopContext loop,
            StreamExchange exchange,
            PoolNode node,
            Channel channel,
            boolean closeWithReset) {
        this.connections = connections;
        this.loop = loop;
        this.exchange = exchange;
        this.node = node;
        this.channel = channel;
        this.closeWithReset = closeWithReset;
        this.unread = connections.unread();
    }

    PoolNode node() {
        return node;
    }

    /** The connection is there: sends {@code announcement} first, then what the stream has. */
    void ready(byte[] announcement) {
        connections.opened(this);
        if (announcement.length > 0) {
            write(Unpooled.wrappedBuffer(announcement));
        }
        exchange.nodeReady(this);
    }

    // ---- the channel

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        socket = new StreamSocket(ctx, connections.output(ctx), closeWithReset);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        loop.tick();
        ByteBuf piece = (ByteBuf) message;
        if (released || !piece.isReadable()) {
            piece.release();
        } else {
            unread.read(piece.readableBytes());
            exchange.relay().nodeData(piece);
        }
    }

    @Override
    public int passable() {
        boolean worthIt = !released && unread.worthIt();
        return worthIt && exchange.relay().nodePassesUnread() ? KernelPipe.MOST : 0;
    }

    @Override
    public int passOn(Socket from, int most) throws IOException {
        loop.tick();
        int came = unread.take(from, most);
        if (came > 0) {
            exchange.relay().nodeUnread(came);
        }
        return came;
    }

    @Override
    public boolean maybeMore() {
        return true;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (!released) {
            exchange.relay().nodeReadComplete();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (!released && channel.isWritable()) {
            exchange.relay().nodeWritable();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        boolean end =
                event instanceof ChannelInputShutdownEvent
                        || event instanceof SslCloseCompletionEvent;
        if (end && !released) {
            loop.tick();
            exchange.relay().nodeEnd();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        loop.tick();
        connections.closed(this);
        if (!released) {
            released = true;
            exchange.nodeLost();
        }
        socket().drop();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException) && !Closing.isBadTls(cause)) {
            LOG.error("defect in the connection to node {}", node.address(), cause);
        }
        Closing.cut(channel);
    }

    // ---- for the exchange

    private StreamSocket socket() {
        StreamSocket s = socket;
        if (s == null) {
            throw new IllegalStateException("nothing can be written before the handler is added");
        }
        return s;
    }

    @Override
    public void write(ByteBuf piece) {
        socket().write(piece);
    }

    @Override
    public boolean takesUnread() {
        return socket().takesUnread();
    }

    @Override
    public void unread(int bytes) {
        socket().unread(bytes);
    }

    @Override
    public void flush() {
        socket().flush();
    }

    @Override
    public boolean writable() {
        return socket().writable();
    }

    @Override
    public long pendingBytes() {
        return socket().pendingBytes();
    }

    @Override
    public void pause(boolean paused) {
        socket().pause(paused);
    }

    @Override
    public void closeOutput() {
        socket().closeOutput(this::outputClosed);
    }

    private void outputClosed() {
        // The stream may have gone on to another node meanwhile.
        if (!released) {
            exchange.relay().nodeOutputClosed();
        }
    }

    @Override
    public void close() {
        released = true;
        socket().close();
    }

    @Override
    public void reset() {
        released = true;
        socket().reset();
    }

    /** The node is to be left at once, whatever the stream thinks of it. */
    void cut() {
        socket().reset();
    }

    /** The connection never came about. */
    void discard() {
        released = true;
        channel.close();
    }

    @Override
    public void tune(@Nullable BandwidthClass bandwidth, int traffic) {
        PacedWrites.tune(channel, bandwidth, traffic);
    }

    @Override
    public @Nullable InetSocketAddress localAddress() {
        return (InetSocketAddress) channel.localAddress();
    }
}
