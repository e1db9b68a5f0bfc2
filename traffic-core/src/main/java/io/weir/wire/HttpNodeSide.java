package io.weir.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannelConfig;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.weir.config.PoolConfig;
import io.weir.exchange.Exchange;
import io.weir.exchange.LoopContext;
import io.weir.exchange.NodeSide;
import io.weir.http.BodyReader;
import io.weir.http.BodySink;
import io.weir.http.Defect;
import io.weir.http.FieldName;
import io.weir.http.Fields;
import io.weir.http.Framing;
import io.weir.http.Method;
import io.weir.http.RequestHead;
import io.weir.http.ResponseHead;
import io.weir.pool.NodeFailure;
import io.weir.pool.PoolNode;
import io.weir.time.DeadlineWheel.Deadline;
import io.weir.tls.NodeTls;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * An HTTP/1 connection to a node: sends one request at a time, reads the response as strictly as a
 * request is read, and is kept for another exchange only when both ended exactly where they should.
 * Confined to one event loop.
 */
final class HttpNodeSide extends ChannelInboundHandlerAdapter implements NodeSide {

    private static final Logger LOG = LoggerFactory.getLogger(HttpNodeSide.class);

    /** Longest response head; nodes are not trusted to be reasonable. */
    private static final int MAX_HEAD_BYTES = 64 * 1024;

    private static final int MAX_FIELDS = 200;

    /**
     * How long a connection beyond the pool's limit of idle ones is kept: enough for the next wave
     * of a steady load, which else would close and open connections all the time.
     */
    private static final long SURPLUS_IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** How long a node may take to accept the last bytes of a tunnel. */
    private static final long LAST_BYTES_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final byte[] END = ascii("\r\n");
    private static final byte[] CLOSE = ascii("Connection: close\r\n\r\n");
    private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n\r\n");
    private static final byte[] CHUNKED_CLOSE =
            ascii("Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n");

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

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

    private final PooledNodeConnections connections;
    private final LoopContext context;
    private final PoolNode node;
    private final Channel channel;
    private final @Nullable NodeTls tls;
    private PoolConfig config;
    private final Watch watch = new Watch();
    private final BodyReader body = new BodyReader();
    private final Received received = new Received();
    private final ResponseReads reads;

    private @Nullable Output out;
    private @Nullable Exchange exchange;
    private @Nullable ResponseHead head;
    private @Nullable ByteBuf reading;
    private State state = State.IDLE;
    private Method asked = Method.GET;
    private boolean chunked;
    private boolean requestDone;
    private boolean keep;
    private boolean persistent;
    private boolean used;
    private boolean paused;
    private boolean inputClosed;
    private boolean endedTls;
    private boolean surplus;
    private boolean counted;
    private long idleNanos;
    private long writtenBefore;

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
        reads = connections.reads();
        channel.config().setRecvByteBufAllocator(reads);
    }

    PoolNode node() {
        return node;
    }

    /** The connection is not kept any more. */
    void uncount() {
        if (counted) {
            counted = false;
            node.idleTaken();
        }
    }

    /**
     * Whether another exchange may have the connection.
     *
     * @param wanted TLS that connections to the node have to use now
     */
    boolean usable(@Nullable NodeTls wanted) {
        return state == State.IDLE
                && tls == wanted
                && channel.isActive()
                && !inputClosed
                && channel.remoteAddress() instanceof InetSocketAddress address
                && node.hasAddress(address);
    }

    /** Cuts the connection; what runs on it has failed, and must not look complete. */
    void close() {
        if (state == State.HEAD || state == State.BODY) {
            failed(
                    NodeFailure.RESET,
                    "the connection to node " + node.address() + " was cut by Weir");
        }
        Closing.cut(channel);
    }

    private Output out() {
        Output o = out;
        if (o == null) {
            throw new IllegalStateException("nothing can be written before the handler is added");
        }
        return o;
    }

    /** Writes what goes before the first request. */
    void announce(byte[] header) {
        out().bytes(header);
    }

    /** Gives the connection to {@code x}, under the settings that are in force now. */
    void lend(Exchange x, PoolConfig settings) {
        config = settings;
        exchange = x;
        context.deadlines().cancel(watch);
        x.nodeReady(this);
    }

    // ---- the node side of an exchange

    @Override
    public void request(RequestHead request, long bodyLength, boolean keep) {
        this.keep = keep;
        asked = request.method();
        writtenBefore = out().total();
        chunked = bodyLength == Framing.CHUNKED;
        requestDone = false;
        surplus = false;
        inputClosed = false;
        state = State.HEAD;
        reads.awaited();
        boolean asksToClose = !keep && !request.contains(FieldName.UPGRADE);
        byte[] tail = chunked ? asksToClose ? CHUNKED_CLOSE : CHUNKED : asksToClose ? CLOSE : END;
        out().head(request, tail, (int) Math.min(Math.max(bodyLength, 0), Integer.MAX_VALUE));
        if (request.contains(FieldName.EXPECT)) {
            awaitReply();
        }
    }

    @Override
    public void data(ByteBuf piece) {
        if (state == State.HEAD && !requestDone) {
            // The node owes nothing while the request goes on.
            context.deadlines().cancel(watch);
        }
        if (state == State.CLOSED) {
            piece.release();
        } else if (chunked && state != State.TUNNEL) {
            out().chunk(piece);
        } else {
            out().data(piece);
        }
    }

    @Override
    public void end(@Nullable Fields trailers) {
        if (state == State.TUNNEL) {
            out().flush();
            Closing.shutDownOutputWhenWritten(channel);
            return;
        }
        if (chunked) {
            out().lastChunk(trailers);
        }
        requestDone = true;
        if (state == State.HEAD) {
            awaitReply();
        }
    }

    private void awaitReply() {
        long nanos = config.maxReplyTime().toNanos();
        if (nanos > 0) {
            context.deadlines().set(watch, context.nanos(), nanos);
        }
    }

    @Override
    public void flush() {
        Output o = out();
        if (o.pending()) {
            o.flush();
        }
    }

    @Override
    public void flushSoon() {
        out().flushSoon();
    }

    @Override
    public long bytesWritten() {
        return out().total() - writtenBefore;
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
        if (channel.config() instanceof DuplexChannelConfig duplex) {
            duplex.setAllowHalfClosure(true);
        }
    }

    @Override
    public boolean reused() {
        return used;
    }

    @Override
    public void release(boolean reusable) {
        exchange = null;
        context.deadlines().cancel(watch);
        giveBackHead();
        boolean whole = state == State.IDLE || state == State.DONE && requestDone;
        if (reusable
                && whole
                && keep
                && persistent
                && !surplus
                && channel.isWritable()
                && channel.isActive()
                && idleNanos > 0) {
            used = true;
            state = State.IDLE;
            pauseResponse(false);
            counted = node.tryKeepIdle(config.maxIdleConnectionsPerNode());
            if (counted || config.maxConnectionsPerNode() == 0 && node.status().accepts(true)) {
                connections.keep(this);
                long idle = counted ? idleNanos : Math.min(idleNanos, SURPLUS_IDLE_NANOS);
                context.deadlines().set(watch, context.nanos(), idle);
                return;
            }
        }
        boolean tunnelled = state == State.TUNNEL;
        state = State.CLOSED;
        if (config.closeWithReset()) {
            Closing.resetOnClose(channel);
        }
        if (tunnelled && channel.isActive()) {
            // What the client sent last may still wait; a node that does not take it is cut.
            out().flush();
            context.deadlines().set(watch, context.nanos(), LAST_BYTES_NANOS);
            Closing.closeWhenWritten(channel);
        } else {
            channel.close();
        }
    }

    private void giveBackHead() {
        ResponseHead h = head;
        if (h != null) {
            head = null;
            context.giveBack(h);
        }
    }

    // ---- the channel

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        out = connections.output(ctx);
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

    private boolean read(ByteBuf in) {
        Exchange x = exchange;
        switch (state) {
            case HEAD -> {
                return x != null && readHead(x, in);
            }
            case BODY -> {
                if (body.read(in, received) == BodyReader.Progress.BROKEN && x != null) {
                    failed(NodeFailure.BAD_RESPONSE, body.defect());
                    return false;
                }
                return state == State.BODY && in.isReadable();
            }
            case TUNNEL -> {
                if (x != null) {
                    x.nodeData(in.readRetainedSlice(in.readableBytes()));
                }
                return false;
            }
            case IDLE, DONE -> {
                // Nobody asked for these bytes: whoever came next would get them for an answer.
                surplus = true;
                if (state == State.IDLE) {
                    connections.forget(this);
                    state = State.CLOSED;
                    channel.close();
                }
                return false;
            }
            case CLOSED -> {
                return false;
            }
        }
        return false;
    }

    private boolean readHead(Exchange x, ByteBuf in) {
        ResponseHead h = head;
        if (h == null) {
            h = context.responseHead();
            head = h;
        }
        switch (h.read(in, MAX_HEAD_BYTES, MAX_HEAD_BYTES, MAX_FIELDS)) {
            case NEED_MORE -> {
                return false;
            }
            case BROKEN -> {
                failed(NodeFailure.BAD_RESPONSE, h.defect());
                return false;
            }
            case COMPLETE -> {}
        }
        Defect defect = Framing.check(h);
        if (defect == null && h.status() == 101 && !switchesAsAsked(x, h)) {
            defect = Defect.UPGRADE;
        }
        if (defect != null) {
            failed(NodeFailure.BAD_RESPONSE, defect);
            return false;
        }
        if (h.status() < 200 && h.status() != 101) {
            if (h.status() == 100 && !requestDone) {
                context.deadlines().cancel(watch);
            }
            x.nodeInterim(h);
            if (head == h) {
                h.clear();
            }
            return state == State.HEAD && in.isReadable();
        }
        context.deadlines().cancel(watch);
        finalHead(x, h);
        return state != State.CLOSED && in.isReadable();
    }

    private boolean switchesAsAsked(Exchange x, ResponseHead h) {
        String protocol = h.get(FieldName.UPGRADE);
        return x.acceptsUpgrade()
                && protocol != null
                && protocol.equalsIgnoreCase("websocket")
                && h.listContains(FieldName.CONNECTION, "upgrade");
    }

    private void finalHead(Exchange x, ResponseHead h) {
        persistent = Framing.persistent(h);
        long length = Framing.responseLength(h, asked);
        idleNanos = idleTime(h);
        if (h.status() == 204) {
            // RFC 9110 section 8.6: no Content-Length here, and some readers would wait for it.
            h.remove(FieldName.CONTENT_LENGTH);
        }
        body.start(length, 0);
        if (length == Framing.UNTIL_CLOSE) {
            persistent = false;
        } else if (length >= 0) {
            Framing.canonicalLength(h);
            ByteBuf in = reading;
            reads.toCome(in == null ? length : Math.max(0, length - in.readableBytes()));
        }
        if (h.status() == 101) {
            x.nodeHead(h, 0);
            return;
        }
        state = State.BODY;
        if (length == 0) {
            ByteBuf in = reading;
            surplus = in != null && in.isReadable();
            state = State.DONE;
        }
        x.nodeHead(h, length);
        if (state == State.DONE && exchange == x) {
            x.nodeEnd(null);
        }
    }

    /** The pool's idle time, or less when the node says that it will close earlier. */
    private long idleTime(ResponseHead h) {
        long nanos = config.idleTimeout().toNanos();
        String hint = h.get(FieldName.KEEP_ALIVE);
        if (hint == null) {
            return nanos;
        }
        for (String part : hint.split(",", -1)) {
            String[] pair = part.strip().split("=", 2);
            if (pair.length == 2 && pair[0].strip().equalsIgnoreCase("timeout")) {
                String seconds = pair[1].strip();
                if (!seconds.isEmpty()
                        && seconds.length() < 9
                        && seconds.chars().allMatch(c -> c >= '0' && c <= '9')) {
                    long said = TimeUnit.SECONDS.toNanos(Integer.parseInt(seconds) - 1L);
                    return Math.min(nanos, Math.max(said, 0));
                }
            }
        }
        return nanos;
    }

    /** What the body reader hands on. */
    private final class Received implements BodySink {
        @Override
        public void data(ByteBuf piece) {
            Exchange x = exchange;
            if (x != null) {
                x.nodeData(piece);
            } else {
                piece.release();
            }
        }

        @Override
        public void end(@Nullable Fields trailers) {
            ByteBuf in = reading;
            surplus = in != null && in.isReadable();
            state = State.DONE;
            Exchange x = exchange;
            if (x != null) {
                x.nodeEnd(trailers);
            }
        }
    }

    private void failed(NodeFailure why, Defect defect) {
        failed(why, "node " + node.address() + " sent a bad response: " + defect.text());
    }

    private void failed(NodeFailure why, String text) {
        Exchange x = exchange;
        if (x != null) {
            x.nodeFailed(why, text);
        }
        if (exchange == x && state != State.CLOSED) {
            release(false);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        Exchange x = exchange;
        if (x != null) {
            x.nodeReadComplete();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        Exchange x = exchange;
        if (x != null && channel.isWritable()) {
            x.nodeWritable();
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
        Exchange x = exchange;
        switch (state) {
            case TUNNEL -> {
                if (x != null) {
                    x.nodeEnd(null);
                }
            }
            case HEAD ->
                    failed(
                            NodeFailure.CLOSED_EARLY,
                            "node " + node.address() + " closed without a response");
            case BODY -> {
                // Under TLS only a close_notify tells that nothing is missing.
                if (body.untilClose() && x != null && (tls == null || endedTls)) {
                    state = State.DONE;
                    x.nodeEnd(null);
                } else {
                    failed(
                            NodeFailure.CLOSED_EARLY,
                            "node " + node.address() + " closed inside its response");
                }
            }
            case IDLE, DONE, CLOSED -> {}
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        context.tick();
        if (state == State.IDLE) {
            connections.forget(this);
        }
        boolean tunnelled = state == State.TUNNEL;
        inputEnded();
        Exchange x = exchange;
        if (tunnelled && x != null) {
            x.nodeFailed(NodeFailure.CLOSED_EARLY, "node " + node.address() + " closed the tunnel");
        }
        state = State.CLOSED;
        giveBackHead();
        out().drop();
        context.deadlines().forget(watch);
        connections.closed(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (Closing.isBadTls(cause)) {
            if (exchange != null) {
                failed(
                        NodeFailure.RESET,
                        "TLS with node " + node.address() + " broke: " + cause.getMessage());
            }
        } else if (cause instanceof IOException) {
            // A write that failed leaves the input open: an early answer may still be there.
            if (channel.isActive() && !inputClosed && exchange != null && state == State.HEAD) {
                awaitReply();
                return;
            }
            if (exchange != null) {
                failed(
                        NodeFailure.RESET,
                        "connection to node " + node.address() + " broke: " + cause.getMessage());
            }
        } else {
            LOG.error("defect in the node side of {}", node.address(), cause);
        }
        channel.close();
    }

    private final class Watch extends Deadline {
        @Override
        protected void expired() {
            if (state == State.HEAD) {
                failed(
                        NodeFailure.REPLY_TIMEOUT,
                        "node "
                                + node.address()
                                + " did not answer within "
                                + config.maxReplyTime().toMillis()
                                + " ms");
            } else if (state == State.CLOSED) {
                channel.close();
            } else if (state == State.IDLE) {
                connections.forget(HttpNodeSide.this);
                state = State.CLOSED;
                channel.close();
            }
        }
    }
}
