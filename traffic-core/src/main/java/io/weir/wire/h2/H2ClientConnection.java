package io.weir.wire.h2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.weir.config.Http2Config;
import io.weir.config.VirtualServerConfig;
import io.weir.config.VirtualServerConfig.Limits;
import io.weir.exchange.Exchange;
import io.weir.exchange.VirtualServer;
import io.weir.explain.ConnectionState;
import io.weir.fault.TrafficFault;
import io.weir.http.Defect;
import io.weir.http.Framing;
import io.weir.http.RequestHead;
import io.weir.http.ResponseHead;
import io.weir.wire.ClientHome;
import io.weir.wire.ClientPace;
import io.weir.wire.Closing;
import io.weir.wire.ConnectionListing;
import io.weir.wire.Delivery;

import java.util.Locale;

/**
 * A client's HTTP/2 connection: makes an {@link Exchange} of every stream. Confined to one event
 * loop.
 */
public final class H2ClientConnection extends H2Connection {

    /** Room for the connection as a whole, at least. */
    private static final int CONNECTION_WINDOW = 1 << 20;

    /** The same in windows of a stream, so that one that is stuck does not block the others. */
    private static final int STREAM_WINDOWS = 4;

    /** Waiting bytes of all streams, in buffers of one; beyond, each stream may have one piece. */
    private static final int BUFFERS = 16;

    /** What a request counts whose head is too large: it has been decoded all the same. */
    private static final int LARGE_HEAD_COST = 50;

    /** Answers that wait in the socket, in buffers of one stream, before no more is read. */
    private static final int UNREAD = 4;

    /** What asks a client whether it has heard of the coming end. */
    private static final long GRACE = 0x77656972_62796521L;

    /** How long the answer may take. */
    private static final long GRACE_NANOS = 1_000_000_000L;

    /** What the longest field list costs beyond the head that it makes. */
    private static final int FIELD_OVERHEAD = 32;

    private enum Leaving {
        NO,
        /** The client was told; streams that it begins before it knows are served. */
        ANNOUNCED,
        /** No further streams. */
        DRAINING
    }

    private final ClientHome home;
    private final Http2Config http2;
    private final RequestFields fields = new RequestFields();
    private final boolean webSockets;
    final Beginnings beginnings;

    private int last;
    private int seen;
    private boolean held;
    private long units;
    private long idleSince;
    private long partialSince;
    private Leaving leaving = Leaving.NO;
    private boolean looksSoon;
    private final ClientPace pace = new ClientPace();

    public H2ClientConnection(ClientHome home, Channel channel) {
        super(channel, home.context(), settings(home.server().config()));
        this.home = home;
        this.http2 = home.server().config().http2();
        this.webSockets = home.server().config().upgrade();
        this.beginnings = new Beginnings(this, home);
    }

    private static H2Settings settings(VirtualServerConfig config) {
        Http2Config h2 = config.http2();
        Limits limits = config.limits();
        return new H2Settings(
                h2.streamWindow(),
                Math.max(CONNECTION_WINDOW, STREAM_WINDOWS * h2.streamWindow()),
                h2.maxFrameSize(),
                h2.headerTableSize(),
                limits.maxHeaderLength() + FIELD_OVERHEAD * (limits.maxHeaders() + 4),
                h2.maxResets(),
                h2.maxControlFrames());
    }

    /**
     * Begins to serve, once the handler stands in its pipeline and the preface has been read.
     *
     * @param in what came behind the preface; the connection becomes its owner
     */
    public void start(ByteBuf in) {
        idleSince = loop.nanos();
        pace.begin(loop.nanos());
        announce(
                Frames.MAX_CONCURRENT_STREAMS,
                http2.maxConcurrentStreams(),
                Frames.ENABLE_CONNECT_PROTOCOL,
                webSockets ? 1 : 0);
        armSoon();
        read(in);
    }

    /** Reads on only while the client takes its answers, of which some need no stream. */
    @Override
    void read(ByteBuf in) {
        home.client().record().came(loop.nanos(), in.readableBytes());
        super.read(in);
        int held = ending() ? 0 : unfinishedBytes();
        if (held > 0) {
            home.unfinished(held);
        } else {
            home.finished();
        }
        holdBack();
    }

    /** Others need the memory of a frame whose rest does not come. */
    public void giveWay() {
        String why = "the rest of a frame did not come, and others needed its memory";
        fail(new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, why));
    }

    private void holdBack() {
        if (!held
                && !ending()
                && !channel.isWritable()
                && Closing.pendingBytes(channel)
                        > UNREAD * (long) channel.config().getWriteBufferHighWaterMark()) {
            held = true;
            channel.config().setAutoRead(false);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        super.channelWritabilityChanged(ctx);
        if (held && channel.isWritable()) {
            held = false;
            channel.config().setAutoRead(true);
        }
    }

    ClientHome home() {
        return home;
    }

    VirtualServerConfig config() {
        return home.server().config();
    }

    /** Tells what each stream is doing, or that there is none. */
    public void describe(ConnectionListing to) {
        String id = channel.id().asShortText();
        if (streams.isEmpty()) {
            ConnectionState state =
                    ending() || leaving != Leaving.NO
                            ? ConnectionState.CLOSING
                            : ConnectionState.KEEPING_ALIVE;
            to.http(id, "h2", home, 0, null, state);
        }
        for (H2Stream stream : streams.values()) {
            ((ClientStream) stream).describe(id + "/" + stream.id, to);
        }
    }

    /** Whether a stream with {@code waiting} bytes must not get more. */
    boolean tooMuchWaits(int waiting, int ahead, int most) {
        return waiting > 0 && (waiting >= ahead || sending().waiting() >= BUFFERS * most);
    }

    // ---- what the client says

    @Override
    boolean idle(int id) {
        return (id & 1) == 0 || id > seen;
    }

    @Override
    void headers(int id, boolean end, ByteBuf block) throws ConnectionError {
        H2Stream known = streams.get(id);
        if (known != null) {
            trailers((ClientStream) known, end, block);
            return;
        }
        if ((id & 1) == 0) {
            throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, "a client's stream has an even id");
        }
        seen = id;
        if (leaving != Leaving.DRAINING) {
            last = id;
        }
        VirtualServer server = home.server();
        RequestHead head = loop.requestHead();
        // What was offered when the connection began may not be served any more.
        boolean upgrades = webSockets && server.config().upgrade();
        fields.start(head, server.config().limits(), upgrades);
        boolean within = decoder.decode(id, block, fields);
        if (leaving == Leaving.DRAINING) {
            loop.giveBack(head);
            guard.useless(1, "HEADERS behind GOAWAY", loop.nanos());
            refuseStream(id, ErrorCode.REFUSED_STREAM);
            return;
        }
        Defect defect = within ? fields.finish() : Defect.HEAD_TOO_LARGE;
        fields.done();
        if (defect == null && end && Framing.contentLength(head) > 0) {
            defect = Defect.TRUNCATED;
        }
        if (defect != null) {
            loop.giveBack(head);
            refuse(id, end, defect);
        } else if (streams.size() >= http2.maxConcurrentStreams()) {
            loop.giveBack(head);
            guard.useless(10, "HEADERS beyond max-concurrent-streams", loop.nanos());
            refuseStream(id, ErrorCode.REFUSED_STREAM);
        } else {
            begin(id, end, head, server);
        }
    }

    private void begin(int id, boolean end, RequestHead head, VirtualServer server)
            throws ConnectionError {
        boolean webSocket = fields.webSocket();
        long declared = Framing.contentLength(head);
        long length = end || webSocket ? 0 : declared >= 0 ? declared : Framing.CHUNKED;
        Limits limits = server.config().limits();
        if (limits.maxBodyLength() > 0 && length > limits.maxBodyLength()) {
            loop.giveBack(head);
            refuse(id, end, Defect.BODY_TOO_LARGE);
            return;
        }
        ClientStream stream =
                new ClientStream(
                        this,
                        id,
                        sending().initialWindow(),
                        receiveWindow(),
                        webSocket,
                        webSocket ? 0 : limits.maxBodyLength(),
                        server.config().maxServerBuffer());
        stream.remoteClosed = end;
        streams.put(id, stream);
        if (!looksSoon) {
            armSoon();
        }
        stream.request(head, length);
        beginnings.add(stream);
    }

    /**
     * Whatever the client had to say for now has been read: its requests are sent on their way. Not
     * before, so that one that is given up in the same breath costs next to nothing.
     */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        beginnings.turn();
        super.channelReadComplete(ctx);
        holdBack();
    }

    /** The exchange of {@code stream}, which is to begin now. */
    Exchange exchange(ClientStream stream, RequestHead head, long length) {
        home.client().record().requestBegins();
        return new Exchange(home.server(), loop, home.nodes(), stream, head, length);
    }

    private void trailers(ClientStream stream, boolean end, ByteBuf block) throws ConnectionError {
        TrailerFields trailers = new TrailerFields();
        boolean within = decoder.decode(stream.id, block, trailers);
        if (stream.remoteClosed) {
            failStream(stream, ErrorCode.STREAM_CLOSED);
        } else if (!end || !within || !trailers.good()) {
            malformed(stream, "a malformed trailer section");
        } else {
            stream.remoteClosed = true;
            stream.ended(trailers.fields());
            stream.readComplete();
            closeIfDone(stream);
        }
    }

    /** What no strict reader accepts: the stream ends (RFC 9113 section 8.1.1). */
    void malformed(ClientStream stream, String why) throws ConnectionError {
        home.server().account().connectionFault(loop, "h2_malformed", why);
        failStream(stream, ErrorCode.PROTOCOL_ERROR);
    }

    /** Refuses a request of which no exchange was made. */
    private void refuse(int id, boolean end, Defect defect) throws ConnectionError {
        TrafficFault fault = new TrafficFault.ClientBroke(defect.status(), defect.text());
        home.server().account().refused(loop, home.client().refused(fault, "HTTP/2.0", null));
        if (defect.status() == 400) {
            refuseStream(id, ErrorCode.PROTOCOL_ERROR);
            guard.reset(loop.nanos());
            return;
        }
        ResponseHead answer = loop.responseHead();
        answer.setStatus(defect.status(), "");
        int length = encoder.response(answer, defect.status(), firstBlock());
        loop.giveBack(answer);
        out().headers(id, encoder.block(), length, true);
        if (!end) {
            refuseStream(id, ErrorCode.NO_ERROR);
        }
        int cost = defect == Defect.HEAD_TOO_LARGE ? LARGE_HEAD_COST : 10;
        guard.useless(cost, "refused requests", loop.nanos());
    }

    @Override
    void peerSetting(int id, long value) {}

    @Override
    void goneAway(int lastOfOurs, long code) {
        // We begin no streams; the client ends the connection when it likes.
    }

    // ---- the end

    @Override
    void broken(ConnectionError error) {
        home.server()
                .account()
                .connectionFault(
                        loop, "h2_" + error.code().name().toLowerCase(Locale.ROOT), error.text());
    }

    @Override
    int lastStream() {
        return last;
    }

    @Override
    void gone() {
        home.closed();
    }

    @Override
    void streamClosed(H2Stream stream) {
        beginnings.ended((ClientStream) stream);
        if (streams.isEmpty()) {
            idleSince = loop.nanos();
            if (leaving == Leaving.DRAINING) {
                end(ErrorCode.NO_ERROR, "the connection is retired");
            }
        }
    }

    /** No further stream is taken; those that run end first, unless {@code atOnce}. */
    public void retire(boolean atOnce) {
        if (atOnce) {
            end(ErrorCode.NO_ERROR, "Weir stops");
            channel.close();
        } else if (leaving == Leaving.NO && !ending()) {
            leaving = Leaving.ANNOUNCED;
            out().goAway(Integer.MAX_VALUE, ErrorCode.NO_ERROR);
            out().ping(false, GRACE);
            flush();
            arm(GRACE_NANOS);
        }
    }

    @Override
    void settingsInForce() {}

    @Override
    void pong(long payload) {
        if (payload == GRACE && leaving == Leaving.ANNOUNCED) {
            drain();
        }
    }

    private void drain() {
        leaving = Leaving.DRAINING;
        if (streams.isEmpty()) {
            end(ErrorCode.NO_ERROR, "the connection is retired");
        } else {
            out().goAway(last, ErrorCode.NO_ERROR);
            flush();
        }
    }

    // ---- time

    private void armSoon() {
        looksSoon = true;
        arm(ClientPace.nextLook(config()));
    }

    @Override
    void look() {
        looksSoon = false;
        long now = loop.nanos();
        if (leaving == Leaving.ANNOUNCED) {
            drain();
            if (ending()) {
                return;
            }
        }
        beginnings.look(now);
        if (ending()) {
            return;
        }
        // Where the kernel does not tell, streams wait when the socket is full, and are judged.
        Delivery unread = Delivery.known(channel);
        if (unread != null && pace.stuck(config(), now, unread)) {
            cutOff("answers were read too slowly");
            return;
        }
        boolean partial = partial();
        long before = units;
        units = units();
        if (!partial) {
            partialSince = 0;
        } else if (partialSince == 0 || units != before) {
            partialSince = now;
        }
        VirtualServerConfig config = config();
        long patience = config.connectTimeout().toNanos();
        if (partial && patience > 0 && now - partialSince >= patience) {
            fail(new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, "a frame came too slowly"));
        } else if (streams.isEmpty() && !partial && (unread == null || !unread.much())) {
            long idle = http2.idleTimeout().toNanos();
            if (idle > 0 && now - idleSince >= idle) {
                end(ErrorCode.NO_ERROR, "idle");
            } else if (idle > 0) {
                arm(idle - (now - idleSince));
            }
        } else {
            armSoon();
        }
    }
}
