package io.weir.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weir.cache.Stored;
import io.weir.fault.TrafficFault;
import io.weir.http.BodySink;
import io.weir.http.FieldName;
import io.weir.http.Fields;
import io.weir.http.Framing;
import io.weir.http.Method;
import io.weir.http.ResponseHead;
import io.weir.pool.Use;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.function.Function;

/**
 * The answer of one exchange, as far as it has come: lent by the node side, made by Weir, or taken
 * out of the store; and how it gets to the client. Confined to one event loop.
 */
final class Answer {

    private static final byte[] NO_BODY = {};

    private final Exchange x;
    private final LoopContext loop;
    private ResponseFlow flow;

    private @Nullable ResponseHead head;
    private boolean own;
    private boolean ofNode;
    private byte @Nullable [] body;
    private @Nullable BodySource source;
    private @Nullable Stored stored;
    private long length;
    private boolean tunnel;
    private boolean nodeDirectionDone;

    Answer(Exchange x) {
        this.x = x;
        this.loop = x.context();
        this.flow = new ResponseFlow(x.client());
    }

    // ---- what it is

    /** The head; null before there is one. */
    @Nullable ResponseHead head() {
        return head;
    }

    /** The length of the body as {@link Framing} knows lengths. */
    long length() {
        return length;
    }

    /** Says how long the body will be when it reaches the client. */
    void length(long changed) {
        length = changed;
    }

    /** The body of an answer that Weir made itself; null for others. */
    byte @Nullable [] body() {
        return body;
    }

    /** Where a body comes from that the node side does not send straight to the client. */
    @Nullable BodySource source() {
        return source;
    }

    /** What is sent, or stored meanwhile; null when it has nothing to do with the store. */
    @Nullable Stored stored() {
        return stored;
    }

    /** Whether the head belongs to Weir. */
    boolean isOwn() {
        return own;
    }

    /** Whether it is the answer of a node, also where it is stored or a rule rewrites its body. */
    boolean isOfNode() {
        return head != null && ofNode;
    }

    /** Whether the body comes out of the store from its first to its last byte. */
    boolean isWholeFromStore() {
        return source instanceof StoredSource from && !(from instanceof FillingSource);
    }

    /** A node has answered; {@code lent} is readable until {@link #nodeReleased}. */
    void ofNode(ResponseHead lent, long bodyLength) {
        giveBack();
        head = lent;
        ofNode = true;
        length = bodyLength;
    }

    /**
     * Weir answers with {@code given}, in the place of whatever there was.
     *
     * @param farewell takes the cookie of a session from the client; null for none
     */
    void ofWeir(Answered given, @Nullable String farewell) {
        releaseSource();
        source = null;
        stored = null;
        flow.forget();
        ResponseHead made = loop.responseHead();
        made.setStatus(given.status(), given.reason());
        made.add(FieldName.CONTENT_TYPE, given.contentType());
        made.add(FieldName.CONTENT_LENGTH, Integer.toString(given.body().length));
        for (Map.Entry<String, String> field : given.fields()) {
            made.add(FieldName.of(field.getKey()), field.getValue());
        }
        if (farewell != null) {
            made.add(FieldName.SET_COOKIE, farewell);
        }
        own(made);
        ofNode = false;
        body = given.body();
        length = given.body().length;
    }

    /**
     * The store answers with {@code made}, which belongs to the answer from now on.
     *
     * @param from where the body comes from; null for none
     * @param what is sent as it is stored; null when it is not
     */
    void ofStore(
            ResponseHead made, long bodyLength, @Nullable BodySource from, @Nullable Stored what) {
        x.forgetResponseBody();
        own(made);
        ofNode = false;
        length = bodyLength;
        source = from;
        stored = what;
        if (from == null) {
            body = NO_BODY;
        }
    }

    /** The node's body goes by way of {@code from}, which stores it. */
    void storing(ResponseHead lent, BodySource from, Stored what) {
        ResponseHead copy = loop.responseHead();
        copy.setStatus(lent.status(), lent.reason());
        copy.addAll(lent);
        own(copy);
        source = from;
        stored = what;
    }

    /**
     * A rule answers with {@code made}, which belongs to the answer from now on; what has come of
     * the body goes to {@code from}.
     */
    void streamed(ResponseHead made, long bodyLength, StreamedAnswer from) {
        byte[] whole = body;
        ExchangeRecord record = x.record();
        if (whole != null) {
            from.nodeData(Unpooled.wrappedBuffer(whole));
        } else {
            record.receivedFromNode += record.bytesToClient;
        }
        record.bytesToClient = 0;
        boolean complete = flow.handOver(from) || whole != null;
        if (record.replyNanos == 0) {
            record.replyNanos = loop.nanos();
        }
        own(made);
        body = null;
        length = bodyLength;
        source = from;
        stored = null;
        if (complete) {
            from.nodeEnd();
        }
    }

    /** The answer that a rule sends piece by piece; null when none does. */
    @Nullable StreamedAnswer streamed() {
        return source instanceof StreamedAnswer streaming ? streaming : null;
    }

    /** Sends {@code other} in place of the body out of the store. */
    void sendInstead(BodySource other) {
        releaseSource();
        source = other;
    }

    /** Lets go of what the body comes from; what is known of it stays. */
    void releaseSource() {
        BodySource from = source;
        if (from != null) {
            from.release();
        }
    }

    /** The node's head is not readable any more. */
    void nodeReleased() {
        if (!own) {
            head = null;
        }
    }

    /** Nobody reads the head any more. */
    void close() {
        giveBack();
        head = null;
    }

    // ---- its way to the client

    /** The body on its way. */
    ResponseFlow flow() {
        return flow;
    }

    /** Whether the client has got the head. */
    boolean begun() {
        return flow.open();
    }

    /** Whether the client has got all of it. */
    boolean complete() {
        return flow.complete();
    }

    /**
     * Puts a filter in front of the client, and behind filters that are there already: bodies meet
     * the first one added first. Steps call it before the {@link Reply}; one that changes the
     * length of the body calls {@link #length(long)} too.
     */
    void filter(Function<BodySink, ResponseFilter> maker) {
        flow.filter(maker);
    }

    /** Sends the head, and the body as far as it has come. */
    void send() {
        ResponseHead sent = head;
        if (sent == null) {
            x.fail(new TrafficFault.Internal("no response before the reply"));
            return;
        }
        x.answered(sent.status());
        FieldName idField = x.server().idForClients();
        if (idField != null) {
            sent.set(idField, x.id());
        }
        ClientSide client = x.client();
        NodeSide side = x.attempts().side();
        if (sent.status() == 101 && side != null) {
            tunnel = true;
            x.attempts().usedAs(Use.TUNNEL);
            x.requestFlow().reopen();
            client.respond(sent, 0);
            side.tunnel();
            client.tunnel();
        } else {
            frame(sent);
            client.respond(sent, length);
        }
        byte[] made = body;
        if (made != null) {
            if (made.length > 0 && length != 0) {
                pass(Unpooled.wrappedBuffer(made), side);
            }
            end(null);
        }
        BodySource from = source;
        if (flow.begin(side)) {
            passed();
        } else if (from != null) {
            from.pull();
        }
    }

    /**
     * Has the body be what the client expects from method and status, which rules may have changed
     * behind its back (RFC 9112 section 6.3).
     */
    private void frame(ResponseHead sent) {
        int status = sent.status();
        if (x.request().method() == Method.HEAD || status == 204 || status == 304) {
            if (status == 204) {
                sent.remove(FieldName.CONTENT_LENGTH);
            }
            if (length != 0) {
                length = 0;
                flow.withoutBody();
            }
        } else if (length >= 0 && !sent.contains(FieldName.CONTENT_LENGTH)) {
            sent.set(FieldName.CONTENT_LENGTH, Long.toString(length));
        }
    }

    /** A piece of the node's body; the answer becomes its owner. */
    void nodeData(ByteBuf piece, @Nullable NodeSide side) {
        BodySource from = source;
        if (from != null) {
            x.record().receivedFromNode += piece.readableBytes();
            from.nodeData(piece);
        } else {
            pass(piece, side);
        }
    }

    /** Whether the next bytes of the node's body may go to the client unread. */
    boolean passesUnread() {
        return source == null && flow.passesUnread();
    }

    /** The next {@code bytes} of the node's body lie unread in the pipe of the event loop. */
    void nodeUnread(int bytes, @Nullable NodeSide side) {
        x.record().bytesToClient += bytes;
        flow.unread(bytes, side);
    }

    /** A piece of a body out of the store; the answer becomes its owner. */
    void storedData(ByteBuf piece) {
        pass(piece, null);
    }

    private void pass(ByteBuf piece, @Nullable NodeSide side) {
        x.record().bytesToClient += piece.readableBytes();
        flow.data(piece, side);
    }

    /** The body is complete. */
    void end(@Nullable Fields trailers) {
        if (!x.isOver() && flow.end(trailers)) {
            passed();
        }
    }

    /** The client has all of the body. */
    private void passed() {
        if (!tunnel) {
            x.finish();
            return;
        }
        nodeDirectionDone = true;
        x.client().flush();
        if (x.requestComplete()) {
            x.finish();
        }
    }

    /** Whether bytes go both ways unchanged. */
    boolean isTunnel() {
        return tunnel;
    }

    /** Whether the tunnel carries nothing more from the node. */
    boolean isTunnelHalfDone() {
        return tunnel && nodeDirectionDone;
    }

    /** Whether the client takes more of a body out of the store. */
    boolean clientTakesMore() {
        if (!x.client().writable()) {
            flow.flush();
        }
        return x.client().writable();
    }

    /** The client takes data again. */
    void clientWritable() {
        BodySource from = source;
        if (!flow.open()) {
            return;
        }
        if (from != null) {
            from.pull();
        } else {
            x.attempts().pauseResponse(false);
        }
    }

    /** Sends what has been written so far, when the event loop has handled what is ready now. */
    void flush() {
        flow.flush();
    }

    /** What comes of the body goes to {@code absent} from now on. */
    void leaveClient(AbsentClient absent) {
        flow.drop();
        flow = new ResponseFlow(absent);
    }

    /** Nothing more of the body goes to the client. */
    void drop() {
        flow.drop();
    }

    private void own(ResponseHead made) {
        giveBack();
        head = made;
        own = true;
    }

    private void giveBack() {
        ResponseHead before = head;
        if (own && before != null) {
            own = false;
            loop.giveBack(before);
        }
    }
}
