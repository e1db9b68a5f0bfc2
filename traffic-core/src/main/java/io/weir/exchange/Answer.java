package io.weir.exchange;

import io.weir.cache.Stored;
import io.weir.http.Framing;
import io.weir.http.ResponseHead;

import org.jspecify.annotations.Nullable;

/**
 * The answer of one exchange, as far as it has come: lent by the node side, made by Weir, or taken
 * out of the store. Confined to one event loop.
 */
final class Answer {

    private static final byte[] NO_BODY = {};

    private final LoopContext loop;

    private @Nullable ResponseHead head;
    private boolean own;
    private byte @Nullable [] body;
    private @Nullable BodySource source;
    private @Nullable Stored stored;
    private long length;

    Answer(LoopContext loop) {
        this.loop = loop;
    }

    /** The head; null before there is one. */
    @Nullable ResponseHead head() {
        return head;
    }

    /** The length of the body as {@link Framing} knows lengths. */
    long length() {
        return length;
    }

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

    /** Whether the head is that of a node. */
    boolean isOfNode() {
        return head != null && !own;
    }

    /** Whether the body comes out of the store from its first to its last byte. */
    boolean isWholeFromStore() {
        return source instanceof StoredSource from && !(from instanceof FillingSource);
    }

    /** A node has answered; {@code lent} is readable until {@link #nodeReleased}. */
    void ofNode(ResponseHead lent, long bodyLength) {
        giveBack();
        head = lent;
        length = bodyLength;
    }

    /** Weir answers with {@code made}, which belongs to the answer from now on. */
    void ofWeir(ResponseHead made, byte[] itsBody) {
        own(made);
        body = itsBody;
        length = itsBody.length;
    }

    /**
     * The store answers with {@code made}, which belongs to the answer from now on.
     *
     * @param from where the body comes from; null for none
     * @param what is sent as it is stored; null when it is not
     */
    void ofStore(
            ResponseHead made, long bodyLength, @Nullable BodySource from, @Nullable Stored what) {
        own(made);
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
     * A rule answers with {@code made}, which belongs to the answer from now on.
     *
     * @param from where the body comes from
     */
    void streamed(ResponseHead made, long bodyLength, BodySource from) {
        own(made);
        body = null;
        length = bodyLength;
        source = from;
        stored = null;
    }

    /** Sends {@code other} in place of the body out of the store. */
    void sendInstead(BodySource other) {
        releaseSource();
        source = other;
    }

    /** Gives up what the body would come from. */
    void forgetSource() {
        releaseSource();
        source = null;
        stored = null;
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
