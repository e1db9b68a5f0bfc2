package io.weir.wire.stream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.unix.Socket;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.weir.bandwidth.BandwidthClass;
import io.weir.config.VirtualServerConfig;
import io.weir.exchange.Account;
import io.weir.exchange.ConnectionRecord;
import io.weir.exchange.StreamClient;
import io.weir.exchange.StreamExchange;
import io.weir.exchange.VirtualServer;
import io.weir.time.DeadlineWheel.Deadline;
import io.weir.tls.ClientTls;
import io.weir.wire.ClientConnection;
import io.weir.wire.Closing;
import io.weir.wire.ConnectionListing;
import io.weir.wire.Gate;
import io.weir.wire.GrowingReads;
import io.weir.wire.KernelPipe;
import io.weir.wire.Listener;
import io.weir.wire.PacedWrites;
import io.weir.wire.PassingOn;
import io.weir.wire.UnreadPieces;
import io.weir.wire.WireLoop;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * A client's connection to a TCP service: makes one {@link StreamExchange} and passes bytes to it
 * and from it. Confined to one event loop.
 */
public final class StreamClientSide extends ClientConnection implements StreamClient, PassingOn {

    private static final Logger LOG = LoggerFactory.getLogger(StreamClientSide.class);

    private final Listener listener;
    private final Gate gate;
    private final WireLoop loop;
    private final Channel channel;
    private final VirtualServer server;
    private final ConnectionRecord connection = new ConnectionRecord();
    private final UnreadPieces unread;
    private @Nullable StreamSocket socket;
    private @Nullable StreamExchange exchange;
    private @Nullable InetSocketAddress remote;
    private @Nullable InetSocketAddress local;
    private @Nullable Deadline headerDeadline;
    private @Nullable Account account;
    private @Nullable ClientTls tls;

    public StreamClientSide(
            Listener listener, Gate gate, WireLoop loop, Channel channel, VirtualServer server) {
        super(channel);
        this.listener = listener;
        this.gate = gate;
        this.loop = loop;
        this.channel = channel;
        this.server = server;
        this.unread = new UnreadPieces(loop);
        channel.config().setRecvByteBufAllocator(new GrowingReads(loop, StreamSocket.LARGEST_READ));
    }

    // ---- for the event loop and the PROXY header

    @Override
    protected Listener listener() {
        return listener;
    }

    @Override
    protected void proxied(InetSocketAddress client, InetSocketAddress asked) {
        remote = client;
        local = asked;
    }

    @Override
    protected void proxyHeaderRead() {
        Deadline deadline = headerDeadline;
        if (deadline != null) {
            loop.context().deadlines().forget(deadline);
        }
        beginWhenSecure();
    }

    @Override
    protected void secured(ClientTls done) {
        tls = done;
        connection.secured(loop.context().ticker().nanos());
    }

    @Override
    protected void describe(ConnectionListing out) {
        out.stream(
                channel.id().asShortText(), "tcp", server, remote(), local(), connection, exchange);
    }

    @Override
    protected void retire(boolean atOnce) {
        StreamExchange x = exchange;
        if (atOnce || x == null) {
            channel.close();
        } else {
            x.retire();
        }
    }

    // ---- the channel

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        socket = new StreamSocket(ctx, loop.output(ctx), server.config().tcp().closeWithReset());
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        loop.context().tick();
        loop.opened(this);
        connection.opened(loop.context().nanos());
        Account opened = server.account();
        account = opened;
        opened.connectionOpened(loop.context());
        VirtualServerConfig config = server.config();
        if (!config.proxyProtocol()) {
            beginWhenSecure();
        } else if (!config.connectTimeout().isZero()) {
            Deadline deadline = new HeaderDeadline();
            headerDeadline = deadline;
            loop.context().deadlines().set(deadline, config.connectTimeout().toNanos());
        }
    }

    /** Behind TLS nothing begins before the handshake is over: no node is kept busy by it. */
    private void beginWhenSecure() {
        if (channel.pipeline().get(SslHandler.class) == null) {
            begin();
        }
    }

    private void begin() {
        StreamExchange x = new StreamExchange(server, loop.context(), loop.streams(), this);
        exchange = x;
        x.begin();
    }

    private final class HeaderDeadline extends Deadline {
        @Override
        protected void expired() {
            channel.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        loop.context().tick();
        ByteBuf piece = (ByteBuf) message;
        connection.came(loop.context().nanos(), piece.readableBytes());
        StreamExchange x = exchange;
        if (x == null || !piece.isReadable()) {
            piece.release();
        } else {
            unread.read(piece.readableBytes());
            x.relay().clientData(piece);
        }
    }

    @Override
    public int passable() {
        StreamExchange x = exchange;
        if (x == null || !unread.worthIt()) {
            return 0;
        }
        return x.relay().clientPassesUnread() ? KernelPipe.MOST : 0;
    }

    @Override
    public int passOn(Socket from, int most) throws IOException {
        loop.context().tick();
        int came = unread.take(from, most);
        StreamExchange x = exchange;
        if (came > 0 && x != null) {
            connection.came(loop.context().nanos(), came);
            x.relay().clientUnread(came);
        }
        return came;
    }

    @Override
    public boolean maybeMore() {
        return true;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        StreamExchange x = exchange;
        if (x != null) {
            x.relay().clientReadComplete();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        StreamExchange x = exchange;
        if (x != null && channel.isWritable()) {
            x.relay().clientWritable();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        loop.context().tick();
        if (event instanceof SslHandshakeCompletionEvent handshake
                && handshake.isSuccess()
                && exchange == null) {
            begin();
        } else if (event instanceof ChannelInputShutdownEvent
                || event instanceof SslCloseCompletionEvent) {
            StreamExchange x = exchange;
            if (x != null) {
                x.relay().clientEnd();
            } else {
                channel.close();
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        loop.context().tick();
        StreamExchange x = exchange;
        if (x != null) {
            x.clientLost();
        }
        socket().drop();
        Deadline deadline = headerDeadline;
        if (deadline != null) {
            loop.context().deadlines().forget(deadline);
        }
        loop.closed(this);
        listener.connectionClosed(gate);
        Account opened = account;
        if (opened != null) {
            opened.connectionClosed(loop.context());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException) && !Closing.isBadTls(cause)) {
            LOG.error("defect in the client side of {}", listener, cause);
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
    public InetSocketAddress remote() {
        InetSocketAddress known = remote;
        if (known == null) {
            known = (InetSocketAddress) channel.remoteAddress();
            remote = known;
        }
        return known != null ? known : InetSocketAddress.createUnresolved("unknown", 0);
    }

    @Override
    public InetSocketAddress local() {
        InetSocketAddress known = local;
        if (known == null) {
            known = (InetSocketAddress) channel.localAddress();
            local = known;
        }
        return known != null ? known : InetSocketAddress.createUnresolved("unknown", 0);
    }

    @Override
    public @Nullable ClientTls tls() {
        return tls;
    }

    @Override
    public void write(ByteBuf piece) {
        connection.moved(loop.context().nanos());
        socket().write(piece);
    }

    @Override
    public boolean takesUnread() {
        return socket().takesUnread();
    }

    @Override
    public void unread(int bytes) {
        connection.moved(loop.context().nanos());
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
        StreamExchange x = exchange;
        if (x != null) {
            socket().closeOutput(x.relay()::clientOutputClosed);
        }
    }

    @Override
    public void close() {
        socket().close();
    }

    @Override
    public void reset() {
        socket().reset();
    }

    @Override
    public void tune(@Nullable BandwidthClass bandwidth, int traffic) {
        PacedWrites.tune(channel, bandwidth, traffic);
    }
}
