package io.weir.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weir.http.BodySink;
import io.weir.http.DigestFields;
import io.weir.http.FieldName;
import io.weir.http.Fields;
import io.weir.http.ResponseHead;

import org.jspecify.annotations.Nullable;

/** The bodies of an exchange as rules read and replace them. Confined to its event loop. */
final class RuleBodies {

    private final Exchange x;
    private final RequestFlow requestFlow;
    private final ResponseFlow responseFlow;
    private byte @Nullable [] newResponse;

    RuleBodies(Exchange x, RequestFlow requestFlow, ResponseFlow responseFlow) {
        this.x = x;
        this.requestFlow = requestFlow;
        this.responseFlow = responseFlow;
    }

    void awaitRequest(long limit, Runnable done) {
        if (!requestFlow.complete() && x.request().contains(FieldName.EXPECT)) {
            // The client sends nothing before somebody tells it to go on, and no node will.
            x.request().remove(FieldName.EXPECT);
            ResponseHead head = x.context().responseHead();
            head.setStatus(100, "Continue");
            x.client().interim(head);
            x.client().flush();
            x.context().giveBack(head);
        }
        requestFlow.await(limit, done);
    }

    byte @Nullable [] request() {
        return requestFlow.body();
    }

    /** Replaces the body; its framing follows, and what was true of the old one alone goes. */
    void request(byte[] body) {
        requestFlow.replace(body);
        x.requestLength(body.length);
        x.request().remove(FieldName.CONTENT_ENCODING);
        x.request().remove(FieldName.TRANSFER_ENCODING);
        DigestFields.removeAll(x.request());
        x.request().set(FieldName.CONTENT_LENGTH, Integer.toString(body.length));
    }

    /** Waits for the body of the answer; a tunnel has none. */
    void awaitResponse(long limit, Runnable done) {
        if (newResponse != null || x.answer().body() != null || switches()) {
            done.run();
        } else {
            responseFlow.await(limit, x.attempts().side(), done);
        }
    }

    /** Whether the answer makes the connection a tunnel. */
    private boolean switches() {
        ResponseHead head = x.response();
        return head != null && head.status() == 101;
    }

    byte @Nullable [] response() {
        byte[] replaced = newResponse;
        if (replaced != null) {
            return replaced;
        }
        byte[] own = x.answer().body();
        if (own != null) {
            return own;
        }
        return switches() ? new byte[0] : responseFlow.body();
    }

    /** Whether a rule has replaced the body of the answer. */
    boolean replaced() {
        return newResponse != null;
    }

    /**
     * Replaces the body; what comes from the node instead is thrown away, with what was true of
     * that alone.
     */
    void response(byte[] body) {
        ResponseHead head = x.response();
        if (head == null) {
            return;
        }
        if (newResponse == null) {
            x.answer().filter(Replacement::new);
        }
        newResponse = body;
        x.answer().length(body.length);
        head.remove(FieldName.CONTENT_ENCODING);
        DigestFields.removeAll(head);
        head.set(FieldName.CONTENT_LENGTH, Integer.toString(body.length));
    }

    /** Lets the new body through in place of the old one. */
    private final class Replacement implements ResponseFilter {
        private final BodySink taker;

        Replacement(BodySink taker) {
            this.taker = taker;
        }

        @Override
        public void data(ByteBuf piece) {
            piece.release();
        }

        @Override
        public void end(@Nullable Fields trailers) {
            byte[] body = newResponse;
            if (body != null && body.length > 0) {
                taker.data(Unpooled.wrappedBuffer(body));
            }
            taker.end(null);
        }
    }
}
