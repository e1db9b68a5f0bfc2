package io.weir.wire.h2;

import io.netty.buffer.ByteBuf;
import io.weir.exchange.ClientIdentity;
import io.weir.exchange.ClientSide;
import io.weir.exchange.Exchange;
import io.weir.explain.ConnectionState;
import io.weir.fault.TrafficFault;
import io.weir.http.Defect;
import io.weir.http.FieldName;
import io.weir.http.Fields;
import io.weir.http.Framing;
import io.weir.http.RequestHead;
import io.weir.http.ResponseHead;
import io.weir.wire.ClientPace;
import io.weir.wire.ConnectionListing;
import io.weir.wire.Delivery;

import org.jspecify.annotations.Nullable;

/** One request of an HTTP/2 client and its response. Confined to one event loop. */
final class ClientStream extends H2Stream implements ClientSide {

    private static final FieldName SEC_WEBSOCKET_ACCEPT = FieldName.of("Sec-WebSocket-Accept");
    private static final byte[] NO_TRAILERS = {};

    private final H2ClientConnection connection;
    private final boolean webSocket;
    private final long maxBody;
    private final int most;

    /** Where it stands among those that are on their way; -1 when it does not. */
    int place = -1;

    private @Nullable RequestHead head;
    private @Nullable Exchange exchange;
    private @Nullable ClientPace pace;
    private final EarlyBody early = new EarlyBody();
    private long requestLength;
    private long requestLeft;
    private long requestBytes;
    private long responseLeft;
    private boolean begun;
    private boolean answered;
    private boolean tunnel;
    private boolean full;
    private boolean bodyExpected;

    /**
     * @param webSocket whether bytes will go both ways unchanged
     * @param maxBody bytes of request body; 0 for no limit
     * @param most bytes that may wait for the client
     */
    ClientStream(
            H2ClientConnection connection,
            int id,
            int sendWindow,
            int receiveWindow,
            boolean webSocket,
            long maxBody,
            int most) {
        super(id, sendWindow, receiveWindow);
        this.connection = connection;
        this.webSocket = webSocket;
        this.maxBody = maxBody;
        this.most = most;
    }

    /**
     * The request is there, and waits for {@link #begin}.
     *
     * @param length of its body, as {@link io.weir.http.Framing} decided
     */
    void request(RequestHead request, long length) {
        head = request;
        requestLength = length;
        requestLeft = length;
        bodyExpected = length != 0;
    }

    /** Whether the request waits to be sent on its way, and has not been given up. */
    boolean unbegun() {
        return !begun;
    }

    /** The request will have to wait for a while, perhaps among many: it is made small. */
    void waitsLonger() {
        RequestHead request = head;
        if (request != null) {
            head = connection.loop.compact(request);
        }
    }

    /** Sends the request on its way, and what has come of its body meanwhile. */
    void begin() {
        RequestHead request = head;
        if (request == null) {
            throw new IllegalStateException("no request on stream " + id);
        }
        begun = true;
        connection.beginnings.began(this);
        Exchange x = connection.exchange(this, request, requestLength);
        exchange = x;
        x.begin();
        if (!webSocket) {
            giveEarly();
        }
    }

    private void giveEarly() {
        if (!early.isEmpty()) {
            paused = false;
            early.giveTo(this::give);
            if (!paused) {
                connection.receiving.takenAll(this);
            }
        }
        Exchange x = exchange;
        if (early.ended() && x != null) {
            x.end(early.trailers());
        }
        readComplete();
    }

    private void give(ByteBuf piece) {
        Exchange x = exchange;
        if (x == null) {
            piece.release();
        } else {
            x.data(piece);
        }
    }

    /** Tells what the stream is doing. */
    void describe(String name, ConnectionListing to) {
        ConnectionState otherwise =
                exchange == null && !answered
                        ? ConnectionState.READING_FROM_CLIENT
                        : ConnectionState.WRITING_TO_CLIENT;
        to.http(name, "h2", connection.home(), bytesWritten, exchange, otherwise);
    }

    // ---- what the client sends

    @Override
    void received(@Nullable ByteBuf piece, boolean end) throws ConnectionError {
        Exchange x = exchange;
        if (piece != null) {
            int length = piece.readableBytes();
            requestBytes += length;
            if (x == null && begun) {
                piece.release();
            } else if (!tunnel && !webSocket && requestLeft >= 0 && length > requestLeft) {
                piece.release();
                connection.malformed(this, "more DATA than content-length");
                return;
            } else if (!tunnel && maxBody > 0 && requestBytes > maxBody) {
                piece.release();
                tooLarge();
            } else {
                requestLeft -= requestLeft > 0 ? length : 0;
                if (x == null || webSocket && !tunnel) {
                    // Until the request has begun, or the node has agreed to a WebSocket.
                    early.add(piece);
                    paused = true;
                } else {
                    x.data(piece);
                }
            }
        }
        if (end) {
            ended(null);
        }
    }

    private void tooLarge() {
        if (!begun) {
            begin();
        }
        Exchange x = exchange;
        if (x != null) {
            Defect defect = Defect.BODY_TOO_LARGE;
            x.fail(new TrafficFault.ClientBroke(defect.status(), defect.text()));
        }
    }

    /** The client has sent everything. */
    void ended(@Nullable Fields trailers) throws ConnectionError {
        Exchange x = exchange;
        if (x == null && begun || webSocket && !tunnel) {
            return;
        }
        if (!tunnel && requestLeft > 0) {
            connection.malformed(this, "less DATA than content-length");
        } else if (bodyExpected || tunnel) {
            bodyExpected = false;
            if (x == null) {
                early.end(trailers);
            } else {
                x.end(trailers);
            }
        }
    }

    @Override
    void readComplete() {
        Exchange x = exchange;
        if (x != null) {
            x.clientReadComplete();
        }
    }

    @Override
    void peerReset(long code) {
        lost("the client gave the stream up: " + ErrorCode.nameOf(code));
    }

    @Override
    void cut(String why) {
        lost(why);
    }

    private void lost(String why) {
        Exchange x = exchange;
        if (x != null) {
            x.clientLost(new TrafficFault.ClientGone(why));
        }
    }

    @Override
    boolean answered() {
        return answered;
    }

    @Override
    void drained() {
        Exchange x = exchange;
        if (full && x != null && waitingBytes() <= ahead() / 2) {
            full = false;
            x.clientWritable();
        }
    }

    @Override
    void sent() {
        if (exchange == null && !remoteClosed) {
            connection.reset(this, ErrorCode.NO_ERROR);
        }
        connection.closeIfDone(this);
    }

    // ---- the client side of an exchange

    @Override
    public ClientIdentity identity() {
        return connection.home().client();
    }

    @Override
    public boolean firstRequest() {
        return id == 1;
    }

    @Override
    public void interim(ResponseHead interim) {
        if (!localClosed && interim.status() != 101) {
            write(interim, interim.status(), false);
        }
    }

    private void write(ResponseHead response, int status, boolean end) {
        HeaderEncoder encoder = connection.encoder;
        int length = encoder.response(response, status, connection.firstBlock());
        bytesWritten += connection.out().headers(id, encoder.block(), length, end);
        if (end) {
            localClosed = true;
        }
    }

    @Override
    public void respond(ResponseHead response, long bodyLength) {
        if (localClosed) {
            return;
        }
        answered = true;
        int status = response.status();
        if (webSocket && status == 101) {
            response.remove(SEC_WEBSOCKET_ACCEPT);
            write(response, 200, false);
        } else if (webSocket && status / 100 == 2) {
            // To the client it would mean that the node had agreed.
            connection.reset(this, ErrorCode.CONNECT_ERROR);
            // Not from within the exchange, which is still at its answer.
            connection.loop.executor().execute(() -> lost("the node did not switch protocols"));
        } else {
            // Where trailers may follow, the last byte of the body is not the end.
            responseLeft = mayHaveTrailers(response) ? Framing.CHUNKED : bodyLength;
            write(response, status, bodyLength == 0);
        }
    }

    private boolean mayHaveTrailers(ResponseHead response) {
        RequestHead request = head;
        return response.contains(FieldName.TRAILER)
                || request != null && request.contains(FieldName.TE);
    }

    @Override
    public void data(ByteBuf piece) {
        int length = piece.readableBytes();
        if (localClosed || length == 0) {
            piece.release();
            return;
        }
        boolean last = false;
        if (responseLeft > 0) {
            responseLeft -= length;
            last = responseLeft == 0;
        }
        connection.sending().data(this, piece, last);
    }

    @Override
    public void end(@Nullable Fields trailers) {
        if (localClosed || ends()) {
            return;
        }
        byte[] block = NO_TRAILERS;
        if (trailers != null && trailers.fieldCount() > 0) {
            connection.encoder.trailers(trailers, connection.firstBlock());
            block = connection.encoder.copy();
        }
        connection.sending().end(this, block);
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
        full = connection.tooMuchWaits(waitingBytes(), ahead(), most);
        return !full;
    }

    /**
     * Bytes that may wait for the client: as many as it has taken before, so that those who take
     * nothing have next to nothing held for them, and no more than memory allows.
     */
    private int ahead() {
        return (int) Math.min(Math.min(most, connection.home().allowance()), bytesWritten);
    }

    @Override
    public int room(int wanted) {
        long open = Math.min(sendWindow, connection.sending().window());
        return Math.clamp(open + ahead() - waitingBytes(), 0, wanted);
    }

    @Override
    public void pauseRequest(boolean pause) {
        paused = pause;
        if (!pause) {
            connection.receiving.takenAll(this);
        }
    }

    @Override
    public void tunnel() {
        tunnel = true;
        paused = false;
        early.giveTo(this::give);
        Exchange x = exchange;
        if (!paused) {
            connection.receiving.takenAll(this);
        }
        if (x != null) {
            if (remoteClosed) {
                x.end(null);
            }
            x.clientReadComplete();
        }
    }

    @Override
    public void abort() {
        connection.reset(this, ErrorCode.INTERNAL_ERROR);
    }

    @Override
    public void finished() {
        exchange = null;
        connection.beginnings.claim(this, false);
        dropRequest();
        if (localClosed) {
            if (!remoteClosed) {
                connection.reset(this, ErrorCode.NO_ERROR);
            }
            connection.closeIfDone(this);
        } else if (!ends()) {
            connection.reset(this, tunnel ? ErrorCode.CANCEL : ErrorCode.INTERNAL_ERROR);
        }
        connection.flush();
    }

    @Override
    void drop() {
        super.drop();
        if (!begun) {
            begun = true;
            dropRequest();
        }
    }

    private void dropRequest() {
        RequestHead h = head;
        if (h != null) {
            head = null;
            connection.loop.giveBack(h);
        }
        early.drop();
    }

    // ---- time

    /** Looks whether the client is fast enough, once a second or so. */
    void look(long now) {
        Exchange x = exchange;
        connection.beginnings.claim(this, x != null && (!answered || waits()));
        ClientPace p = pace;
        if (p == null) {
            p = new ClientPace();
            pace = p;
            p.begin(now);
            return;
        }
        // What the windows of the client have let through; the rest is the connection's.
        Delivery delivery = new Delivery(bytesWritten, waitingBytes());
        if (x == null) {
            if (p.stuck(connection.config(), now, delivery)) {
                connection.reset(this, ErrorCode.CANCEL);
            }
            return;
        }
        // Streams that are stuck may leave the others without room on the connection.
        boolean may = !paused && connection.receiving.hasRoom();
        boolean owes = bodyExpected && !remoteClosed && may;
        boolean sends = owes && !answered;
        TrafficFault fault =
                p.judge(connection.config(), x.record(), now, delivery, sends, owes, tunnel);
        if (fault == null) {
            boolean holds = paused || waitingBytes() > 0;
            fault = p.holdsInVain(x.context().strain(), now, holds);
        }
        if (fault != null) {
            x.fail(fault);
        }
    }
}
