package io.weir.exchange;

import io.netty.buffer.ByteBuf;
import io.weir.config.PoolConfig;
import io.weir.fault.TrafficFault;
import io.weir.pool.Lease;
import io.weir.pool.NodeFailure;
import io.weir.pool.Use;
import io.weir.rate.Turn;
import io.weir.tls.ClientTls;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetSocketAddress;

/**
 * One client connection of a TCP service from its first to its last byte, and the record of what
 * was decided for it: the meeting point of the client's connection, the steps of the path and the
 * node's connection. What bytes do in between is the business of its {@link StreamRelay}. Confined
 * to one event loop.
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
    private @Nullable Wishes wishes;
    private final StreamWatch watch;
    private final Opening opening = new Opening();
    private final StreamRelay relay;
    private final @Nullable CarriedSession session;
    private final @Nullable StreamRules rules;

    private int position;
    private @Nullable String serverName;
    private @Nullable TransactionLimit limit;
    private @Nullable Turn turn;
    private boolean wantsBytes;
    private long waitsSince;
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
        this.relay = new StreamRelay(this, client, watch, opening, rules);
    }

    // ---- the path

    /** Sends the stream on its way. */
    public void begin() {
        server.account().begun(this);
        limit = TransactionLimit.of(this, server.config().maxTransactionDuration());
        watch.moved();
        advance();
        watch.start();
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

    // ---- waiting for what the client says

    /** What the client has sent and no node has got yet; null when that is nothing. */
    @Nullable ByteBuf held() {
        return opening.bytes();
    }

    /** The step runs again when the client has sent more. */
    Next awaitBytes() {
        if (relay.clientEnded()) {
            return new Next.Fail(
                    new TrafficFault.ClientGone("the client ended before it had said enough"));
        }
        wantsBytes = true;
        return Next.WAIT;
    }

    /** A rule has answered: the path begins anew when the client speaks again. */
    Next awaitMore() {
        if (relay.clientEnded()) {
            end(null);
            return Next.WAIT;
        }
        position = 0;
        wantsBytes = true;
        waitsSince = loop.nanos();
        watch.start();
        return Next.WAIT;
    }

    /** Whether the path goes on when the client has sent more. */
    boolean wantsBytes() {
        return wantsBytes;
    }

    /** The client has sent more. */
    void clientSpoke() {
        wantsBytes = false;
        advance();
        watch.start();
    }

    /** Whether the next thing to happen is that the client says something. */
    boolean waitsForClient() {
        StreamRules ruled = rules;
        return wantsBytes || node() == null && ruled != null && ruled.wanted() > 0;
    }

    /** Since when the client is waited for, as reading of the ticker. */
    long waitsSince() {
        return waitsSince;
    }

    /** The name that the client asks for, where the protocol has one. */
    void asks(@Nullable String name) {
        serverName = name;
    }

    // ---- choosing a node

    /** What rules want for this stream; null for nothing. */
    @Nullable Wishes wishesIfAny() {
        return wishes;
    }

    void wishes(Wishes wanted) {
        wishes = wanted;
    }

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

    @Override
    public long hash(PoolConfig.HashKey key) {
        // A stream has neither path nor header fields.
        return Hashes.of(clientAddress().getAddress().getAddress());
    }

    @Override
    public boolean repeatable() {
        return true;
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

    @Override
    public boolean waitsFor(Lease chosen) {
        return !over && search.lease() == chosen && node() == null;
    }

    /** The connection to the chosen node is there. */
    public void nodeReady(StreamEnd connection) {
        if (over) {
            connection.close();
            return;
        }
        record.connectedNanos = loop.nanos();
        record.sentNanos = record.connectedNanos;
        watch.moved();
        if (wishes != null) {
            wishes.nodeReady(connection);
        }
        relay.begin(connection);
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
        TrafficFault fault = NodeSearch.faultOf(why, text);
        if (node() != null && !relay.silent()) {
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

    @Override
    public void lacksResources(String text) {
        end(new TrafficFault.NoResources(text));
    }

    // ---- the end

    /** The node's connection has gone. */
    public void nodeLost() {
        nodeFailed(NodeFailure.RESET, search.nodeText() + " broke the connection");
    }

    /** The client's connection has gone. */
    public void clientLost() {
        if (!over) {
            record.fault = new TrafficFault.ClientGone("the client broke the connection");
            StreamEnd side = node();
            if (side != null) {
                side.reset();
            }
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
        StreamEnd side = node();
        client.flush();
        client.reset();
        if (side != null) {
            side.reset();
        }
        finish();
    }

    /** Ends the exchange: nothing more is to come. */
    void finish() {
        if (over) {
            return;
        }
        over = true;
        wantsBytes = false;
        record.endNanos = loop.nanos();
        record.persistence = session == null ? null : session.ended();
        watch.stop();
        if (limit != null) {
            limit.forget();
        }
        cancelTurn();
        search.cancelWaiting();
        opening.drop();
        StreamRules ruled = rules;
        if (ruled != null) {
            ruled.left();
            try {
                ruled.drop();
            } catch (RuntimeException e) {
                LOG.error("defect in the completion rules of {}", server.name(), e);
            }
        }
        record.sentToClient = record.bytesToClient;
        record.receivedFromNode = record.bytesToClient;
        record.sentToNode = relay.sent() ? record.bytesFromClient : 0;
        try {
            server.account().ended(this);
        } catch (RuntimeException e) {
            LOG.error("defect in the account of {}", server.name(), e);
        }
        releaseNode();
        client.close();
    }

    private void releaseNode() {
        Lease chosen = search.release();
        relay.leaveNode();
        if (chosen != null) {
            if (over) {
                chosen.node().countBytes(record.receivedFromNode, record.sentToNode);
            }
            chosen.close();
        }
    }

    // ---- what others may ask

    /** The bytes of the stream on their way. */
    public StreamRelay relay() {
        return relay;
    }

    /** The session that the stream belongs to; null when no class was in force. */
    @Nullable CarriedSession session() {
        return session;
    }

    @Override
    public @Nullable ClientTls tls() {
        return client.tls();
    }

    @Override
    public long number() {
        return number;
    }

    /** Names the stream in logs; see {@link Exchange#id}. */
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
        return relay.node();
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
        return wishes == null ? client.remote() : wishes.clientOr(client.remote());
    }

    @Override
    public byte @Nullable [] tlsSessionId() {
        return client.tlsSessionId();
    }

    @Override
    public @Nullable String tlsName() {
        Wishes wanted = wishes;
        return wanted == null ? null : wanted.serverName();
    }

    @Override
    public InetSocketAddress askedAddress() {
        return client.local();
    }
}
