package io.weir.exchange;

import io.netty.buffer.ByteBuf;
import io.weir.config.Protocol;
import io.weir.config.VirtualServerConfig;
import io.weir.pool.Lease;
import io.weir.pool.NodeFailure;

import org.jspecify.annotations.Nullable;

/**
 * The bytes of one stream on their way between client and node. Each piece goes on as it came,
 * unless rules want to see it first; what the client says before there is a node waits in the
 * {@link Opening}. Confined to one event loop.
 */
public final class StreamRelay {

    private final StreamExchange x;
    private final StreamClient client;
    private final ExchangeRecord record;
    private final StreamWatch watch;
    private final Opening opening;
    private final @Nullable StreamRules rules;

    private final StreamDirection toNode = new StreamDirection();
    private final StreamDirection toClient = new StreamDirection();
    private @Nullable StreamEnd node;
    private boolean sent;
    private boolean answered;

    StreamRelay(
            StreamExchange x,
            StreamClient client,
            StreamWatch watch,
            Opening opening,
            @Nullable StreamRules rules) {
        this.x = x;
        this.client = client;
        this.record = x.record();
        this.watch = watch;
        this.opening = opening;
        this.rules = rules;
    }

    // ---- the node

    /** The connection to the node; null without one. */
    @Nullable StreamEnd node() {
        return node;
    }

    /** The connection to the node is there: what waited goes to it. */
    void begin(StreamEnd connection) {
        node = connection;
        StreamRules ruled = rules;
        ByteBuf first = ruled == null ? opening.take() : ruled.first();
        if (first != null) {
            sent = true;
            connection.write(first);
        }
        connection.flush();
        if (toNode.ended() && opening.length() == 0) {
            toNode.close(connection);
        }
        if (connection.writable()) {
            toNode.letGo(client);
        }
    }

    /** Gives the node's connection up. */
    void leaveNode() {
        StreamEnd side = node;
        node = null;
        toNode.changeTaker();
        if (side != null) {
            side.close();
        }
    }

    /** Whether anything has been sent to the node. */
    boolean sent() {
        return sent;
    }

    /** Whether the node should have spoken first and nothing has gone either way yet. */
    boolean silent() {
        return x.server().config().protocol().kind() == Protocol.Kind.SERVER_FIRST
                && !sent
                && !answered;
    }

    // ---- what the client's connection reports

    /** A piece of what the client sends; the relay becomes its owner. */
    public void clientData(ByteBuf piece) {
        if (x.isOver()) {
            piece.release();
            return;
        }
        record.bytesFromClient += piece.readableBytes();
        watch.moved();
        StreamEnd side = node;
        StreamRules ruled = rules;
        if (side == null || ruled != null && ruled.holdsClient()) {
            keep(piece);
            return;
        }
        sent = true;
        side.write(piece);
        if (ruled != null) {
            ruled.clientSpeaks();
        }
        if (!takesMore(side)) {
            toNode.hold(client);
        }
    }

    /** What waits only to be flushed does not make a taker slow. */
    private static boolean takesMore(StreamEnd taker) {
        if (!taker.writable()) {
            taker.flush();
        }
        return taker.writable();
    }

    private void keep(ByteBuf piece) {
        opening.add(piece);
        StreamRules ruled = rules;
        if (x.wantsBytes()) {
            x.clientSpoke();
        } else if (ruled != null) {
            ruled.clientBytes();
        }
        VirtualServerConfig config = x.server().config();
        int most =
                x.wantsBytes()
                        ? Math.max(config.maxClientBuffer(), ClientHello.LONGEST * 2)
                        : config.maxClientBuffer();
        if (ruled != null) {
            most = Math.max(most, ruled.wanted() + 1);
        }
        if (!x.isOver() && opening.length() >= most) {
            toNode.hold(client);
        }
    }

    /** Whether what the client sends next may go to the node unread. */
    public boolean clientPassesUnread() {
        StreamEnd side = node;
        return sent && side != null && rules == null && !x.isOver() && side.takesUnread();
    }

    /**
     * The next {@code bytes} of the client lie unread in the pipe of the event loop; only where
     * {@link #clientPassesUnread} has just said so.
     */
    public void clientUnread(int bytes) {
        StreamEnd side = node;
        if (side == null) {
            return;
        }
        record.bytesFromClient += bytes;
        watch.moved();
        side.unread(bytes);
        if (!takesMore(side)) {
            toNode.hold(client);
        }
    }

    /** What the client had to say for now has been handed on. */
    public void clientReadComplete() {
        StreamEnd side = node;
        if (side != null) {
            side.flush();
        }
    }

    /** The client takes data again. */
    public void clientWritable() {
        if (client.writable()) {
            readNode();
        }
    }

    /** The client has ended its direction. */
    public void clientEnd() {
        if (x.isOver() || toNode.ended()) {
            return;
        }
        toNode.end();
        watch.moved();
        StreamEnd side = node;
        StreamRules ruled = rules;
        if (ruled != null) {
            ruled.clientEnded();
        }
        if (x.isOver()) {
            return;
        }
        if (side != null) {
            if (ruled == null || !ruled.holdsClientEnd()) {
                toNode.close(side);
            }
        } else if (x.wantsBytes()) {
            // Port scanners and health checks of balancers in front do this: nothing went wrong.
            x.end(null);
        }
    }

    /** Whether the client has ended its direction. */
    boolean clientEnded() {
        return toNode.ended();
    }

    /** What goes to the client has been sent to its end. */
    public void clientOutputClosed() {
        toClient.closed();
        finishWhenEnded();
    }

    // ---- what the node's connection reports

    /** A piece of what the node sends; the relay becomes its owner. */
    public void nodeData(ByteBuf piece) {
        if (x.isOver()) {
            piece.release();
            return;
        }
        watch.moved();
        if (!answered) {
            firstAnswer();
        }
        StreamRules ruled = rules;
        if (ruled != null && ruled.holdsNode()) {
            ruled.nodeBytes(piece);
            if (ruled.heldOfNode() >= x.server().config().maxServerBuffer()) {
                holdNode();
            }
            return;
        }
        record.bytesToClient += piece.readableBytes();
        client.write(piece);
        if (!takesMore(client)) {
            holdNode();
        }
        if (ruled != null) {
            ruled.nodeSpeaks();
        }
    }

    /** Whether what the node sends next may go to the client unread. */
    public boolean nodePassesUnread() {
        return answered && rules == null && !x.isOver() && client.takesUnread();
    }

    /**
     * The next {@code bytes} of the node lie unread in the pipe of the event loop; only where
     * {@link #nodePassesUnread} has just said so.
     */
    public void nodeUnread(int bytes) {
        watch.moved();
        record.bytesToClient += bytes;
        client.unread(bytes);
        if (!takesMore(client)) {
            holdNode();
        }
    }

    private void holdNode() {
        StreamEnd side = node;
        if (side != null && !x.isOver()) {
            toClient.hold(side);
        }
    }

    private void firstAnswer() {
        answered = true;
        long now = x.context().nanos();
        record.replyNanos = now;
        Lease chosen = x.search().lease();
        if (chosen != null) {
            chosen.replied(0, now - record.sentNanos);
        }
    }

    /** What the node had to say for now has been handed on. */
    public void nodeReadComplete() {
        if (!x.isOver()) {
            client.flush();
        }
    }

    /** The node takes data again. */
    public void nodeWritable() {
        StreamEnd side = node;
        if (side != null && side.writable() && !x.isOver()) {
            toNode.letGo(client);
        }
    }

    /** The node has ended its direction. */
    public void nodeEnd() {
        if (x.isOver() || toClient.ended()) {
            return;
        }
        if (silent()) {
            x.nodeFailed(
                    NodeFailure.CLOSED_EARLY,
                    x.search().nodeText() + " closed before it had said a word");
            return;
        }
        toClient.end();
        watch.moved();
        StreamRules ruled = rules;
        if (ruled != null && ruled.holdsNodeEnd()) {
            ruled.nodeEnded();
        } else {
            toClient.close(client);
        }
    }

    /** What goes to the node has been sent to its end. */
    public void nodeOutputClosed() {
        toNode.closed();
        finishWhenEnded();
    }

    private void finishWhenEnded() {
        if (toClient.isClosed() && toNode.isClosed()) {
            x.finish();
        }
    }

    // ---- what rules want

    /** Sends to the node what rules have let through; null when that is nothing. */
    void passToNode(@Nullable ByteBuf bytes) {
        StreamEnd side = node;
        if (x.isOver() || side == null) {
            if (bytes != null) {
                bytes.release();
            }
            return;
        }
        if (bytes != null) {
            sent = true;
            side.write(bytes);
        }
        side.flush();
        if (toNode.ended() && opening.length() == 0) {
            toNode.close(side);
        }
        if (side.writable()) {
            readClient();
        }
    }

    /** Sends to the client what rules have let through, or made; null when that is nothing. */
    void passToClient(@Nullable ByteBuf bytes) {
        if (x.isOver()) {
            if (bytes != null) {
                bytes.release();
            }
            return;
        }
        if (bytes != null) {
            record.bytesToClient += bytes.readableBytes();
            client.write(bytes);
        }
        client.flush();
        StreamRules ruled = rules;
        if (toClient.ended() && (ruled == null || !ruled.holdsNodeEnd())) {
            toClient.close(client);
        }
        if (takesMore(client)) {
            readNode();
        } else {
            holdNode();
        }
    }

    /** Another time without movement holds from now on. */
    void idleLimitChanged() {
        // Without a node other times hold, which begin at other moments.
        if (node != null && !x.isOver()) {
            watch.start();
        }
    }

    /** Bytes of the client are wanted. */
    void readClient() {
        if (!x.isOver()) {
            toNode.letGo(client);
        }
        if (node == null) {
            watch.start();
        }
    }

    /** Bytes of the node are wanted. */
    void readNode() {
        StreamEnd side = node;
        if (side != null && !x.isOver()) {
            toClient.letGo(side);
        }
    }
}
