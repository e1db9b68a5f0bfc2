package io.weir.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.weir.config.VirtualServerConfig;
import io.weir.exchange.Exchange;
import io.weir.exchange.VirtualServer;
import io.weir.explain.ConnectionState;
import io.weir.fault.TrafficFault;
import io.weir.http.BodyReader;
import io.weir.http.Defect;
import io.weir.http.RequestHead;
import io.weir.tls.ClientTls;
import io.weir.wire.h2.H2ClientConnection;
import io.weir.wire.h2.Preface;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * A client's HTTP/1 connection: reads requests one after the other and makes an {@link Exchange} of
 * each, which answers through the {@link HttpClientSide}. Bytes behind a request wait in the {@link
 * Intake} until its response is complete. Confined to one event loop.
 */
final class HttpClientConnection extends ClientConnection implements UnfinishedHeads.Owner {

    private static final Logger LOG = LoggerFactory.getLogger(HttpClientConnection.class);

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

    private final WireLoop loop;
    private final Channel channel;
    private final ConnectedClient client;
    private final ClientHome home;
    private final HttpClientSide side;
    private final Intake intake;
    private final RequestReader request;
    private final ClientWatch watch;
    private final ClientEnding ending;
    private final Refusals refusals;

    private State state = State.HEAD;
    private @Nullable H2ClientConnection successor;
    private @Nullable Exchange exchange;
    private boolean served;
    private boolean retired;

    HttpClientConnection(Listener listener, Gate gate, WireLoop loop, Channel channel) {
        super(channel);
        this.loop = loop;
        this.channel = channel;
        this.client = new ConnectedClient(listener, channel);
        this.home = new ClientHome(this, client, listener, gate, loop);
        this.intake = new Intake(channel);
        this.request = new RequestReader(home);
        this.side = new HttpClientSide(this, client, channel, loop.context(), intake, request);
        this.watch = new ClientWatch(this, loop.context(), channel);
        this.ending = new ClientEnding(channel, side, intake, watch);
        this.refusals = new Refusals(home, side, request);
    }

    @Override
    protected Listener listener() {
        return home.listener();
    }

    private VirtualServerConfig config() {
        return home.config();
    }

    // ---- the channel

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        side.open(loop.output(ctx));
    }

    @Override
    protected void proxied(InetSocketAddress from, InetSocketAddress to) {
        client.proxied(from, to);
    }

    @Override
    protected void secured(ClientTls done) {
        client.secured(done);
        client.record().secured(loop.context().ticker().nanos());
    }

    @Override
    protected void describe(ConnectionListing out) {
        if (successor != null) {
            successor.describe(out);
            return;
        }
        boolean idle = request.idle() && served;
        ConnectionState between =
                state == State.LINGER
                        ? ConnectionState.CLOSING
                        : idle
                                ? ConnectionState.KEEPING_ALIVE
                                : ConnectionState.READING_FROM_CLIENT;
        String id = channel.id().asShortText();
        out.http(id, "http", home, side.bytesWritten(), exchange, between);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        loop.context().tick();
        home.opened();
        watch.await(config().connectTimeout().toNanos(), false);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        loop.context().tick();
        ByteBuf piece = (ByteBuf) message;
        client.record().came(loop.context().nanos(), piece.readableBytes());
        ByteBuf in = intake.behindWaiting(piece);
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
        switch (request.idle() && config().http2().enabled() ? Preface.in(in) : Preface.Seen.NO) {
            case NO -> {
                return false;
            }
            // One letter could still become POST: a few bytes more will tell.
            case BEGINNING -> intake.keep(in);
            case WHOLE -> {
                state = State.HANDED_OVER;
                watch.forget();
                H2ClientConnection next = new H2ClientConnection(home, channel);
                successor = next;
                ctx.pipeline().replace(this, null, next);
                next.start(Preface.skip(in));
            }
        }
        return true;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        handedOn();
    }

    /** What the client had to say for now has been handed on. */
    private void handedOn() {
        Exchange x = exchange;
        if (x != null) {
            x.clientReadComplete();
        }
        side.flushSoon();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        Exchange x = exchange;
        if (channel.isWritable() && x != null) {
            x.clientWritable();
        } else if (channel.isWritable() && !intake.busy()) {
            processWaiting();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnds();
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
            inputEnds();
        }
    }

    private void inputEnds() {
        if (intake.end()) {
            clientClosedItsSide();
        }
    }

    private void clientClosedItsSide() {
        Exchange x = exchange;
        switch (state) {
            case TUNNEL -> {
                if (x != null) {
                    x.end(null);
                    x.clientReadComplete();
                }
            }
            case EXCHANGE -> {
                if (request.bodyComing() && x != null) {
                    x.clientLost(new TrafficFault.ClientGone("the client closed inside its body"));
                    channel.close();
                }
            }
            case HEAD -> {
                // What waits before the first request is the beginning of a preface.
                if (!intake.waits() || !served) {
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
        side.out().drop();
        intake.drop();
        request.giveBackHead();
        watch.forget();
        home.closed();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (Closing.isBadTls(cause)) {
            LOG.debug("{}: {}", home.listener(), cause.getMessage());
        } else if (!(cause instanceof IOException)) {
            LOG.error("defect in the client side of {}", home.listener(), cause);
        }
        Closing.cut(channel);
    }

    // ---- reading requests

    private void process(ByteBuf in) {
        intake.taking();
        try {
            readOn(in);
        } finally {
            intake.taken(in, state != State.CLOSED);
        }
        intake.update();
        if (state == State.HEAD && intake.exhausted()) {
            closeWhenWritten();
        }
    }

    /** Goes on with what came behind the last request. */
    private void processWaiting() {
        ByteBuf waiting = intake.take();
        if (waiting != null) {
            process(waiting);
            handedOn();
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
                        case LINGER, HANDED_OVER, CLOSED -> {
                            if (ending.throwAway(in) && state == State.LINGER) {
                                cut();
                            }
                            yield true;
                        }
                    };
        }
    }

    private boolean readHead(ByteBuf in) {
        if (!channel.isWritable()) {
            // A client that does not read its answers gets no further ones made.
            return false;
        }
        boolean begun = request.begun();
        if (!begun) {
            client.record().headBegins(loop.context().nanos());
        }
        switch (request.readHead(in, config().limits())) {
            case NEED_MORE -> {
                if (!begun && served) {
                    watch.await(config().connectTimeout().toNanos(), side.large());
                }
                return false;
            }
            case BROKEN -> {
                refusals.broken();
                linger();
            }
            case COMPLETE -> begin(request.head());
        }
        return true;
    }

    private void begin(RequestHead head) {
        VirtualServer server = home.server();
        side.begin(head, server.config().keepalive());
        intake.forgetPause();
        state = State.EXCHANGE;
        Exchange x =
                new Exchange(server, loop.context(), loop.nodes(), side, head, request.length());
        exchange = x;
        client.record().requestBegins();
        watch.begin(x);
        x.begin();
    }

    private boolean readBody(ByteBuf in) {
        Exchange x = exchange;
        if (x == null || !request.bodyComing()) {
            return false;
        }
        BodyReader.Progress progress = request.readBody(in, x);
        if (progress == BodyReader.Progress.BROKEN) {
            Defect defect = request.defect();
            in.skipBytes(in.readableBytes());
            x.fail(new TrafficFault.ClientBroke(defect.status(), defect.text()));
            return true;
        }
        return progress == BodyReader.Progress.COMPLETE;
    }

    // ---- what the client side of an exchange asks and wants

    /** Whether a request was answered before the one that is on its way. */
    boolean served() {
        return served;
    }

    boolean gone() {
        return state == State.CLOSED;
    }

    boolean tunnels() {
        return state == State.TUNNEL;
    }

    /** Whether no request can follow the one that is on its way. */
    boolean mustClose() {
        return retired || intake.exhausted() || request.bodyComing();
    }

    /** From now on bytes go both ways. */
    void tunnel() {
        state = State.TUNNEL;
        request.forgetBody();
        if (!intake.busy()) {
            processWaiting();
        }
        if (intake.ended()) {
            clientClosedItsSide();
        }
    }

    /** The exchange is over: the next request is read, or the connection ends. */
    void exchangeOver() {
        exchange = null;
        boolean tunnelled = state == State.TUNNEL;
        request.giveBackHead();
        if (state == State.CLOSED || !channel.isActive()) {
            return;
        }
        if (tunnelled || side.closesAfter() || mustClose()) {
            boolean more = request.bodyComing() || side.clientGoesOn();
            state = State.LINGER;
            ending.behindResponse(config(), tunnelled, more, loop.transport());
            return;
        }
        side.flushSoon();
        state = State.HEAD;
        served = true;
        intake.forgetPause();
        watch.await(config().keepaliveTimeout().toNanos(), side.large());
        if (!intake.busy()) {
            processWaiting();
            intake.update();
        }
    }

    // ---- closing

    @Override
    protected void retire(boolean atOnce) {
        retired = true;
        if (successor != null) {
            successor.retire(atOnce);
        } else if (atOnce) {
            cut();
        } else if (state == State.HEAD && request.idle()) {
            closeWhenWritten();
        }
    }

    private void closeWhenWritten() {
        request.giveBackHead();
        state = State.LINGER;
        ending.closeWhenWritten(config());
    }

    private void linger() {
        state = State.LINGER;
        ending.linger(config());
    }

    @Override
    public void giveWay() {
        if (successor != null) {
            successor.giveWay();
        } else {
            refusals.givesWay();
            linger();
        }
    }

    /** Closes at once. */
    void cut() {
        ending.cut(exchange != null);
    }

    // ---- time

    /** The {@link ClientWatch} says that it is time to look at the connection. */
    void look() {
        switch (state) {
            case HEAD, LINGER -> {
                if (state == State.HEAD && request.begun() && !watch.mayWait()) {
                    refusals.late();
                    linger();
                } else if (ending.owes()) {
                    if (!watch.takesItsBytes(config(), side.delivery())) {
                        Closing.resetOnClose(channel);
                        cut();
                    }
                } else if (state == State.LINGER) {
                    channel.close();
                } else if (!request.begun() && !watch.mayWait()) {
                    closeWhenWritten();
                }
            }
            case EXCHANGE, TUNNEL -> {
                Exchange x = exchange;
                if (x != null) {
                    boolean tunnel = state == State.TUNNEL;
                    watch.judge(x, config(), request, intake, tunnel, side.delivery());
                }
            }
            case HANDED_OVER, CLOSED -> {}
        }
    }
}
