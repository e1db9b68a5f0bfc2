package io.weir.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannelConfig;
import io.netty.channel.unix.Socket;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.weir.bandwidth.BandwidthClass;
import io.weir.config.PoolConfig;
import io.weir.exchange.Attempts;
import io.weir.exchange.LoopContext;
import io.weir.exchange.NodeSide;
import io.weir.http.BodyReader;
import io.weir.http.FieldName;
import io.weir.http.Fields;
import io.weir.http.RequestHead;
import io.weir.http.ResponseHead;
import io.weir.pool.NodeFailure;
import io.weir.pool.PoolNode;
import io.weir.tls.NodeTls;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * An HTTP/1 connection to a node: sends one request at a time, reads the response as strictly as a
 * request is read, and is kept for another exchange only when both ended exactly where they should.
 * Confined to one event loop.
 */
final class HttpNodeSide extends ChannelInboundHandlerAdapter implements NodeSide, PassingOn {

    private static final Logger LOG = LoggerFactory.getLogger(HttpNodeSide.class);

    private enum State {
        /** Nothing is asked; whatever comes closes the connection. */
        IDLE,
        /** A request is being sent or is sent, the head of its response is awaited. */
        HEAD,
        /** The body of the response comes. */
        BODY,
        /** The response is complete. */
        DONE,
        TUNNEL,
        CLOSED
    }

    /** Bytes that go on unread at once, which wait here if the client does not take them. */
    private static final int LARGEST_PIECE = 128 * 1024;

    private final PooledNodeConnections connections;
    private final LoopContext context;
    private final PoolNode node;
    private final Channel channel;
    private final @Nullable NodeTls tls;
    private PoolConfig config;
    private final RequestWriter request = new RequestWriter();
    private final ResponseReader response;
    private final NodeKeeping keeping;
    private final NodeWatch watch;
    private final Asker asker = new Asker(this);
    private final ResponseReads reads;
    private final UnreadPieces unread;
    private final int most;

    private @Nullable ByteBuf reading;
    private State state = State.IDLE;
    private boolean paused;
    private boolean inputClosed;
    private boolean endedTls;

    /** Whether a response is complete, and whoever asked has not been told so. */
    private boolean ended;

    private @Nullable Fields trailers;

    HttpNodeSide(
            PooledNodeConnections connections,
            LoopContext context,
            PoolNode node,
            PoolConfig config,
            @Nullable NodeTls tls,
            Channel channel) {
        this.connections = connections;
        this.context = context;
        this.node = node;
        this.config = config;
        this.tls = tls;
        this.channel = channel;
        this.response = new ResponseReader(context);
        this.keeping = new NodeKeeping(node, channel, tls);
        this.watch = new NodeWatch(this, context);
        this.reads = connections.reads(asker);
        this.unread = connections.unread();
        this.most = channel.config().getWriteBufferHighWaterMark();
        channel.config().setRecvByteBufAllocator(reads);
    }

    PoolNode node() {
        return node;
    }

    /** The connection is not kept any more. */
    void uncount() {
        keeping.uncount();
    }

    /**
     * Whether another exchange may have the connection.
     *
     * @param wanted TLS that connections to the node have to use now
     */
    boolean usable(@Nullable NodeTls wanted) {
        return state == State.IDLE && !inputClosed && keeping.usable(wanted);
    }

    /** Cuts the connection; what runs on it has failed, and must not look complete. */
    void close() {
        if (state == State.HEAD || state == State.BODY) {
            broke(
                    NodeFailure.RESET,
                    "the connection to node " + node.address() + " was cut by Weir");
        }
        Closing.cut(channel);
    }

    /** Has at most so many bytes wait for a node that reads slowly. */
    void allow(int bytes) {
        channel.config().setWriteBufferWaterMark(ClientPipeline.marks(Math.min(most, bytes)));
    }

    /** Writes what goes before the first request. */
    void announce(byte[] header) {
        request.out().bytes(header);
    }

    /** Gives the connection to {@code x}, under the settings that are in force now. */
    void lend(Attempts x, PoolConfig settings) {
        config = settings;
        asker.is(x);
        watch.end();
        x.nodeReady(this);
    }

    // ---- the node side of an exchange

    @Override
    public void request(RequestHead head, long bodyLength, boolean keep) {
        keeping.begin(keep);
        inputClosed = false;
        unread.expectLarge();
        state = State.HEAD;
        reads.awaited();
        request.head(head, bodyLength, keep);
        if (head.contains(FieldName.EXPECT)) {
            awaitReply();
        }
    }

    @Override
    public void data(ByteBuf piece) {
        if (state == State.HEAD && !request.done()) {
            // The node owes nothing while the request goes on.
            watch.end();
        }
        if (state == State.CLOSED) {
            piece.release();
        } else {
            request.data(piece);
        }
    }

    @Override
    public void end(@Nullable Fields trailers) {
        if (state == State.TUNNEL) {
            request.out().flush();
            Closing.shutDownOutputWhenWritten(channel);
            return;
        }
        request.end(trailers);
        if (state == State.HEAD) {
            awaitReply();
        }
    }

    private void awaitReply() {
        watch.begin(maxReplyTime().toNanos());
    }

    private Duration maxReplyTime() {
        Attempts asking = asker.exchange();
        return asking == null ? config.maxReplyTime() : asking.maxReplyTime(config);
    }

    @Override
    public void tune(@Nullable BandwidthClass bandwidth, int traffic) {
        PacedWrites.tune(channel, bandwidth, traffic);
    }

    @Override
    public @Nullable InetSocketAddress localAddress() {
        return (InetSocketAddress) channel.localAddress();
    }

    @Override
    public void flush() {
        request.out().flush();
    }

    @Override
    public void flushSoon() {
        request.out().flushSoon();
    }

    @Override
    public long bytesWritten() {
        return request.written();
    }

    @Override
    public boolean writable() {
        return channel.isWritable();
    }

    @Override
    public void pauseResponse(boolean pause) {
        if (pause != paused) {
            paused = pause;
            channel.config().setAutoRead(!pause);
        }
    }

    @Override
    public void tunnel() {
        state = State.TUNNEL;
        request.switched();
        if (channel.config() instanceof DuplexChannelConfig duplex) {
            duplex.setAllowHalfClosure(true);
        }
    }

    @Override
    public boolean reused() {
        return keeping.used();
    }

    @Override
    public void release(boolean reusable) {
        asker.is(null);
        watch.end();
        response.giveBackHead();
        trailers = null;
        if (reusable && mayServeAgain()) {
            state = State.IDLE;
            pauseResponse(false);
            long idle = keeping.keep(config);
            if (idle > 0) {
                connections.keep(this);
                watch.begin(idle);
                return;
            }
        }
        boolean tunnelled = state == State.TUNNEL;
        state = State.CLOSED;
        keeping.close(config, tunnelled ? request.out() : null, watch);
    }

    /** Whether request and response ended exactly where they should, and nothing else hinders. */
    private boolean mayServeAgain() {
        boolean whole = state == State.IDLE || state == State.DONE && !ended && request.done();
        return whole && response.persistent() && keeping.possible();
    }

    // ---- the channel

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        request.open(connections.output(ctx));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        context.tick();
        ByteBuf in = (ByteBuf) message;
        reading = in;
        try {
            boolean more = true;
            while (more && in.isReadable()) {
                more = read(in);
            }
        } finally {
            reading = null;
            in.release();
        }
    }

    @Override
    public int passable() {
        long left = state == State.BODY ? response.toCome() : 0;
        return left >= KernelPipe.LEAST && unread.worthIt() && asker.passesUnread()
                ? asker.room((int) Math.min(left, LARGEST_PIECE))
                : 0;
    }

    @Override
    public int passOn(Socket from, int most) throws IOException {
        context.tick();
        int came = unread.take(from, most);
        if (came <= 0) {
            return came;
        }
        reads.passedOn(came);
        asker.unread(came);
        unread.clear();
        if (state == State.BODY) {
            response.passed(came, asker);
        }
        return came;
    }

    @Override
    public boolean maybeMore() {
        return state == State.BODY || mustLookBehind();
    }

    /**
     * Whether nothing has come behind a response, as far as has been read, but not all has been.
     */
    boolean mustLookBehind() {
        return ended && !keeping.isExcess() && channel.isActive();
    }

    private boolean read(ByteBuf in) {
        Attempts x = asker.exchange();
        return switch (state) {
            case HEAD -> x != null && (isAsked() ? readHead(x, in) : refuse(x));
            case BODY -> readBody(in);
            case TUNNEL -> {
                if (x != null) {
                    x.nodeData(in.readRetainedSlice(in.readableBytes()));
                }
                yield false;
            }
            case IDLE, DONE -> {
                keeping.excess(true);
                if (state == State.IDLE) {
                    closeIdle();
                }
                yield false;
            }
            case CLOSED -> false;
        };
    }

    /**
     * Whether what comes may be an answer. On a kept connection it is none before the request is
     * sent, and a small one is sent only when all that had come by then was read.
     */
    private boolean isAsked() {
        return request.begun() || !keeping.used();
    }

    /** What has come is nobody's answer: the request, of which nothing was sent, goes elsewhere. */
    private boolean refuse(Attempts x) {
        request.out().drop();
        x.nodeRefused("node " + node.address() + " sent something before it was asked");
        if (asker.stillIs(x) && state != State.CLOSED) {
            release(false);
        }
        return false;
    }

    private boolean readBody(ByteBuf in) {
        unread.read(in.readableBytes());
        BodyReader.Progress progress = response.readBody(in, asker);
        if (progress == BodyReader.Progress.BROKEN && asker.isThere()) {
            badResponse();
            return false;
        }
        return state == State.BODY && in.isReadable();
    }

    private boolean readHead(Attempts x, ByteBuf in) {
        switch (response.readHead(in, x.acceptsUpgrade())) {
            case NEED_MORE -> {
                return false;
            }
            case BROKEN -> {
                badResponse();
                return false;
            }
            case COMPLETE -> {}
        }
        ResponseHead h = response.head();
        if (h.status() < 200 && h.status() != 101) {
            if (h.status() == 100 && !request.done()) {
                watch.end();
            }
            x.nodeInterim(h);
            response.skipInterim(h);
            return state == State.HEAD && in.isReadable();
        }
        watch.end();
        finalHead(x, h);
        return state != State.CLOSED && in.isReadable();
    }

    private void finalHead(Attempts x, ResponseHead h) {
        keeping.idleTime(ResponseReader.idleTime(h, config.idleNanos()));
        response.begin(h, request.method());
        long length = response.length();
        if (length >= 0) {
            ByteBuf in = reading;
            reads.toCome(in == null ? length : Math.max(0, length - in.readableBytes()));
        }
        if (h.status() == 101) {
            // What follows is no head, also while the answer waits for a rule.
            state = State.TUNNEL;
            x.nodeHead(h, 0);
            return;
        }
        state = State.BODY;
        if (length == 0) {
            responseEnds(null);
        }
        x.nodeHead(h, length);
    }

    /**
     * All of the response has been read, and nothing may come behind it. Whoever asked is told when
     * all that is there now has been read: from then on the connection may serve somebody else, who
     * would get for an answer what comes.
     */
    void responseEnds(@Nullable Fields trailers) {
        ByteBuf in = reading;
        keeping.excess(in != null && in.isReadable());
        state = State.DONE;
        ended = true;
        this.trailers = trailers;
    }

    private void tellEnd() {
        if (ended) {
            Fields last = trailers;
            ended = false;
            trailers = null;
            asker.ended(last);
        }
    }

    private void badResponse() {
        failed(NodeFailure.BAD_RESPONSE, "sent a bad response: " + response.defect().text());
    }

    /** What the node did was a failure; {@code what} follows its name. */
    private void failed(NodeFailure why, String what) {
        broke(why, "node " + node.address() + " " + what);
    }

    private void broke(NodeFailure why, String text) {
        Attempts x = asker.exchange();
        asker.failed(why, text);
        if (asker.stillIs(x) && state != State.CLOSED) {
            release(false);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        tellEnd();
        asker.readComplete();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (channel.isWritable()) {
            asker.writable();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded();
        } else if (event instanceof SslCloseCompletionEvent close && close.isSuccess()) {
            endedTls = true;
            inputEnded();
        }
    }

    private void inputEnded() {
        if (inputClosed) {
            return;
        }
        inputClosed = true;
        switch (state) {
            case TUNNEL -> asker.ended(null);
            case HEAD -> failed(NodeFailure.CLOSED_EARLY, "closed without a response");
            case BODY -> {
                // Under TLS only a close_notify tells that nothing is missing.
                if (response.untilClose() && asker.isThere() && (tls == null || endedTls)) {
                    state = State.DONE;
                    asker.ended(null);
                } else {
                    failed(NodeFailure.CLOSED_EARLY, "closed inside its response");
                }
            }
            case IDLE, DONE, CLOSED -> {}
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        context.tick();
        tellEnd();
        if (state == State.IDLE) {
            connections.forget(this);
        }
        boolean tunnelled = state == State.TUNNEL;
        inputEnded();
        if (tunnelled) {
            asker.failed(NodeFailure.CLOSED_EARLY, "node " + node.address() + " closed the tunnel");
        }
        state = State.CLOSED;
        if (!asker.isThere()) {
            // An exchange may still be at work on the head, and lets go of it by itself.
            response.giveBackHead();
        }
        request.out().drop();
        watch.forget();
        connections.closed(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        boolean badTls = Closing.isBadTls(cause);
        if (!badTls && !(cause instanceof IOException)) {
            LOG.error("defect in the node side of {}", node.address(), cause);
        } else if (asker.isThere() && state != State.DONE) {
            // A write that failed leaves the input open: an early answer may still be there.
            if (!badTls && state == State.HEAD && channel.isActive() && !inputClosed) {
                awaitReply();
                return;
            }
            String what = badTls ? "TLS with node " : "connection to node ";
            broke(NodeFailure.RESET, what + node.address() + " broke: " + cause.getMessage());
        }
        channel.close();
    }

    /** The {@link NodeWatch} says that what was to come has not come in its time. */
    void waitedInVain() {
        switch (state) {
            case HEAD -> {
                long millis = maxReplyTime().toMillis();
                failed(NodeFailure.REPLY_TIMEOUT, "did not answer within " + millis + " ms");
            }
            case IDLE -> closeIdle();
            case CLOSED -> channel.close();
            case BODY, DONE, TUNNEL -> {}
        }
    }

    private void closeIdle() {
        connections.forget(this);
        state = State.CLOSED;
        channel.close();
    }
}
