package io.weir.exchange;

import io.netty.buffer.ByteBuf;
import io.weir.config.PoolConfig;
import io.weir.fault.TrafficFault;
import io.weir.http.FieldName;
import io.weir.http.Fields;
import io.weir.http.ResponseHead;
import io.weir.pool.Lease;
import io.weir.pool.NodeFailure;
import io.weir.pool.Pool;
import io.weir.pool.Use;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * The attempts of one HTTP exchange to get its answer from a node. Node connections report here
 * what becomes of the request; here it is decided whether it goes to a node again. Confined to one
 * event loop.
 */
public final class Attempts extends NodeSearch implements NodeSeeker {

    /** Interim responses passed on before a node is taken to be hostile. */
    private static final int MAX_INTERIM = 32;

    private final Exchange x;
    private final NodeConnections connections;

    private @Nullable NodeSide side;
    private boolean keepable = true;
    private boolean upgradeAsked;
    private int interim;

    /** The node that has got a new connection after its kept one had been closed. */
    private @Nullable Lease freshTried;

    /**
     * @param pool to be asked unless another one is named
     */
    Attempts(Exchange x, Pool pool, NodeConnections connections) {
        super(x, x.context(), x.record(), pool);
        this.x = x;
        this.connections = connections;
    }

    /** Where node connections come from. */
    NodeConnections connections() {
        return connections;
    }

    /** The connection to the node; null without one. */
    @Nullable NodeSide side() {
        return side;
    }

    // ---- asking a node

    /** The node is asked to switch protocols. */
    void askUpgrade() {
        upgradeAsked = true;
    }

    /** Whether a 101 may be accepted from the node. */
    public boolean acceptsUpgrade() {
        return upgradeAsked && !x.isOver();
    }

    /** Gets a connection to the chosen node; the request follows as soon as it is there. */
    void connect() {
        Lease chosen = lease();
        if (chosen == null) {
            x.fail(new TrafficFault.Internal("no node was chosen before the request was sent"));
            return;
        }
        PoolConfig config = chosen.config();
        boolean repeatable = x.repeats() && x.requestLength() == 0;
        // A PROXY header names one client for the whole life of a connection.
        boolean shareable = config.proxyProtocol() == PoolConfig.ProxyProtocol.OFF;
        boolean kept =
                config.keepalive()
                        && shareable
                        && tlsName() == null
                        && (repeatable || config.keepaliveNonIdempotent());
        keepable = kept && !upgradeAsked;
        connections.connect(this, chosen, !kept || freshTried == chosen);
    }

    @Override
    public boolean waitsFor(Lease chosen) {
        return !x.isOver() && lease() == chosen && side == null;
    }

    /** A connection to the chosen node is there. */
    public void nodeReady(NodeSide there) {
        if (x.isOver()) {
            there.release(false);
            return;
        }
        side = there;
        Wishes wishes = x.wishesIfAny();
        if (wishes != null) {
            wishes.nodeReady(there);
        }
        if (there.multiplexed()) {
            usedAs(Use.H2_STREAM);
        }
        ExchangeRecord record = x.record();
        record.connectedNanos = x.context().nanos();
        record.reusedConnection = there.reused();
        there.request(x.request(), x.requestLength(), keepable);
        record.sentNanos = record.connectedNanos;
        x.requestFlow().startOn(there);
    }

    /** The node takes data again. */
    public void nodeWritable() {
        NodeSide to = side;
        if (to != null && !x.isOver()) {
            x.requestFlow().nodeWritable(to);
        }
    }

    /** How many of {@code wanted} bytes may be read from the node now. */
    public int room(int wanted) {
        return x.isOver() || x.answer().source() != null ? wanted : x.client().room(wanted);
    }

    /** Stops or resumes reading what the node sends. */
    void pauseResponse(boolean paused) {
        NodeSide from = side;
        if (from != null) {
            from.pauseResponse(paused);
        }
    }

    // ---- when it did not work

    /**
     * The attempt on the chosen node has failed: before its answer began the request may go to
     * another node, afterwards the response is cut.
     */
    @Override
    public void nodeFailed(NodeFailure why, String text) {
        Lease chosen = lease();
        if (x.isOver() || chosen == null) {
            return;
        }
        NodeSide from = side;
        boolean sent = from != null;
        if (x.answer().head() != null) {
            chosen.failed(why, text);
            release(false);
            x.fail(new TrafficFault.NodeBroke(text));
            return;
        }
        TrafficFault fault = NodeSearch.faultOf(why, text);
        boolean resendable = !sent || x.mayResend();
        // A kept connection that the node had closed meanwhile says nothing about the node.
        boolean closed = why == NodeFailure.CLOSED_EARLY || why == NodeFailure.RESET;
        if (from != null && from.reused() && freshTried != chosen && closed && resendable) {
            connectAgain(chosen, from);
            return;
        }
        chosen.failed(why, text);
        giveUp(chosen, why, fault, resendable);
    }

    private void giveUp(Lease chosen, NodeFailure why, TrafficFault fault, boolean resendable) {
        tried(chosen.node(), why);
        release(false);
        lastFault(fault);
        if (resendable && chosen.pool().mayRetry()) {
            x.record().retries++;
            x.goOnAt(x.server().path().chooseNode());
        } else {
            x.fail(fault);
        }
    }

    /**
     * The node says that it has not looked at the request, which may go again whatever it is: to
     * the same node, unless that was tried already, else to another one. A node that is full, or
     * about to leave, has not failed.
     */
    public void nodeRefused(String text) {
        NodeSide from = side;
        Lease chosen = lease();
        if (x.isOver() || from == null || chosen == null) {
            return;
        }
        if (x.answer().head() != null) {
            // It has looked at the request after all.
            nodeFailed(NodeFailure.RESET, text);
            return;
        }
        boolean untouched = !x.requestFlow().begun();
        if (untouched && freshTried != chosen) {
            connectAgain(chosen, from);
        } else {
            giveUp(chosen, NodeFailure.RESET, new TrafficFault.NodeBroke(text), untouched);
        }
    }

    private void connectAgain(Lease chosen, NodeSide before) {
        freshTried = chosen;
        side = null;
        before.release(false);
        connect();
    }

    /** The chosen node cannot do what the client asks for, which is no failure of the node. */
    public void nodeLacks(String what) {
        x.fail(new TrafficFault.NodeBroke(nodeText() + " offers " + what));
    }

    @Override
    public void lacksResources(String text) {
        x.fail(new TrafficFault.NoResources(text));
    }

    /** A response rule wants another answer; whether the request is on its way again. */
    boolean retryByRule() {
        Lease chosen = lease();
        if (chosen == null || x.answer().begun() || !x.mayResend() || !chosen.pool().mayRetry()) {
            return false;
        }
        lastFault(new TrafficFault.NodeBroke(nodeText() + " was refused by a rule"));
        release(false);
        x.forgetResponseBody();
        x.record().retries++;
        // Not from within the step that is still running.
        int again = x.server().path().chooseNode();
        x.context().executor().execute(() -> x.goOnAt(again));
        return true;
    }

    /** ZXTM: a 503 of a node is tried on another one before anybody sees it. */
    private boolean triedElsewhere(Lease busy) {
        tried(busy.node(), NodeFailure.BUSY_503);
        if (!busy.pool().mayRetry()) {
            return false;
        }
        Lease better = elsewhere();
        if (better == null) {
            return false;
        }
        busy.failed(NodeFailure.BUSY_503);
        lastFault(new TrafficFault.NodeBroke(nodeText() + " answered 503"));
        release(false);
        x.record().retries++;
        take(better);
        x.goOnAt(x.server().path().chooseNode() + 1);
        return true;
    }

    // ---- when the node answers

    /** Whether the client tells from the head alone where the body ends, as HTTP/1.1 does. */
    public boolean framedByHead() {
        return !x.request().http2();
    }

    /** Whether the client wants trailers. */
    public boolean wantsTrailers() {
        return x.request().contains(FieldName.TE);
    }

    /** A 1xx response of the node; {@code head} is lent for the call only. */
    public void nodeInterim(ResponseHead head) {
        if (x.isOver() || x.answer().begun()) {
            return;
        }
        if (++interim > MAX_INTERIM) {
            nodeFailed(NodeFailure.BAD_RESPONSE, nodeText() + " sent too many interim responses");
            return;
        }
        head.removeHopByHop();
        x.client().interim(head);
        x.client().flush();
    }

    /**
     * The head of the node's answer; the body follows through {@link #nodeData}.
     *
     * @param head stays readable until the node side is released
     */
    public void nodeHead(ResponseHead head, long bodyLength) {
        Lease chosen = lease();
        if (x.isOver() || chosen == null) {
            return;
        }
        ExchangeRecord record = x.record();
        long now = x.context().nanos();
        record.replyNanos = now;
        // Where the node of a session answers, the session stays: another node does not know it.
        boolean elsewhere = head.status() == 503 && x.mayResend() && pinned() == null;
        if (elsewhere && triedElsewhere(chosen)) {
            return;
        }
        if (head.status() == 503) {
            chosen.failed(NodeFailure.BUSY_503);
        }
        chosen.replied(head.status(), now - record.sentNanos);
        x.answer().ofNode(head, bodyLength);
        x.goOnAt(x.server().path().response());
    }

    /** A piece of the node's response body; the exchange becomes its owner. */
    public void nodeData(ByteBuf piece) {
        if (x.isOver()) {
            piece.release();
        } else {
            x.answer().nodeData(piece, side);
        }
    }

    /** Whether the next bytes of the node's response body may go to the client unread. */
    public boolean passesUnread() {
        return !x.isOver() && x.answer().passesUnread();
    }

    /**
     * The next {@code bytes} of the node's response body lie unread in the pipe of the event loop;
     * only where {@link #passesUnread} has just said so.
     */
    public void nodeUnread(int bytes) {
        x.answer().nodeUnread(bytes, side);
    }

    /** The node's response is complete. */
    public void nodeEnd(@Nullable Fields trailers) {
        if (x.isOver()) {
            return;
        }
        Answer answer = x.answer();
        CacheUse use = x.cacheUse();
        BodySource from = answer.source();
        if (from != null) {
            count();
            release(true);
            from.nodeEnd();
        } else if (use != null && use.takeConfirmed()) {
            count();
            release(true);
            use.serveConfirmed(x);
        } else {
            answer.end(trailers);
        }
    }

    /** What the node had to say for now has been handed on. */
    public void nodeReadComplete() {
        if (!x.isOver() && (x.answer().begun() || interim > 0)) {
            x.answer().flush();
        }
    }

    // ---- the end of an attempt

    /** Writes down what went to the node and what came from it. */
    void count() {
        NodeSide with = side;
        if (with != null) {
            ExchangeRecord record = x.record();
            ResponseHead head = x.answer().head();
            record.sentToNode += with.bytesWritten();
            record.receivedFromNode += head == null ? 0 : head.headLength();
            if (x.answer().source() == null) {
                record.receivedFromNode += record.bytesToClient;
            }
        }
    }

    /**
     * Gives the node up.
     *
     * @param answered whether its answer is complete, so that the connection may be kept
     */
    void release(boolean answered) {
        NodeSide with = side;
        Lease chosen = release();
        side = null;
        if (with != null) {
            Wishes wishes = x.wishesIfAny();
            if (wishes != null) {
                wishes.nodeLeft();
            }
            with.release(answered && keepable && x.requestComplete());
            x.answer().nodeReleased();
        }
        if (chosen != null) {
            if (x.answer().begun()) {
                ExchangeRecord record = x.record();
                chosen.node().countBytes(record.receivedFromNode, record.sentToNode);
            }
            chosen.close(x.context().nanos());
        }
    }

    // ---- what the connection asks

    @Override
    public VirtualServer server() {
        return x.server();
    }

    @Override
    public InetSocketAddress clientAddress() {
        return x.clientAddress();
    }

    /** How long the node may take to the start of its answer, as {@code config} has it. */
    public Duration maxReplyTime(PoolConfig config) {
        Wishes wishes = x.wishesIfAny();
        return wishes == null ? config.maxReplyTime() : wishes.replyTime(config);
    }

    @Override
    public @Nullable String tlsName() {
        Wishes wishes = x.wishesIfAny();
        return wishes == null ? null : wishes.serverName();
    }

    @Override
    public InetSocketAddress askedAddress() {
        return x.client().local();
    }
}
