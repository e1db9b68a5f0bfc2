package io.weir.wire.h2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.collection.IntObjectHashMap;
import io.weir.exchange.LoopContext;
import io.weir.time.DeadlineWheel.Deadline;
import io.weir.wire.Closing;
import io.weir.wire.Delivery;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLException;

/**
 * What both ends of an HTTP/2 connection have in common: streams, windows, settings, and the answer
 * to every frame that breaks a rule (RFC 9113). Nothing is sent before the current batch of events
 * is over, so that many streams share one write. Confined to one event loop.
 */
abstract class H2Connection extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(H2Connection.class);

    /** How long a closing connection is listened to, so that the GOAWAY is not lost. */
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Bytes that are gathered at most while there is more to read. */
    private static final int UNFLUSHED = 64 * 1024;

    /** How often a peer that reads on is waited for, when the connection ends in good order. */
    private static final int MAX_LINGERS = 60;

    final Channel channel;
    final LoopContext loop;
    final H2Settings settings;
    final FloodGuard guard;
    final HeaderEncoder encoder = new HeaderEncoder();
    final HeaderDecoder decoder;
    final IntObjectHashMap<H2Stream> streams = new IntObjectHashMap<>();
    final Deadline watch = new Watch();
    private final Runnable flushLater = this::flushNow;
    private final List<H2Stream> touched = new ArrayList<>();
    private @Nullable FrameReader frames;
    private @Nullable FrameWriter out;
    private @Nullable SendFlow sending;
    private final FrameDispatcher dispatcher;
    final ReceiveFlow receiving;
    private boolean encoded;
    private boolean reading;
    private boolean flushing;
    private boolean ending;
    private boolean closed;
    private int repliesWhileFull;
    private int lingers;
    private long lingering = Long.MAX_VALUE;

    H2Connection(Channel channel, LoopContext loop, H2Settings settings) {
        this.channel = channel;
        this.loop = loop;
        this.settings = settings;
        this.guard = new FloodGuard(settings.maxResets(), settings.maxUseless(), loop.nanos());
        this.decoder = new HeaderDecoder(settings.maxHeaderList());
        this.dispatcher = new FrameDispatcher(this);
        this.receiving = new ReceiveFlow(this);
    }

    // ---- what the two ends do differently

    /** A whole field block has come; it must be decoded, whatever becomes of the stream. */
    abstract void headers(int id, boolean end, ByteBuf block) throws ConnectionError;

    /** Whether the peer may ever use the number {@code id}, and has not done so yet. */
    abstract boolean idle(int id);

    /** The peer will take no stream behind {@code last}. */
    abstract void goneAway(int last, long code);

    /** The peer says what we may do. */
    abstract void peerSetting(int id, long value);

    /** All settings of a frame of the peer are in force. */
    abstract void settingsInForce();

    /** The peer has answered a PING of ours. */
    abstract void pong(long payload);

    /** The peer broke a rule or the bounds: the connection is going to be closed. */
    abstract void broken(ConnectionError error);

    /** A stream is over and forgotten. */
    abstract void streamClosed(H2Stream stream);

    /** The time of {@link #watch} has come. */
    abstract void look();

    /** The connection has gone. */
    abstract void gone();

    /** The number of the last stream that we take part in, for GOAWAY. */
    abstract int lastStream();

    // ---- state

    FrameWriter out() {
        FrameWriter o = out;
        if (o == null) {
            throw new IllegalStateException("nothing can be written before the handler is added");
        }
        return o;
    }

    SendFlow sending() {
        SendFlow s = sending;
        if (s == null) {
            throw new IllegalStateException("nothing can be sent before the handler is added");
        }
        return s;
    }

    /** Whether the connection is closed, or is going to be. */
    boolean ending() {
        return ending || closed;
    }

    /** Whether a frame or a field block has begun and not ended. */
    boolean partial() {
        FrameReader f = frames;
        return f != null && f.partial() || dispatcher.inBlock();
    }

    /** Bytes that a frame and a field block hold whose rest has not come. */
    int unfinishedBytes() {
        FrameReader f = frames;
        return (f == null ? 0 : f.partBytes()) + dispatcher.blockBytes();
    }

    /** How many frames and field blocks have come as a whole. */
    long units() {
        return dispatcher.units();
    }

    /**
     * The room that the peer has on a new stream: until it has acknowledged our settings, what it
     * may take for granted.
     */
    int receiveWindow() {
        int window = settings.streamWindow();
        return dispatcher.settled() ? window : Math.max(window, Frames.DEFAULT_WINDOW);
    }

    /** Whether the next block is the first; asks once. */
    boolean firstBlock() {
        boolean first = !encoded;
        encoded = true;
        return first;
    }

    private final class Watch extends Deadline {
        @Override
        protected void expired() {
            loop.tick();
            if (closed) {
                return;
            }
            if (ending) {
                lingered();
            } else {
                look();
            }
        }
    }

    /** Closes, unless the peer still takes what was sent before an end in good order. */
    private void lingered() {
        Delivery known = Delivery.known(channel);
        long waiting = known != null ? known.waiting() : Closing.pendingBytes(channel);
        if (waiting > 0 && waiting < lingering && --lingers > 0) {
            lingering = waiting;
            arm(LINGER_NANOS);
        } else if (known != null && known.much()) {
            resetNow();
        } else {
            channel.close();
        }
    }

    /** Closes so that nothing is left in the kernel for a peer that does not take it. */
    private void resetNow() {
        Closing.resetOnClose(channel);
        Closing.cut(channel);
    }

    /** Ends the connection at once: the peer takes nothing, so it would take no GOAWAY either. */
    void cutOff(String why) {
        broken(new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, why));
        resetNow();
    }

    void arm(long nanos) {
        loop.deadlines().set(watch, loop.nanos(), nanos);
    }

    // ---- the channel

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        FrameWriter writer = new FrameWriter(ctx);
        out = writer;
        sending = new SendFlow(channel, writer, guard);
        frames = new FrameReader(dispatcher, ctx.alloc(), settings.maxFrame());
    }

    /** Announces us; {@code more} are further settings, in pairs. */
    void announce(long... more) {
        long[] pairs = new long[8 + more.length];
        pairs[0] = Frames.HEADER_TABLE_SIZE;
        pairs[1] = settings.tableSize();
        pairs[2] = Frames.INITIAL_WINDOW_SIZE;
        pairs[3] = settings.streamWindow();
        pairs[4] = Frames.MAX_FRAME_SIZE;
        pairs[5] = settings.maxFrame();
        pairs[6] = Frames.MAX_HEADER_LIST_SIZE;
        pairs[7] = settings.maxHeaderList();
        System.arraycopy(more, 0, pairs, 8, more.length);
        out().settings(pairs);
        int wider = settings.connectionWindow() - Frames.DEFAULT_WINDOW;
        if (wider > 0) {
            out().windowUpdate(0, wider);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        loop.tick();
        read((ByteBuf) message);
    }

    /** Reads bytes of the peer; becomes their owner. */
    void read(ByteBuf in) {
        FrameReader f = frames;
        reading = true;
        try {
            if (f != null && !ending()) {
                f.read(in);
            }
        } catch (ConnectionError e) {
            fail(e);
        } finally {
            in.release();
        }
        if (!closed && out().unflushed() > UNFLUSHED) {
            out().flush();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        reading = true;
        for (int i = 0; i < touched.size(); i++) {
            touched.get(i).readComplete();
        }
        touched.clear();
        reading = false;
        flushNow();
    }

    /** {@link H2Stream#readComplete} is wanted for {@code stream}. */
    void touch(H2Stream stream) {
        int last = touched.size() - 1;
        if (last < 0 || !stream.equals(touched.get(last))) {
            touched.add(stream);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (channel.isWritable() && !closed) {
            loop.tick();
            repliesWhileFull = 0;
            sending().turn();
            flush();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent
                || event instanceof SslCloseCompletionEvent) {
            channel.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (closed) {
            return;
        }
        loop.tick();
        closed = true;
        cutStreams("the connection has been closed");
        out().drop();
        FrameReader f = frames;
        if (f != null) {
            f.drop();
        }
        dispatcher.drop();
        loop.deadlines().forget(watch);
        gone();
    }

    private void cutStreams(String why) {
        for (H2Stream stream : streams.values().toArray(new H2Stream[0])) {
            stream.remoteClosed = true;
            stream.localClosed = true;
            stream.cut(why);
            forget(stream);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException) && !(cause.getCause() instanceof SSLException)) {
            LOG.error("defect in HTTP/2 connection {}", channel, cause);
        }
        channel.close();
    }

    // ---- sending

    /** Sends what was written, at the end of what the event loop is at. */
    void flush() {
        if (!flushing && !reading && !closed && out().pending()) {
            flushing = true;
            channel.eventLoop().execute(flushLater);
        }
    }

    private void flushNow() {
        flushing = false;
        if (!closed) {
            out().flush();
        }
    }

    /** A frame was answered; a peer that asks and does not read the answers is sent away. */
    void replied() throws ConnectionError {
        if (!channel.isWritable() && ++repliesWhileFull > settings.maxUseless()) {
            throw new ConnectionError(
                    ErrorCode.ENHANCE_YOUR_CALM, "asks for more answers than it reads");
        }
    }

    /** Ends {@code stream} with RST_STREAM, and whatever runs on it. */
    void reset(H2Stream stream, ErrorCode code) {
        if (stream.equals(streams.get(stream.id))) {
            out().reset(stream.id, code);
            dispatcher.weReset(stream.id);
            stream.localClosed = true;
            stream.remoteClosed = true;
            forget(stream);
            flush();
        }
    }

    /** Answers a stream that is not there, or not any more. */
    void refuseStream(int id, ErrorCode code) {
        out().reset(id, code);
        dispatcher.weReset(id);
        flush();
    }

    /** Forgets {@code stream} when both directions have ended. */
    void closeIfDone(H2Stream stream) {
        if (stream.localClosed && stream.remoteClosed) {
            forget(stream);
        }
    }

    private void forget(H2Stream stream) {
        if (!stream.equals(streams.get(stream.id))) {
            return;
        }
        streams.remove(stream.id);
        sending().forget(stream);
        stream.drop();
        receiving.forget(stream);
        streamClosed(stream);
    }

    // ---- what the peer breaks

    /** The peer broke a rule on one stream (RFC 9113 section 5.4.2). */
    void failStream(H2Stream stream, ErrorCode code) throws ConnectionError {
        reset(stream, code);
        stream.cut("the peer broke a rule of HTTP/2: " + code);
        guard.reset(loop.nanos());
    }

    /** The peer has given up {@code stream}. */
    void peerReset(H2Stream stream, long code) throws ConnectionError {
        boolean early = !stream.answered();
        stream.remoteClosed = true;
        stream.localClosed = true;
        stream.peerReset(code);
        forget(stream);
        if (early) {
            guard.reset(loop.nanos());
        }
    }

    /** The peer works with our settings now. */
    void acknowledged() throws ConnectionError {
        if (settings.tableSize() != Frames.DEFAULT_TABLE) {
            decoder.tableSize(settings.tableSize());
        }
    }

    // ---- closing

    /** Ends the connection with GOAWAY, and lets the peer read it. */
    void fail(ConnectionError error) {
        if (ending()) {
            return;
        }
        broken(error);
        end(error.code(), error.text());
    }

    /** Ends the connection and everything on it. */
    void end(ErrorCode code, String why) {
        if (ending()) {
            return;
        }
        ending = true;
        lingers = code == ErrorCode.NO_ERROR ? MAX_LINGERS : 0;
        cutStreams(why);
        out().goAway(lastStream(), code);
        out().flush();
        Closing.shutDownOutputWhenWritten(channel);
        channel.config().setAutoRead(true);
        arm(LINGER_NANOS);
    }
}
