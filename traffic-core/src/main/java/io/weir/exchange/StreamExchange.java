package io.weir.exchange;

import io.netty.buffer.ByteBuf;
import io.weir.config.PoolConfig;
import io.weir.config.Protocol;
import io.weir.config.VirtualServerConfig;
import io.weir.explain.ConnectionState;
import io.weir.fault.TrafficFault;
import io.weir.pool.Lease;
import io.weir.pool.NodeFailure;
import io.weir.pool.Use;
import io.weir.rate.Turn;
import io.weir.time.DeadlineWheel.Deadline;
import io.weir.tls.ClientTls;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * One client connection of a TCP service from its first to its last byte, and the record of what
 * was decided for it: the meeting point of the client's connection, the steps of the path and the
 * node's connection. Confined to one event loop.
 *
 * <p>Each piece goes on as it came; each direction is held back while its taker is full, and ends
 * when its sender ends it.
 */
public final class StreamExchange implements NodeSearch.Owner, StreamLogRecord.Shown {

    private static final Logger LOG = LoggerFactory.getLogger(StreamExchange.class);

    private final VirtualServer server;
    private final LoopContext loop;
    private final StreamConnections connections;
    private final StreamClient client;
    private final ExchangeRecord record;
    private final long number;
    private final NodeSearch search;
    private final Opening opening = new Opening();
    private final StreamWatch watch;

    private final @Nullable CarriedSession session;
    private final @Nullable StreamRules rules;

    private int position;
    private @Nullable StreamEnd node;
    private @Nullable String serverName;
    private @Nullable Deadline transactionDeadline;

    private @Nullable Turn turn;
    private boolean wantsBytes;
    private long waitsSince;
    private boolean clientPaused;
    private boolean nodePaused;
    private boolean clientEnded;
    private boolean nodeEnded;
    private boolean sent;
    private boolean answered;
    private boolean clientClosing;
    private boolean nodeClosing;
    private boolean clientOutputClosed;
    private boolean nodeOutputClosed;
    private boolean over;

    public StreamExchange(
            VirtualServer server,
            LoopContext loop,
            StreamConnections connections,
            StreamClient client) {
        this.server = server;
        this.loop = loop;
        this.connections = connections;
        this.client = client;
        this.number = loop.nextExchange();
        this.record = new ExchangeRecord(loop.nanos());
        this.watch = new StreamWatch(this);
        this.search = new NodeSearch(this, loop, record, server.pool());
        this.session = CarriedSession.of(server, this, loop);
        if (session != null) {
            search.session(session);
        }
        this.waitsSince = record.beginNanos();
        this.rules = server.rules().isEmpty() ? null : new StreamRules(this, opening);
    }

    // ---- the path

    /** Sends the stream on its way. */
    public void begin() {
        server.account().begun(this);
        Duration limit = server.config().maxTransactionDuration();
        if (!limit.isZero()) {
            Deadline deadline = new TransactionDeadline(this, limit);
            transactionDeadline = deadline;
            loop.deadlines().set(deadline, limit.toNanos());
        }
        watch.moved();
        advance();
        watch.start();
    }

    private static final class TransactionDeadline extends Deadline {
        private final StreamExchange x;
        private final Duration limit;

        TransactionDeadline(StreamExchange x, Duration limit) {
            this.x = x;
            this.limit = limit;
        }

        @Override
        protected void expired() {
            x.breakOff(
                    new TrafficFault.TookTooLong(
                            "the connection lasted longer than max-transaction-duration "
                                    + limit.toMillis()
                                    + " ms"));
        }
    }

    private void advance() {
        while (!over) {
            switch (server.streamPath().step(position).run(this)) {
                case Next.Continue _ -> position++;
                case Next.Wait _ -> {
                    return;
                }
                case Next.Fail fail -> {
                    end(fail.fault());
                    return;
                }
                case Next.Answer _, Next.FromStore _ -> {
                    end(new TrafficFault.Internal("a stream cannot be answered with a page"));
                    return;
                }
            }
        }
    }

    /** The stream waits for its turn at a rate class. */
    void awaits(Turn place) {
        turn = place;
    }

    /** Goes on after a step that said {@link Next#WAIT}, with what it has decided since. */
    void proceed(Next next) {
        turn = null;
        loop.tick();
        if (over) {
            return;
        }
        if (next instanceof Next.Fail fail) {
            end(fail.fault());
        } else {
            position++;
            advance();
        }
    }

    private void cancelTurn() {
        Turn place = turn;
        if (place != null) {
            turn = null;
            place.cancel();
        }
    }

    /** The rules that had to wait are over. */
    void ruled(Next next) {
        if (!over && next instanceof Next.Continue) {
            position++;
            advance();
            watch.start();
        }
    }

    /** A rule has answered: the path begins anew when the client speaks again. */
    Next awaitMore() {
        if (clientEnded) {
            end(null);
            return Next.WAIT;
        }
        position = 0;
        wantsBytes = true;
        waitsSince = loop.nanos();
        watch.start();
        return Next.WAIT;
    }

    /** Sends to the node what rules have let through; null when that is nothing. */
    void passToNode(@Nullable ByteBuf bytes) {
        StreamEnd side = node;
        if (over || side == null) {
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
        if (clientEnded && opening.length() == 0) {
            closeNodeOutput(side);
        }
        if (side.writable()) {
            readClient();
        }
    }

    private void closeNodeOutput(StreamEnd side) {
        if (!nodeClosing) {
            nodeClosing = true;
            side.closeOutput();
        }
    }

    private void closeClientOutput() {
        if (!clientClosing) {
            clientClosing = true;
            client.closeOutput();
        }
    }

    /** Bytes of the client are wanted. */
    void readClient() {
        if (clientPaused && !over) {
            clientPaused = false;
            client.pause(false);
        }
        if (node == null) {
            watch.start();
        }
    }

    /** Bytes of the node are wanted. */
    void readNode() {
        StreamEnd side = node;
        if (nodePaused && side != null && !over) {
            nodePaused = false;
            side.pause(false);
        }
    }

    /** Sends to the client what rules have let through, or made; null when that is nothing. */
    void passToClient(@Nullable ByteBuf bytes) {
        if (over) {
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
        if (nodeEnded) {
            closeClientOutput();
        }
        if (client.writable()) {
            readNode();
        }
    }

    /** What the client has sent and no node has got yet; null when that is nothing. */
    @Nullable ByteBuf held() {
        return opening.bytes();
    }

    /** The step runs again when the client has sent more. */
    Next awaitBytes() {
        if (clientEnded) {
            return new Next.Fail(
                    new TrafficFault.ClientGone("the client ended before it had said enough"));
        }
        wantsBytes = true;
        return Next.WAIT;
    }

    /** The name that the client asks for, where the protocol has one. */
    void asks(@Nullable String name) {
        serverName = name;
    }

    // ---- choosing a node

    NodeSearch search() {
        return search;
    }

    @Override
    public boolean isOver() {
        return over;
    }

    @Override
    public void found() {
        position++;
        advance();
    }

    @Override
    public void chooseAgain() {
        advance();
    }

    @Override
    public void notFound(TrafficFault why) {
        end(why);
    }

    void connect() {
        Lease chosen = search.lease();
        if (chosen == null) {
            end(new TrafficFault.Internal("no node was chosen before connecting"));
        } else {
            chosen.usedAs(Use.TCP_STREAM);
            connections.connect(this, chosen);
        }
    }

    // ---- what the node's connection reports

    @Override
    public boolean waitsFor(Lease chosen) {
        return !over && search.lease() == chosen && node == null;
    }

    /** The connection to the chosen node is there. */
    public void nodeReady(StreamEnd connection) {
        if (over) {
            connection.close();
            return;
        }
        node = connection;
        record.connectedNanos = loop.nanos();
        record.sentNanos = record.connectedNanos;
        watch.moved();
        StreamRules ruled = rules;
        ByteBuf first = ruled == null ? opening.take() : ruled.first();
        if (first != null) {
            sent = true;
            connection.write(first);
        }
        connection.flush();
        if (clientEnded && opening.length() == 0) {
            closeNodeOutput(connection);
        }
        if (clientPaused && connection.writable()) {
            clientPaused = false;
            client.pause(false);
        }
        watch.start();
    }

    /**
     * The attempt on the chosen node has failed, or the connection to it has broken. While no byte
     * has gone either way another node may be tried, and nobody notices.
     */
    @Override
    public void nodeFailed(NodeFailure why, String text) {
        Lease chosen = search.lease();
        if (over || chosen == null) {
            return;
        }
        boolean connected = node != null;
        TrafficFault fault = NodeSearch.faultOf(why, text);
        if (connected && !silent()) {
            // Whose fault it is cannot be told: nonsense of a client also makes nodes hang up.
            breakOff(fault);
            return;
        }
        chosen.failed(why, text);
        search.tried(chosen.node(), why);
        search.lastFault(fault);
        releaseNode();
        if (chosen.pool().mayRetry()) {
            record.retries++;
            position = server.streamPath().chooseNode();
            advance();
        } else {
            end(fault);
        }
    }

    /** Whether the node should have spoken first and nothing has gone either way yet. */
    boolean silent() {
        return server.config().protocol().kind() == Protocol.Kind.SERVER_FIRST
                && !sent
                && !answered;
    }

    @Override
    public void lacksResources(String text) {
        end(new TrafficFault.NoResources(text));
    }

    /** A piece of what the node sends; the exchange becomes its owner. */
    public void nodeData(ByteBuf piece) {
        if (over) {
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
            if (ruled.heldOfNode() >= server.config().maxServerBuffer()) {
                pauseNode();
            }
            return;
        }
        record.bytesToClient += piece.readableBytes();
        client.write(piece);
        if (!client.writable()) {
            client.flush();
            if (!client.writable()) {
                pauseNode();
            }
        }
        if (ruled != null) {
            ruled.nodeSpeaks();
        }
    }

    private void pauseNode() {
        StreamEnd side = node;
        if (!over && side != null && !nodePaused) {
            nodePaused = true;
            side.pause(true);
        }
    }

    private void firstAnswer() {
        answered = true;
        long now = loop.nanos();
        record.replyNanos = now;
        Lease chosen = search.lease();
        if (chosen != null) {
            chosen.replied(0, now - record.sentNanos);
        }
    }

    /** What the node had to say for now has been handed on. */
    public void nodeReadComplete() {
        if (!over) {
            client.flush();
        }
    }

    /** The node takes data again. */
    public void nodeWritable() {
        StreamEnd side = node;
        if (!over && clientPaused && side != null && side.writable()) {
            clientPaused = false;
            client.pause(false);
        }
    }

    /** The node has ended its direction. */
    public void nodeEnd() {
        if (over || nodeEnded) {
            return;
        }
        if (silent()) {
            nodeFailed(
                    NodeFailure.CLOSED_EARLY,
                    search.nodeText() + " closed before it had said a word");
            return;
        }
        nodeEnded = true;
        watch.moved();
        StreamRules ruled = rules;
        if (ruled != null && ruled.holdsNodeEnd()) {
            ruled.nodeEnded();
        } else {
            closeClientOutput();
        }
    }

    /** The node's connection has gone. */
    public void nodeLost() {
        nodeFailed(NodeFailure.RESET, search.nodeText() + " broke the connection");
    }

    // ---- what the client's connection reports

    /** A piece of what the client sends; the exchange becomes its owner. */
    public void clientData(ByteBuf piece) {
        if (over) {
            piece.release();
            return;
        }
        record.bytesFromClient += piece.readableBytes();
        watch.moved();
        StreamEnd side = node;
        StreamRules ruled = rules;
        if (side == null || ruled != null && ruled.holdsClient()) {
            hold(piece);
            return;
        }
        sent = true;
        side.write(piece);
        if (ruled != null) {
            ruled.clientSpeaks();
        }
        if (!side.writable()) {
            side.flush();
            if (!clientPaused && !side.writable()) {
                clientPaused = true;
                client.pause(true);
            }
        }
    }

    private void hold(ByteBuf piece) {
        opening.add(piece);
        StreamRules ruled = rules;
        if (wantsBytes) {
            wantsBytes = false;
            advance();
            watch.start();
        } else if (ruled != null) {
            ruled.clientBytes();
        }
        VirtualServerConfig config = server.config();
        int most =
                wantsBytes
                        ? Math.max(config.maxClientBuffer(), ClientHello.LONGEST * 2)
                        : config.maxClientBuffer();
        if (ruled != null) {
            most = Math.max(most, ruled.wanted() + 1);
        }
        if (!over && !clientPaused && opening.length() >= most) {
            clientPaused = true;
            client.pause(true);
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
        StreamEnd side = node;
        if (!over && nodePaused && side != null && client.writable()) {
            nodePaused = false;
            side.pause(false);
        }
    }

    /** The client has ended its direction. */
    public void clientEnd() {
        if (over || clientEnded) {
            return;
        }
        clientEnded = true;
        watch.moved();
        StreamEnd side = node;
        StreamRules ruled = rules;
        if (ruled != null) {
            ruled.clientEnded();
        }
        if (over) {
            return;
        }
        if (side != null) {
            if (ruled == null || !ruled.holdsClientEnd()) {
                closeNodeOutput(side);
            }
        } else if (wantsBytes) {
            // Port scanners and health checks of balancers in front do this: nothing went wrong.
            end(null);
        }
    }

    /** The client's connection has gone. */
    public void clientLost() {
        if (!over) {
            record.fault = new TrafficFault.ClientGone("the client broke the connection");
            StreamEnd side = node;
            if (side != null) {
                side.reset();
            }
            finish();
        }
    }

    // ---- the end

    /** What goes to the client has been sent to its end. */
    public void clientOutputClosed() {
        clientOutputClosed = true;
        finishWhenEnded();
    }

    /** What goes to the node has been sent to its end. */
    public void nodeOutputClosed() {
        nodeOutputClosed = true;
        finishWhenEnded();
    }

    private void finishWhenEnded() {
        if (clientOutputClosed && nodeOutputClosed) {
            finish();
        }
    }

    /** The process or the listener stops: a client that has not said anything need not begin. */
    public void retire() {
        if (wantsBytes && opening.length() == 0) {
            end(null);
        }
    }

    /** Ends the stream between two words; both sides see an orderly close. */
    void end(@Nullable TrafficFault fault) {
        if (!over) {
            record.fault = fault;
            finish();
        }
    }

    /** Cuts the stream in the middle, so that neither side takes what it got for the whole. */
    public void breakOff(TrafficFault fault) {
        if (over) {
            return;
        }
        record.fault = fault;
        StreamEnd side = node;
        client.flush();
        client.reset();
        if (side != null) {
            side.reset();
        }
        finish();
    }

    private void finish() {
        if (over) {
            return;
        }
        over = true;
        wantsBytes = false;
        record.endNanos = loop.nanos();
        record.persistence = session == null ? null : session.ended();
        watch.stop();
        Deadline deadline = transactionDeadline;
        if (deadline != null) {
            loop.deadlines().forget(deadline);
        }
        cancelTurn();
        search.cancelWaiting();
        opening.drop();
        StreamRules ruled = rules;
        if (ruled != null) {
            try {
                ruled.drop();
            } catch (RuntimeException e) {
                LOG.error("defect in the completion rules of {}", server.name(), e);
            }
        }
        record.sentToClient = record.bytesToClient;
        record.receivedFromNode = record.bytesToClient;
        record.sentToNode = sent ? record.bytesFromClient : 0;
        try {
            server.account().ended(this);
        } catch (RuntimeException e) {
            LOG.error("defect in the account of {}", server.name(), e);
        }
        releaseNode();
        client.close();
    }

    private void releaseNode() {
        StreamEnd side = node;
        Lease chosen = search.release();
        node = null;
        nodeOutputClosed = false;
        nodeClosing = false;
        if (side != null) {
            side.close();
        }
        if (chosen != null) {
            if (over) {
                chosen.node().countBytes(record.receivedFromNode, record.sentToNode);
            }
            chosen.close();
        }
    }

    // ---- what others may ask

    /** Names the stream in logs; see {@link Exchange#id}. */
    @Nullable CarriedSession session() {
        return session;
    }

    @Override
    public ConnectionState stage() {
        return Stage.of(this);
    }

    @Override
    public @Nullable ClientTls tls() {
        return client.tls();
    }

    @Override
    public long number() {
        return number;
    }

    @Override
    public String id() {
        return loop.index() + "-" + Long.toString(number, 36);
    }

    @Override
    public LoopContext context() {
        return loop;
    }

    StreamClient client() {
        return client;
    }

    @Nullable StreamEnd node() {
        return node;
    }

    /** Whether the next thing to happen is that the client says something. */
    boolean waitsForClient() {
        StreamRules ruled = rules;
        return wantsBytes || node == null && ruled != null && ruled.wanted() > 0;
    }

    /** Since when the client is waited for, as reading of the ticker. */
    long waitsSince() {
        return waitsSince;
    }

    /** The rules of the stream, where its virtual server has some. */
    StreamRules rules() {
        StreamRules ruled = rules;
        if (ruled == null) {
            throw new IllegalStateException("there are no rules");
        }
        return ruled;
    }

    @Override
    public @Nullable String serverName() {
        return serverName;
    }

    @Override
    public ExchangeRecord record() {
        return record;
    }

    @Override
    public VirtualServer server() {
        return server;
    }

    @Override
    public InetSocketAddress clientAddress() {
        return client.remote();
    }

    @Override
    public byte @Nullable [] tlsSessionId() {
        return client.tlsSessionId();
    }

    @Override
    public InetSocketAddress askedAddress() {
        return client.local();
    }

    @Override
    public long hash(PoolConfig.HashKey key) {
        // A stream has neither path nor header fields.
        return Hashes.of(client.remote().getAddress().getAddress());
    }

    @Override
    public boolean repeatable() {
        return true;
    }
}
