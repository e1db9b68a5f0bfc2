package io.weir.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.weir.bandwidth.BandwidthClass;
import io.weir.exchange.Answered;
import io.weir.exchange.ClientIdentity;
import io.weir.exchange.ClientSide;
import io.weir.exchange.ConnectionRecord;
import io.weir.exchange.LoopContext;
import io.weir.http.Fields;
import io.weir.http.Framing;
import io.weir.http.RequestHead;
import io.weir.http.ResponseHead;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What the exchanges of an HTTP/1 connection see of their client: who it is, and how responses are
 * written. One per connection, which serves one exchange after the other. Confined to one event
 * loop.
 */
final class HttpClientSide implements ClientSide {

    private static final byte[] END = ascii("\r\n");
    private static final byte[] CLOSE = ascii("Connection: close\r\n\r\n");
    private static final byte[] KEEP_ALIVE = ascii("Connection: keep-alive\r\n\r\n");
    private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n\r\n");
    private static final byte[] CHUNKED_CLOSE =
            ascii("Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
    private static final byte[] UPGRADE =
            ascii("Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
    private static final byte[] LATE =
            ascii(
                    "HTTP/1.1 408 Request Timeout\r\n"
                            + "Content-Length: 0\r\nConnection: close\r\n\r\n");

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private final HttpClientConnection connection;
    private final ConnectedClient client;
    private final Channel channel;
    private final LoopContext context;
    private final Intake intake;
    private final RequestReader request;
    private final SendRoom room;
    private @Nullable Output out;

    private long writtenBefore;
    private boolean http10;
    private boolean clientGoesOn;
    private boolean persistent;
    private boolean closeAfter;
    private boolean chunked;
    private boolean untilClose;

    HttpClientSide(
            HttpClientConnection connection,
            ConnectedClient client,
            Channel channel,
            LoopContext context,
            Intake intake,
            RequestReader request) {
        this.connection = connection;
        this.client = client;
        this.channel = channel;
        this.context = context;
        this.intake = intake;
        this.request = request;
        this.room = new SendRoom(connection, channel);
    }

    // ---- for the connection

    /** The handler has its place: from now on there is somewhere to write to. */
    void open(Output made) {
        out = made;
    }

    Output out() {
        Output o = out;
        if (o == null) {
            throw new IllegalStateException("nothing can be written before the handler is added");
        }
        return o;
    }

    /**
     * An exchange begins.
     *
     * @param mayPersist whether the connection may take another request afterwards, if the client
     *     wants that too
     */
    void begin(RequestHead head, boolean mayPersist) {
        writtenBefore = out().total();
        http10 = head.http10();
        clientGoesOn = Framing.persistent(head);
        persistent = clientGoesOn && mayPersist;
        closeAfter = false;
        chunked = false;
        untilClose = false;
    }

    /** Whether the client counts on another request, as far as it has said. */
    boolean clientGoesOn() {
        return clientGoesOn;
    }

    /** Whether the client knows that the connection ends with the response, or will see it. */
    boolean closesAfter() {
        return closeAfter;
    }

    /** Whether only the end of the connection tells where the response ends. */
    boolean untilClose() {
        return untilClose;
    }

    /** Whether the last answer was so large that the client may well not have taken it yet. */
    boolean large() {
        return out().total() - writtenBefore > Delivery.LEFT_TO_KERNEL;
    }

    /** How much of all answers the client has taken. */
    Delivery delivery() {
        return Delivery.of(channel, out().total());
    }

    /** Answers what no exchange could be made of; the connection is closed behind it. */
    void refuse(Answered answer) {
        StringBuilder text = new StringBuilder(256);
        text.append("HTTP/1.1 ").append(answer.status()).append(' ').append(answer.reason());
        text.append("\r\nContent-Type: ").append(answer.contentType());
        text.append("\r\nContent-Length: ").append(answer.body().length);
        for (Map.Entry<String, String> field : answer.fields()) {
            text.append("\r\n").append(field.getKey()).append(": ").append(field.getValue());
        }
        text.append("\r\nConnection: close\r\n\r\n");
        out().bytes(ascii(text.toString()));
        out().bytes(answer.body());
    }

    /** Tells that the request head did not come within its time. */
    void refuseLate() {
        out().bytes(LATE);
    }

    // ---- who the client is

    @Override
    public ClientIdentity identity() {
        return client;
    }

    @Override
    public ConnectionRecord connection() {
        return client.record();
    }

    @Override
    public boolean firstRequest() {
        return !connection.served();
    }

    // ---- the response

    @Override
    public void interim(ResponseHead interim) {
        if (interim.status() == 100) {
            request.continues();
        }
        if (!http10) {
            out().head(interim, END, 0);
        }
    }

    @Override
    public void respond(ResponseHead response, long bodyLength) {
        if (response.status() == 101) {
            out().head(response, UPGRADE, 0);
            return;
        }
        chunked = bodyLength < 0 && !http10;
        untilClose = bodyLength < 0 && http10;
        closeAfter = !persistent || untilClose || connection.mustClose();
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
        client.record().moved(context.nanos());
        if (connection.gone()) {
            piece.release();
        } else if (chunked) {
            out().chunk(piece);
        } else {
            out().data(piece);
        }
    }

    @Override
    public boolean takesUnread() {
        return !chunked && !connection.gone() && out().takesUnread();
    }

    @Override
    public void unread(int bytes) {
        client.record().moved(context.nanos());
        out().unread(bytes);
    }

    @Override
    public void end(@Nullable Fields trailers) {
        if (connection.tunnels()) {
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
    public int room(int wanted) {
        return room.of(wanted, out().total(), out().flushed());
    }

    // ---- what the exchange wants of the connection

    @Override
    public void pauseRequest(boolean paused) {
        intake.pause(paused);
    }

    @Override
    public void tunnel() {
        connection.tunnel();
    }

    @Override
    public void abort() {
        closeAfter = true;
        out().flush();
        connection.cut();
    }

    @Override
    public void tune(@Nullable BandwidthClass bandwidth, int traffic) {
        PacedWrites.tune(channel, bandwidth, traffic);
    }

    @Override
    public void finished() {
        connection.exchangeOver();
    }
}
