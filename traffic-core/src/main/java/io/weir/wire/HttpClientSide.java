package io.weir.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.weir.config.VirtualServerConfig;
import io.weir.config.VirtualServerConfig.Limits;
import io.weir.exchange.Account;
import io.weir.exchange.ClientSide;
import io.weir.exchange.ConnectionRecord;
import io.weir.exchange.Exchange;
import io.weir.exchange.ForwardedClient;
import io.weir.exchange.LoopContext;
import io.weir.exchange.NodeConnections;
import io.weir.exchange.VirtualServer;
import io.weir.explain.ConnectionState;
import io.weir.fault.TrafficFault;
import io.weir.http.BodyReader;
import io.weir.http.Defect;
import io.weir.http.FieldName;
import io.weir.http.Fields;
import io.weir.http.Framing;
import io.weir.http.Head;
import io.weir.http.RequestHead;
import io.weir.http.ResponseHead;
import io.weir.time.DeadlineWheel.Deadline;
import io.weir.tls.ClientTls;
import io.weir.wire.h2.ClientHome;
import io.weir.wire.h2.H2ClientConnection;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A client's HTTP/1 connection: reads requests one after the other, hands each to an {@link
 * Exchange} and writes the response. Bytes behind a request wait until its response is complete.
 * Confined to one event loop.
 */
final class HttpClientSide extends ClientConnection implements ClientSide, ClientHome {

    private static final Logger LOG = LoggerFactory.getLogger(HttpClientSide.class);

    /** How long a closing connection is listened to, so that the last response is not lost. */
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** Bytes taken from a client whose last response has been sent. */
    private static final int LINGER_BYTES = 1 << 20;

    private static final byte[] END = ascii("\r\n");
    private static final byte[] CLOSE = ascii("Connection: close\r\n\r\n");
    private static final byte[] KEEP_ALIVE = ascii("Connection: keep-alive\r\n\r\n");
    private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n\r\n");
    private static final byte[] CHUNKED_CLOSE =
            ascii("Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
    private static final byte[] UPGRADE =
            ascii("Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n");

    private static final byte[] PREFACE = H2ClientConnection.preface();
    private static final ByteBuf WHOLE_PREFACE =
            Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(PREFACE));

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private enum State {
        /** Between requests, or inside a request head. */
        HEAD,
        /** A request is on its way; its body may still be coming. */
        EXCHANGE,
        /** Bytes go both ways. */
        TUNNEL,
        /** The last response is sent; what still comes is thrown away. */
        LINGER,
        /** The connection speaks HTTP/2; its own handler serves it. */
        HANDED_OVER,
        CLOSED
    }

    private final Listener listener;
    private final Gate gate;
    private final WireLoop loop;
    private final Channel channel;
    private final Watch watch = new Watch();
    private final ClientPace pace = new ClientPace();
    private final ConnectionRecord connection = new ConnectionRecord();

    private @Nullable Account account;
    private @Nullable Output out;
    private @Nullable InetSocketAddress remote;
    private @Nullable InetSocketAddress local;
    private @Nullable ForwardedClient forwarded;
    private @Nullable ClientTls tls;
    private @Nullable Map<String, Object> connectionData;

    private State state = State.HEAD;
    private @Nullable RequestHead head;
    private @Nullable BodyReader body;
    private @Nullable Exchange exchange;
    private @Nullable ByteBuf stash;
    private boolean processing;
    private boolean bodyComing;
    private boolean requestPaused;
    private boolean reading = true;
    private boolean inputClosed;
    private boolean retired;
    private boolean awaitsContinue;
    private boolean persistent;
    private boolean closeAfter;
    private boolean chunked;
    private boolean untilClose;
    private int lingerBytes;
    private boolean served;
    private @Nullable H2ClientConnection successor;

    HttpClientSide(Listener listener, Gate gate, WireLoop loop, Channel channel) {
        this.listener = listener;
        this.gate = gate;
        this.loop = loop;
        this.channel = channel;
    }

    @Override
    protected Listener listener() {
        return listener;
    }

    @Override
    protected void proxied(InetSocketAddress client, InetSocketAddress server) {
        remote = client;
        local = server;
    }

    private VirtualServerConfig config() {
        return listener.server().config();
    }

    private Output out() {
        Output o = out;
        if (o == null) {
            throw new IllegalStateException("nothing can be written before the handler is added");
        }
        return o;
    }

    // ---- the channel

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        out = loop.output(ctx);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        loop.context().tick();
        loop.opened(this);
        connection.opened(loop.context().nanos());
        Account opened = listener.server().account();
        account = opened;
        opened.connectionOpened(loop.context());
        arm(config().connectTimeout().toNanos());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        loop.context().tick();
        ByteBuf in = (ByteBuf) message;
        connection.came(loop.context().nanos(), in.readableBytes());
        ByteBuf waiting = stash;
        if (waiting != null) {
            stash = null;
            in = Unpooled.wrappedBuffer(waiting, in);
        }
        if (!served && state == State.HEAD && in.isReadable() && opensHttp2(ctx, in)) {
            return;
        }
        process(in);
    }

    /**
     * Whether the first bytes are those of the HTTP/2 preface: then, once all of it is there, the
     * connection is handed over.
     */
    private boolean opensHttp2(ChannelHandlerContext ctx, ByteBuf in) {
        int length = Math.min(in.readableBytes(), PREFACE.length);
        if (in.getByte(in.readerIndex()) != PREFACE[0]
                || head != null
                || !config().http2().enabled()
                || !ByteBufUtil.equals(in, in.readerIndex(), WHOLE_PREFACE, 0, length)) {
            return false;
        }
        if (length < PREFACE.length) {
            // One letter could still become POST: a few bytes more will tell.
            stash = in;
            return true;
        }
        state = State.HANDED_OVER;
        arm(0);
        H2ClientConnection next = new H2ClientConnection(this, channel);
        successor = next;
        ctx.pipeline().replace(this, null, next);
        next.start(in.skipBytes(length));
        return true;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        Exchange x = exchange;
        if (x != null) {
            x.clientReadComplete();
        }
        out().flushSoon();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        Exchange x = exchange;
        if (!channel.isWritable()) {
            return;
        }
        if (x != null) {
            x.clientWritable();
        } else if (!processing) {
            resumeStash();
        }
    }

    /** Goes on with what came behind the last request. */
    private void resumeStash() {
        ByteBuf waiting = stash;
        if (waiting == null) {
            return;
        }
        stash = null;
        process(waiting);
        Exchange x = exchange;
        if (x != null) {
            x.clientReadComplete();
        }
        out().flushSoon();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            clientClosedItsSide();
        } else if (event instanceof SslCloseCompletionEvent close && close.isSuccess()) {
            clientEndedTls();
        }
    }

    /**
     * A close_notify: the client sends nothing more, and its TLS takes nothing more either (RFC
     * 5246 section 7.2.1), so that an answer has nowhere to go.
     */
    private void clientEndedTls() {
        Exchange x = exchange;
        if (state == State.EXCHANGE && x != null) {
            x.clientLost(new TrafficFault.ClientGone("the client closed the connection"));
            channel.close();
        } else {
            clientClosedItsSide();
        }
    }

    private void clientClosedItsSide() {
        if (inputClosed) {
            return;
        }
        inputClosed = true;
        Exchange x = exchange;
        switch (state) {
            case TUNNEL -> {
                if (x != null) {
                    x.end(null);
                    x.clientReadComplete();
                }
            }
            case EXCHANGE -> {
                if (bodyComing && x != null) {
                    x.clientLost(new TrafficFault.ClientGone("the client closed inside its body"));
                    channel.close();
                }
            }
            case HEAD -> {
                if (stash == null) {
                    closeWhenWritten();
                }
            }
            case LINGER -> closeWhenWritten();
            case HANDED_OVER, CLOSED -> {}
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        state = State.CLOSED;
        loop.context().tick();
        Exchange x = exchange;
        if (x != null) {
            x.clientLost(new TrafficFault.ClientGone("the client closed the connection"));
        }
        out().drop();
        ByteBuf waiting = stash;
        if (waiting != null) {
            stash = null;
            waiting.release();
        }
        giveBackHead();
        closed();
    }

    // ---- what a connection that was handed over still needs

    @Override
    public VirtualServer server() {
        return listener.server();
    }

    @Override
    public LoopContext context() {
        return loop.context();
    }

    @Override
    public NodeConnections nodes() {
        return loop.nodes();
    }

    @Override
    public void closed() {
        loop.context().deadlines().forget(watch);
        loop.closed(this);
        listener.connectionClosed(gate);
        Account opened = account;
        if (opened != null) {
            opened.connectionClosed(loop.context());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (Closing.isBadTls(cause)) {
            LOG.debug("{}: {}", listener, cause.getMessage());
        } else if (!(cause instanceof IOException)) {
            LOG.error("defect in the client side of {}", listener, cause);
        }
        Closing.cut(channel);
    }

    // ---- reading

    private void process(ByteBuf in) {
        if (processing) {
            throw new IllegalStateException("reading while reading");
        }
        processing = true;
        try {
            readOn(in);
        } finally {
            processing = false;
            if (in.isReadable() && state != State.CLOSED) {
                stash = in;
            } else {
                in.release();
            }
        }
        updateReading();
        if (state == State.HEAD && lastOfInput()) {
            closeWhenWritten();
        }
    }

    private void readOn(ByteBuf in) {
        boolean more = true;
        while (more && in.isReadable()) {
            more =
                    switch (state) {
                        case HEAD -> readHead(in);
                        case EXCHANGE -> readBody(in);
                        case TUNNEL -> {
                            Exchange x = exchange;
                            if (x != null) {
                                x.data(in.readRetainedSlice(in.readableBytes()));
                            }
                            yield x != null;
                        }
                        case LINGER -> {
                            lingerBytes += in.readableBytes();
                            in.skipBytes(in.readableBytes());
                            if (lingerBytes > LINGER_BYTES) {
                                cut();
                            }
                            yield true;
                        }
                        case HANDED_OVER, CLOSED -> {
                            in.skipBytes(in.readableBytes());
                            yield true;
                        }
                    };
        }
    }

    /** Whether the client has closed its side and everything it sent before was read. */
    private boolean lastOfInput() {
        return inputClosed && stash == null && !processing;
    }

    private boolean readHead(ByteBuf in) {
        if (!channel.isWritable()) {
            // A client that does not read its answers gets no further ones made.
            return false;
        }
        RequestHead h = head;
        Limits limits = config().limits();
        if (h == null) {
            h = loop.context().requestHead();
            head = h;
        }
        boolean begun = h.begun();
        if (!begun) {
            connection.headBegins(loop.context().nanos());
        }
        Head.Progress progress =
                h.read(in, limits.maxHeaderLength(), limits.maxUrlLength(), limits.maxHeaders());
        return switch (progress) {
            case NEED_MORE -> {
                if (!begun && served) {
                    arm(config().connectTimeout().toNanos());
                }
                yield false;
            }
            case BROKEN -> {
                refuse(h.defect());
                yield true;
            }
            case COMPLETE -> {
                begin(h, limits);
                yield true;
            }
        };
    }

    private void begin(RequestHead h, Limits limits) {
        Defect defect = Framing.check(h);
        if (defect != null) {
            refuse(defect);
            return;
        }
        long length = Framing.requestLength(h);
        if (limits.maxBodyLength() > 0 && length > limits.maxBodyLength()) {
            refuse(Defect.BODY_TOO_LARGE);
            return;
        }
        VirtualServer server = listener.server();
        persistent = Framing.persistent(h) && server.config().keepalive();
        bodyComing = length != 0;
        if (bodyComing) {
            BodyReader reader = body;
            if (reader == null) {
                reader = new BodyReader();
                body = reader;
            }
            reader.start(length, limits.maxBodyLength());
        }
        closeAfter = false;
        chunked = false;
        untilClose = false;
        requestPaused = false;
        awaitsContinue = bodyComing && !h.http10() && h.contains(FieldName.EXPECT);
        state = State.EXCHANGE;
        Exchange x = new Exchange(server, loop.context(), loop.nodes(), this, h, length);
        exchange = x;
        connection.requestBegins();
        pace.begin(x.record().beginNanos());
        arm(ClientPace.nextLook(server.config()));
        x.begin();
    }

    private boolean readBody(ByteBuf in) {
        Exchange x = exchange;
        BodyReader reader = body;
        if (!bodyComing || x == null || reader == null) {
            return false;
        }
        awaitsContinue = false;
        BodyReader.Progress progress = reader.read(in, x);
        if (progress == BodyReader.Progress.BROKEN) {
            Defect defect = reader.defect();
            in.skipBytes(in.readableBytes());
            x.fail(new TrafficFault.ClientBroke(defect.status(), defect.text()));
            return true;
        }
        if (reader.done()) {
            bodyComing = false;
        }
        return progress == BodyReader.Progress.COMPLETE;
    }

    /** Answers what cannot be understood, and closes: what follows could be anything. */
    private void refuse(Defect defect) {
        VirtualServer server = listener.server();
        TrafficFault fault = new TrafficFault.ClientBroke(defect.status(), defect.text());
        server.account().refused(loop.context(), fault);
        giveBackHead();
        var answer = server.errorPages().answer(fault);
        StringBuilder text = new StringBuilder(256);
        text.append("HTTP/1.1 ").append(answer.status()).append(' ').append(answer.reason());
        text.append("\r\nContent-Type: ").append(answer.contentType());
        text.append("\r\nContent-Length: ").append(answer.body().length);
        for (Map.Entry<String, String> field : answer.fields()) {
            text.append("\r\n").append(field.getKey()).append(": ").append(field.getValue());
        }
        text.append("\r\nConnection: close\r\n\r\n");
        Output o = out();
        o.bytes(ascii(text.toString()));
        o.bytes(answer.body());
        linger();
    }

    private void updateReading() {
        if (inputClosed) {
            // Everything was read; Netty has ended its interest in the socket's input for good.
            return;
        }
        boolean wanted = stash == null && !requestPaused;
        if (wanted != reading) {
            reading = wanted;
            channel.config().setAutoRead(wanted);
        }
    }

    // ---- the client side of an exchange

    @Override
    public InetSocketAddress remote() {
        InetSocketAddress address = remote;
        if (address == null) {
            address = (InetSocketAddress) channel.remoteAddress();
            if (address == null) {
                address = InetSocketAddress.createUnresolved("unknown", 0);
            }
            remote = address;
        }
        return address;
    }

    @Override
    public InetSocketAddress local() {
        InetSocketAddress address = local;
        if (address == null) {
            address = (InetSocketAddress) channel.localAddress();
            if (address == null) {
                address = InetSocketAddress.createUnresolved("unknown", 0);
            }
            local = address;
        }
        return address;
    }

    @Override
    public ForwardedClient forwarded() {
        ForwardedClient known = forwarded;
        if (known == null) {
            known = listener.forwarded(remote());
            forwarded = known;
        }
        return known;
    }

    @Override
    public Map<String, Object> connectionData() {
        Map<String, Object> data = connectionData;
        if (data == null) {
            data = new HashMap<>();
            connectionData = data;
        }
        return data;
    }

    @Override
    public boolean firstRequest() {
        return !served;
    }

    @Override
    public boolean secure() {
        return tls != null;
    }

    @Override
    public @Nullable ClientTls tls() {
        return tls;
    }

    @Override
    protected void secured(ClientTls done) {
        tls = done;
        connection.secured(loop.context().ticker().nanos());
    }

    @Override
    public void interim(ResponseHead interim) {
        RequestHead h = head;
        awaitsContinue &= interim.status() != 100;
        if (h != null && !h.http10()) {
            out().head(interim, END, 0);
        }
    }

    @Override
    public void respond(ResponseHead response, long bodyLength) {
        RequestHead h = head;
        boolean http10 = h == null || h.http10();
        if (response.status() == 101) {
            out().head(response, UPGRADE, 0);
            return;
        }
        chunked = bodyLength < 0 && !http10;
        untilClose = bodyLength < 0 && http10;
        closeAfter = !persistent || untilClose || retired || lastOfInput() || bodyComing;
        byte[] tail =
                chunked
                        ? closeAfter ? CHUNKED_CLOSE : CHUNKED
                        : closeAfter ? CLOSE : http10 ? KEEP_ALIVE : END;
        int hint = bodyLength < 0 ? 1024 : (int) Math.min(bodyLength, Integer.MAX_VALUE);
        out().head(response, tail, hint);
    }

    @Override
    public void closeAfterResponse() {
        persistent = false;
    }

    @Override
    public void data(ByteBuf piece) {
        connection.moved(loop.context().nanos());
        if (state == State.CLOSED) {
            piece.release();
        } else if (chunked) {
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
        } else if (chunked) {
            out().lastChunk(trailers);
        }
    }

    @Override
    public void flush() {
        out().flush();
    }

    @Override
    public void flushSoon() {
        out().flushSoon();
    }

    @Override
    public long bytesWritten() {
        return out().total();
    }

    @Override
    public boolean writable() {
        return channel.isWritable();
    }

    @Override
    public void pauseRequest(boolean paused) {
        requestPaused = paused;
        if (!processing) {
            updateReading();
        }
    }

    @Override
    public void tunnel() {
        state = State.TUNNEL;
        bodyComing = false;
        if (!processing) {
            resumeStash();
        }
        if (inputClosed) {
            inputClosed = false;
            clientClosedItsSide();
        }
    }

    @Override
    public void abort() {
        closeAfter = true;
        out().flush();
        cut();
    }

    @Override
    public void finished() {
        exchange = null;
        boolean tunnelled = state == State.TUNNEL;
        giveBackHead();
        if (state == State.CLOSED || !channel.isActive()) {
            return;
        }
        if (tunnelled || bodyComing || closeAfter || retired || lastOfInput()) {
            if (!tunnelled && out().pending()) {
                Closing.joinEnd(channel, loop.transport());
            }
            boolean more = bodyComing || stash != null || processing || retired && persistent;
            if (more && !tunnelled) {
                linger();
            } else {
                closeWhenWritten();
            }
            return;
        }
        out().flushSoon();
        state = State.HEAD;
        served = true;
        requestPaused = false;
        arm(config().keepaliveTimeout().toNanos());
        if (!processing) {
            resumeStash();
            updateReading();
        }
    }

    private void giveBackHead() {
        RequestHead h = head;
        if (h != null) {
            head = null;
            loop.context().giveBack(h);
        }
    }

    @Override
    public ConnectionRecord connection() {
        return connection;
    }

    @Override
    protected void describe(ConnectionListing out) {
        H2ClientConnection next = successor;
        if (next != null) {
            next.describe(out);
            return;
        }
        ConnectionState between =
                state == State.LINGER
                        ? ConnectionState.CLOSING
                        : head == null && served
                                ? ConnectionState.KEEPING_ALIVE
                                : ConnectionState.READING_FROM_CLIENT;
        out.http(channel.id().asShortText(), "http", this, bytesWritten(), exchange, between);
    }

    // ---- closing

    @Override
    protected void retire(boolean atOnce) {
        retired = true;
        H2ClientConnection next = successor;
        if (next != null) {
            next.retire(atOnce);
        } else if (atOnce) {
            cut();
        } else if (state == State.HEAD && head == null) {
            closeWhenWritten();
        }
    }

    private void closeWhenWritten() {
        state = State.LINGER;
        out().flush();
        if (unsentBytes() == 0) {
            if (config().tcp().closeWithReset()) {
                Closing.resetOnClose(channel);
            }
            channel.close();
        } else {
            arm(ClientPace.LOOK_NANOS);
            Closing.closeWhenWritten(channel);
        }
    }

    /**
     * Closes our side first and throws away what the client still sends for a while: closing a
     * socket with unread bytes would reset it, and the client might lose the response (RFC 9112
     * section 9.6).
     */
    private void linger() {
        state = State.LINGER;
        requestPaused = false;
        ByteBuf waiting = stash;
        if (waiting != null) {
            stash = null;
            waiting.release();
        }
        Output o = out();
        o.flush();
        if (inputClosed) {
            closeWhenWritten();
            return;
        }
        Closing.shutDownOutputWhenWritten(channel);
        arm(LINGER_NANOS);
        if (!processing) {
            updateReading();
        }
    }

    /** Closes at once; a response without a length is reset, so that it does not look complete. */
    private void cut() {
        if (untilClose && (exchange != null || unsentBytes() > 0)) {
            Closing.resetOnClose(channel);
        }
        Closing.cut(channel);
    }

    private long unsentBytes() {
        return Closing.unsentBytes(channel);
    }

    // ---- time

    private void arm(long nanos) {
        LoopContext context = loop.context();
        if (nanos == 0) {
            context.deadlines().cancel(watch);
        } else {
            context.deadlines().set(watch, context.nanos(), nanos);
        }
    }

    private final class Watch extends Deadline {
        @Override
        protected void expired() {
            look();
        }
    }

    private void look() {
        switch (state) {
            case HEAD -> {
                if (unsentBytes() > 0) {
                    watchSlowReader();
                } else if (head != null && head.begun()) {
                    refuse408();
                } else {
                    closeWhenWritten();
                }
            }
            case EXCHANGE, TUNNEL -> watchExchange();
            case LINGER -> {
                if (unsentBytes() > 0) {
                    watchSlowReader();
                } else {
                    channel.close();
                }
            }
            case HANDED_OVER, CLOSED -> {}
        }
    }

    private void refuse408() {
        VirtualServer server = listener.server();
        TrafficFault late =
                new TrafficFault.ClientTimedOut("the request head did not come within its time");
        server.account().refused(loop.context(), late);
        giveBackHead();
        out().bytes(
                        ascii(
                                "HTTP/1.1 408 Request Timeout\r\n"
                                        + "Content-Length: 0\r\nConnection: close\r\n\r\n"));
        linger();
    }

    /** Looks whether anything moves, and whether the client is fast enough. */
    private void watchExchange() {
        Exchange x = exchange;
        if (x == null) {
            return;
        }
        VirtualServerConfig config = config();
        TrafficFault fault =
                pace.judge(
                        config,
                        x.record(),
                        loop.context().nanos(),
                        Closing.pendingBytes(channel),
                        bodyComing && !requestPaused && !awaitsContinue,
                        bodyComing && !requestPaused,
                        state == State.TUNNEL);
        if (fault != null) {
            x.fail(fault);
        } else {
            arm(ClientPace.nextLook(config));
        }
    }

    private void watchSlowReader() {
        if (pace.stuck(config().limits(), loop.context().nanos(), unsentBytes())) {
            cut();
        } else {
            arm(ClientPace.LOOK_NANOS);
        }
    }
}
