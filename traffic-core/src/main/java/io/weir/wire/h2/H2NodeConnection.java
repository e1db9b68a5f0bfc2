package io.weir.wire.h2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import io.weir.config.PoolConfig;
import io.weir.exchange.Attempts;
import io.weir.exchange.LoopContext;
import io.weir.pool.Lease;
import io.weir.pool.NodeFailure;
import io.weir.pool.PoolNode;
import io.weir.tls.NodeTls;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetSocketAddress;

/**
 * A connection to a node that speaks HTTP/2; every exchange on it is a stream. Confined to one
 * event loop.
 */
public final class H2NodeConnection extends H2Connection {

    private static final Logger LOG = LoggerFactory.getLogger(H2NodeConnection.class);

    /** Streams at once until the node says how many it takes. */
    private static final int STREAMS_AT_FIRST = 100;

    private static final int MAX_HEADER_LIST = 64 * 1024;
    private static final int STREAM_WINDOW = 256 * 1024;

    /** More than all streams may hold together: clients that do not read stop no others. */
    private static final int CONNECTION_WINDOW = 1 << 30;

    /** Streams at once, whatever the node allows; what they hold fits half of the window. */
    private static final int MOST_STREAMS = 1000;

    /** Nodes are trusted to mean well, and not to be reasonable. */
    private static final int MAX_RESETS = 100_000;

    private static final int MAX_USELESS = 100_000;

    private final NodeHome home;
    private final PoolNode node;
    private final @Nullable NodeTls tls;
    private PoolConfig config;
    final ResponseFields fields = new ResponseFields();
    private long maxStreams = STREAMS_AT_FIRST;
    private int next = 1;
    private int answeredStreams;
    private boolean leaving;
    private long heard;
    private boolean open;
    private boolean secure;
    private final AwaitedSettings awaited = new AwaitedSettings(this);
    private boolean settingsCame;
    private boolean webSockets;

    /**
     * @param tls that the connection is made with; null for none
     */
    public H2NodeConnection(
            NodeHome home,
            LoopContext loop,
            PoolNode node,
            PoolConfig config,
            @Nullable NodeTls tls,
            Channel channel) {
        super(
                channel,
                loop,
                new H2Settings(
                        STREAM_WINDOW,
                        CONNECTION_WINDOW,
                        Frames.SMALLEST_MAX_FRAME,
                        Frames.DEFAULT_TABLE,
                        MAX_HEADER_LIST,
                        MAX_RESETS,
                        MAX_USELESS));
        this.home = home;
        this.node = node;
        this.config = config;
        this.tls = tls;
    }

    public PoolNode node() {
        return node;
    }

    /** What the connection was made with; null for none. */
    public @Nullable NodeTls tls() {
        return tls;
    }

    /** Whether no exchange runs on the connection. */
    public boolean unused() {
        return streams.isEmpty() && awaited.count() == 0;
    }

    /**
     * The connection has been made.
     *
     * @param announcement bytes that go first; empty for none
     */
    public void start(byte[] announcement) {
        open = true;
        heard = loop.nanos();
        secure = channel.pipeline().get(SslHandler.class) != null;
        if (announcement.length > 0) {
            out().raw(announcement);
        }
        out().raw(Preface.octets());
        announce(Frames.ENABLE_PUSH, 0);
        flush();
        armIdle();
    }

    /** Whether HTTP/2 may be spoken: over TLS only when the node has agreed (RFC 9113 3.2). */
    public boolean agreed() {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        return tls == null || "h2".equals(tls.applicationProtocol());
    }

    /** Whether the node is spoken to over TLS. */
    boolean secure() {
        return secure;
    }

    /** Whether another exchange may begin on the connection. */
    public boolean hasRoom() {
        return open
                && !leaving
                && !ending()
                && streams.size() + awaited.count() < maxStreams
                && next > 0
                && channel.isActive()
                && channel.remoteAddress() instanceof InetSocketAddress address
                && node.hasAddress(address);
    }

    /** Begins a stream for {@code x}, as soon as it is known whether the node takes it. */
    public void lend(Attempts x, Lease lease) {
        config = lease.config();
        if (x.acceptsUpgrade() && !webSockets) {
            if (settingsCame) {
                x.nodeLacks(
                        "no WebSocket over HTTP/2 (SETTINGS_ENABLE_CONNECT_PROTOCOL, RFC 8441)");
            } else {
                awaited.add(x, lease);
            }
            return;
        }
        NodeStream stream =
                new NodeStream(
                        this,
                        next,
                        sending().initialWindow(),
                        receiveWindow(),
                        config,
                        answeredStreams > 0,
                        x.server().config().maxClientBuffer());
        next += 2;
        streams.put(stream.id, stream);
        stream.lend(x);
    }

    /** No further exchange begins here; the connection ends when nothing runs on it any more. */
    public void leave() {
        if (!leaving) {
            leaving = true;
            if (unused() && !ending()) {
                arm(1);
            }
        }
    }

    /** Closes at once; what runs on the connection has failed. */
    public void close() {
        if (open) {
            end(ErrorCode.NO_ERROR, "was cut off by Weir");
        }
        channel.close();
    }

    @Override
    void read(ByteBuf in) {
        heard = loop.nanos();
        super.read(in);
    }

    /**
     * A request has waited in vain since {@code then}. Where nothing else has come either, the node
     * may have gone without a word, and TCP would take long to find out: no more is sent after it.
     */
    void waitedSince(long then) {
        if (heard - then <= 0) {
            leave();
        }
    }

    @Override
    void headers(int id, boolean end, ByteBuf block) throws ConnectionError {
        H2Stream stream = streams.get(id);
        if (stream == null) {
            throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, "an answer that nobody asked for");
        }
        answeredStreams = 1;
        ((NodeStream) stream).headers(end, block);
        stream.readComplete();
        closeIfDone(stream);
    }

    @Override
    boolean idle(int id) {
        return (id & 1) == 0 || id >= next;
    }

    @Override
    void goneAway(int last, long code) {
        leaving = true;
        for (H2Stream stream : streams.values().toArray(new H2Stream[0])) {
            if (stream.id > last) {
                reset(stream, ErrorCode.CANCEL);
                ((NodeStream) stream).refused();
            }
        }
        if (streams.isEmpty()) {
            close();
        }
    }

    @Override
    void peerSetting(int id, long value) {
        if (id == Frames.MAX_CONCURRENT_STREAMS) {
            maxStreams = Math.min(value, MOST_STREAMS);
        } else if (id == Frames.ENABLE_CONNECT_PROTOCOL) {
            webSockets = value == 1;
        }
    }

    @Override
    void settingsInForce() {
        settingsCame = true;
        awaited.came(home);
    }

    @Override
    void pong(long payload) {}

    @Override
    void broken(ConnectionError error) {
        LOG.debug("node {} broke a rule of HTTP/2: {}", node.address(), error.text());
    }

    @Override
    void streamClosed(H2Stream stream) {
        if (unused() && !ending()) {
            if (leaving) {
                end(ErrorCode.NO_ERROR, "is leaving");
            } else {
                armIdle();
            }
        }
    }

    private void armIdle() {
        arm(config.keepalive() ? config.idleNanos() : 1);
    }

    @Override
    void look() {
        if (unused()) {
            end(ErrorCode.NO_ERROR, "is idle");
        }
    }

    @Override
    int lastStream() {
        return 0;
    }

    @Override
    void gone() {
        awaited.failed(NodeFailure.CLOSED_EARLY, "closed before it had sent its HTTP/2 settings");
        home.closed(this);
    }
}
