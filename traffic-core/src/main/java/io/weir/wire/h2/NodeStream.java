package io.weir.wire.h2;

import io.netty.buffer.ByteBuf;
import io.weir.config.PoolConfig;
import io.weir.exchange.Attempts;
import io.weir.exchange.NodeSide;
import io.weir.http.Defect;
import io.weir.http.FieldName;
import io.weir.http.Fields;
import io.weir.http.Framing;
import io.weir.http.Method;
import io.weir.http.RequestHead;
import io.weir.http.ResponseHead;
import io.weir.pool.NodeFailure;
import io.weir.time.DeadlineWheel.Deadline;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/** One request to an HTTP/2 node and its response. Confined to one event loop. */
final class NodeStream extends H2Stream implements NodeSide {

    private static final byte[] NO_TRAILERS = {};

    private final H2NodeConnection connection;
    private final PoolConfig config;
    private final boolean reused;
    private final int most;
    private final Deadline watch = new Watch();
    private @Nullable Attempts attempts;
    private @Nullable ResponseHead head;
    private Method asked = Method.GET;
    private long responseLeft;
    private boolean answered;
    private boolean whole;
    private long waitingSince;
    private @Nullable String webSocketKey;
    private boolean tunnel;
    private boolean full;

    /**
     * @param reused whether the connection had answered before
     * @param most bytes that may wait for the node
     */
    NodeStream(
            H2NodeConnection connection,
            int id,
            int sendWindow,
            int receiveWindow,
            PoolConfig config,
            boolean reused,
            int most) {
        super(id, sendWindow, receiveWindow);
        this.connection = connection;
        this.config = config;
        this.reused = reused;
        this.most = most;
    }

    void lend(Attempts x) {
        attempts = x;
        x.nodeReady(this);
    }

    // ---- the node side of an exchange

    @Override
    public void request(RequestHead request, long bodyLength, boolean keep) {
        asked = request.method();
        Attempts x = attempts;
        if (x != null && x.acceptsUpgrade()) {
            webSocketKey = request.get(FieldName.SEC_WEBSOCKET_KEY);
        }
        boolean webSocket = webSocketKey != null;
        HeaderEncoder encoder = connection.encoder;
        int length =
                webSocket
                        ? encoder.webSocket(request, connection.secure(), connection.firstBlock())
                        : encoder.request(request, connection.secure(), connection.firstBlock());
        boolean end = bodyLength == 0 && !webSocket;
        bytesWritten += connection.out().headers(id, encoder.block(), length, end);
        if (end) {
            localClosed = true;
        } else if (request.contains(FieldName.EXPECT)) {
            awaitReply();
        }
    }

    private Duration maxReplyTime() {
        Attempts x = attempts;
        return x == null ? config.maxReplyTime() : x.maxReplyTime(config);
    }

    private void awaitReply() {
        if (!answered) {
            await();
        }
    }

    private void await() {
        long nanos = maxReplyTime().toNanos();
        if (nanos > 0) {
            waitingSince = connection.loop.nanos();
            connection.loop.deadlines().set(watch, waitingSince, nanos);
        }
    }

    /** The body is there as announced: what may follow are trailers, or only the end. */
    private void awaitEnd() {
        if (attempts != null && responseLeft == 0) {
            await();
        }
    }

    @Override
    public void data(ByteBuf piece) {
        if (localClosed || !piece.isReadable()) {
            piece.release();
            return;
        }
        if (!answered) {
            connection.loop.deadlines().cancel(watch);
        }
        connection.sending().data(this, piece, false);
    }

    @Override
    public void end(@Nullable Fields trailers) {
        // The whole of a wish for a WebSocket is its head, behind which the tunnel begins.
        if (!localClosed && !ends() && (tunnel || webSocketKey == null)) {
            byte[] block = NO_TRAILERS;
            if (trailers != null && trailers.fieldCount() > 0) {
                connection.encoder.trailers(trailers, connection.firstBlock());
                block = connection.encoder.copy();
            }
            connection.sending().end(this, block);
        }
        awaitReply();
    }

    @Override
    public void flush() {
        connection.flush();
    }

    @Override
    public void flushSoon() {
        connection.flush();
    }

    @Override
    public long bytesWritten() {
        return bytesWritten;
    }

    @Override
    public boolean writable() {
        full = !localClosed && waitingBytes() >= most;
        return !full;
    }

    @Override
    public void pauseResponse(boolean pause) {
        paused = pause;
        if (!pause) {
            connection.receiving.takenAll(this);
        }
    }

    @Override
    public void tunnel() {
        tunnel = true;
    }

    @Override
    public boolean multiplexed() {
        return true;
    }

    @Override
    public boolean reused() {
        return reused;
    }

    @Override
    public void release(boolean reusable) {
        attempts = null;
        connection.loop.deadlines().forget(watch);
        ResponseHead h = head;
        if (h != null) {
            head = null;
            connection.loop.giveBack(h);
        }
        if (!localClosed || !remoteClosed) {
            connection.reset(this, remoteClosed ? ErrorCode.NO_ERROR : ErrorCode.CANCEL);
        }
    }

    // ---- what the node sends

    /** A whole field block: an interim head, the final one, or trailers. */
    void headers(boolean end, ByteBuf block) throws ConnectionError {
        if (answered) {
            trailers(end, block);
            return;
        }
        ResponseHead h = connection.loop.responseHead();
        ResponseFields fields = connection.fields;
        fields.start(h);
        boolean within = connection.decoder.decode(id, block, fields);
        Attempts x = attempts;
        Defect defect = within ? fields.finish() : Defect.HEAD_TOO_LARGE;
        if (defect == null && h.status() < 200 && end) {
            defect = Defect.TRUNCATED;
        }
        if (x == null || defect != null) {
            connection.loop.giveBack(h);
            if (defect != null) {
                failed(NodeFailure.BAD_RESPONSE, "sent a bad response: " + defect.text());
            }
        } else if (h.status() < 200) {
            connection.loop.deadlines().cancel(watch);
            x.nodeInterim(h);
            connection.loop.giveBack(h);
            if (localClosed) {
                awaitReply();
            }
        } else {
            head = h;
            connection.loop.deadlines().cancel(watch);
            finalHead(x, h, end);
        }
    }

    private void finalHead(Attempts x, ResponseHead h, boolean end) {
        answered = true;
        String key = webSocketKey;
        if (key != null && h.status() / 100 == 2) {
            responseLeft = Framing.CHUNKED;
            remoteClosed = end;
            WebSocketAnswer.switched(h, key);
            x.nodeHead(h, 0);
            if (end) {
                ended(null);
            }
            return;
        }
        long declared = Framing.contentLength(h);
        boolean bodiless = asked == Method.HEAD || h.status() == 304;
        if (h.status() == 204) {
            h.remove(FieldName.CONTENT_LENGTH);
            declared = -1;
        }
        if (end && !bodiless && declared > 0) {
            failed(NodeFailure.BAD_RESPONSE, "sent a bad response: " + Defect.TRUNCATED.text());
            return;
        }
        Framing.canonicalLength(h);
        responseLeft = bodiless || h.status() == 204 ? 0 : declared;
        remoteClosed = end;
        long length = end || responseLeft == 0 ? 0 : declared >= 0 ? declared : Framing.CHUNKED;
        if (x.framedByHead()) {
            if (length > 0 && h.contains(FieldName.TRAILER) && x.wantsTrailers()) {
                h.remove(FieldName.CONTENT_LENGTH);
                length = Framing.CHUNKED;
            } else if (end && declared < 0 && !bodiless && h.status() != 204) {
                // Without it the body would end with the connection (RFC 9112 section 6.3).
                h.add(FieldName.CONTENT_LENGTH, "0");
            }
        }
        x.nodeHead(h, length);
        if (end) {
            ended(null);
        } else {
            awaitEnd();
        }
    }

    private void trailers(boolean end, ByteBuf block) throws ConnectionError {
        TrailerFields trailers = new TrailerFields();
        boolean within = connection.decoder.decode(id, block, trailers);
        if (!end || !within || !trailers.good() || remoteClosed || tunnel) {
            failed(NodeFailure.BAD_RESPONSE, "sent a malformed trailer section");
            return;
        }
        remoteClosed = true;
        ended(trailers.fields());
    }

    @Override
    void received(@Nullable ByteBuf piece, boolean end) {
        Attempts x = attempts;
        if (piece != null) {
            int length = piece.readableBytes();
            if (x == null || whole) {
                piece.release();
            } else if (!answered || responseLeft >= 0 && length > responseLeft) {
                piece.release();
                failed(NodeFailure.BAD_RESPONSE, "sent more than it had announced");
                return;
            } else {
                responseLeft -= responseLeft > 0 ? length : 0;
                x.nodeData(piece);
                if (!end) {
                    awaitEnd();
                }
            }
        }
        if (end) {
            ended(null);
        }
    }

    /** The node has sent everything. */
    private void ended(@Nullable Fields trailers) {
        Attempts x = attempts;
        if (x == null || whole) {
            return;
        }
        if (!answered || responseLeft > 0) {
            failed(NodeFailure.BAD_RESPONSE, "ended its response too early");
        } else {
            whole = true;
            connection.loop.deadlines().cancel(watch);
            x.nodeEnd(trailers);
        }
    }

    @Override
    void readComplete() {
        Attempts x = attempts;
        if (x != null) {
            x.nodeReadComplete();
        }
    }

    @Override
    boolean answered() {
        return answered;
    }

    @Override
    void peerReset(long code) {
        if (code == ErrorCode.REFUSED_STREAM.number()) {
            refused();
        } else {
            failed(NodeFailure.RESET, "gave the request up: " + ErrorCode.nameOf(code));
        }
    }

    /** The node has not looked at the request, and says so. */
    void refused() {
        Attempts x = attempts;
        if (whole) {
            stopRequest();
        } else if (x != null) {
            x.nodeRefused("node " + connection.node().address() + " refused the request");
        }
    }

    @Override
    void cut(String why) {
        failed(answered ? NodeFailure.RESET : NodeFailure.CLOSED_EARLY, why);
    }

    /** RFC 9113 section 8.1: a node that has answered may do without the rest of the request. */
    private void stopRequest() {
        Attempts x = attempts;
        if (full && x != null) {
            full = false;
            x.nodeWritable();
        }
    }

    private void failed(NodeFailure why, String text) {
        Attempts x = attempts;
        if (whole) {
            stopRequest();
            return;
        }
        if (x != null) {
            x.nodeFailed(why, "node " + connection.node().address() + " " + text);
        }
        if (attempts == x) {
            release(false);
        }
    }

    @Override
    void drained() {
        Attempts x = attempts;
        if (full && x != null && waitingBytes() <= most / 2) {
            full = false;
            x.nodeWritable();
        }
    }

    @Override
    void sent() {
        connection.closeIfDone(this);
    }

    private final class Watch extends Deadline {
        @Override
        protected void expired() {
            connection.loop.tick();
            if (answered) {
                // The end alone is missing, for which neither client nor node need wait.
                ended(null);
                return;
            }
            connection.waitedSince(waitingSince);
            failed(
                    NodeFailure.REPLY_TIMEOUT,
                    "did not answer within " + maxReplyTime().toMillis() + " ms");
        }
    }
}
