package io.weir.exchange;

import io.netty.buffer.ByteBuf;
import io.weir.config.PoolConfig;
import io.weir.config.Protocol;
import io.weir.config.VirtualServerConfig.Udp;
import io.weir.explain.ConnectionState;
import io.weir.fault.TrafficFault;
import io.weir.pool.Lease;
import io.weir.pool.NodeFailure;
import io.weir.pool.Use;
import io.weir.time.DeadlineWheel.Deadline;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Set;

/**
 * A session of a UDP service: the datagrams of one client port, the node they go to, and the
 * answers. The datagrams of a session go to one node; a session ends when all answers have come
 * that are expected, or when nothing moves. Confined to one event loop.
 */
public final class DatagramExchange implements NodeSearch.Owner, StreamLogRecord.Shown {

    private static final Logger LOG = LoggerFactory.getLogger(DatagramExchange.class);

    /** The header of every DNS message; its first bit that counts says query or response. */
    private static final int DNS_HEADER = 12;

    private static final int DNS_RESPONSE = 0x80;

    /** Questions of one session that may be open at once; what comes beyond is not remembered. */
    private static final int MOST_QUESTIONS = 1024;

    /** Datagrams up to this size are kept for another node until the first answer. */
    private static final int KEPT = 4096;

    private final VirtualServer server;
    private final LoopContext loop;
    private final DatagramConnections connections;
    private final InetSocketAddress client;
    private final InetSocketAddress asked;
    private final DatagramEnd answers;
    private final ExchangeRecord record;
    private final long number;
    private final boolean dns;
    private final Udp settings;
    private final NodeSearch search;
    private final Set<Integer> questions = new HashSet<>();
    private final Watch watch = new Watch();

    private final @Nullable CarriedSession session;
    private final @Nullable DatagramRules rules;

    private @Nullable DatagramEnd node;
    private @Nullable ByteBuf unanswered;
    private long outstanding;
    private long lastMoved;
    private boolean answered;
    private boolean over;

    /**
     * @param answers where the client is; closed at the end of the session
     */
    public DatagramExchange(
            VirtualServer server,
            LoopContext loop,
            DatagramConnections connections,
            InetSocketAddress client,
            InetSocketAddress asked,
            DatagramEnd answers) {
        this.server = server;
        this.loop = loop;
        this.connections = connections;
        this.client = client;
        this.asked = asked;
        this.answers = answers;
        this.number = loop.nextExchange();
        this.record = new ExchangeRecord(loop.nanos());
        this.settings = server.config().udp();
        this.dns = server.config().protocol() == Protocol.DNS;
        this.lastMoved = loop.nanos();
        this.search = new NodeSearch(this, loop, record, server.pool());
        this.session = CarriedSession.of(server, this, loop);
        if (session != null) {
            search.session(session);
        }
        this.rules = server.rules().isEmpty() ? null : new DatagramRules(this);
    }

    /** Begins the session. */
    public void begin() {
        server.account().begun(this);
        loop.deadlines().set(watch, loop.nanos(), firstLook());
    }

    /** Whether {@code datagram} can open a session of {@code server}; others are thrown away. */
    public static boolean opens(VirtualServer server, ByteBuf datagram) {
        return server.config().protocol() != Protocol.DNS || question(datagram);
    }

    private static boolean question(ByteBuf datagram) {
        int at = datagram.readerIndex();
        return datagram.readableBytes() >= DNS_HEADER
                && (datagram.getByte(at + 2) & DNS_RESPONSE) == 0;
    }

    // ---- datagrams

    /** A datagram of the client; the session becomes its owner. */
    public void clientDatagram(ByteBuf datagram) {
        if (over || dns && !question(datagram)) {
            datagram.release();
            return;
        }
        record.bytesFromClient += datagram.readableBytes();
        lastMoved = loop.nanos();
        DatagramRules ruled = rules;
        if (ruled == null) {
            toNode(datagram);
        } else {
            ruled.clientDatagram(datagram);
        }
    }

    /** Sends a datagram of the client to the node; the session becomes its owner. */
    void toNode(ByteBuf datagram) {
        if (over || node == null && !choose()) {
            datagram.release();
            return;
        }
        if (dns) {
            // A rule may have made something else of it.
            if (question(datagram) && questions.size() < MOST_QUESTIONS) {
                questions.add(datagram.getUnsignedShort(datagram.readerIndex()));
            }
        } else {
            outstanding += Math.max(0, settings.responsesExpected());
        }
        if (!answered && datagram.readableBytes() <= KEPT) {
            forgetUnanswered();
            unanswered = datagram.retainedDuplicate();
        }
        record.sentToNode += datagram.readableBytes();
        send(datagram);
    }

    private void send(ByteBuf datagram) {
        DatagramEnd end = node;
        if (end == null) {
            datagram.release();
        } else {
            end.send(datagram);
        }
    }

    /** Sends what was written for the node. */
    public void flush() {
        DatagramEnd end = node;
        if (end != null) {
            end.flush();
        }
    }

    /** A datagram of the node; the session becomes its owner. */
    public void nodeDatagram(ByteBuf datagram) {
        Lease chosen = search.lease();
        if (over || chosen == null || dns && !answersQuestion(datagram)) {
            datagram.release();
            return;
        }
        lastMoved = loop.nanos();
        record.receivedFromNode += datagram.readableBytes();
        if (!answered) {
            answered = true;
            record.replyNanos = loop.nanos();
            chosen.replied(0, record.replyNanos - record.sentNanos);
            forgetUnanswered();
        }
        DatagramRules ruled = rules;
        if (ruled == null) {
            toClient(datagram);
        } else {
            ruled.nodeDatagram(datagram);
        }
    }

    /** Sends a datagram of the node to the client; the session becomes its owner. */
    void toClient(ByteBuf datagram) {
        outstanding--;
        answer(datagram);
    }

    /** Sends to the client what a node has answered, or a rule; the session becomes its owner. */
    void answer(ByteBuf datagram) {
        if (over) {
            datagram.release();
            return;
        }
        record.bytesToClient += datagram.readableBytes();
        answers.send(datagram);
        endWhenAnswered();
    }

    /** All that was asked is answered; the next datagram may go to another node. */
    void endWhenAnswered() {
        if (!over && settings.responsesExpected() > 0 && idle()) {
            answers.flush();
            end(null);
        }
    }

    private boolean answersQuestion(ByteBuf datagram) {
        // An answer to a question that was never asked is a forgery, or too late.
        return datagram.readableBytes() >= DNS_HEADER
                && questions.remove(datagram.getUnsignedShort(datagram.readerIndex()));
    }

    /** What the node had to say for now has been handed on. */
    public void nodeReadComplete() {
        if (!over) {
            answers.flush();
        }
    }

    /** Whether nothing is expected of the node, and rules look at nothing. */
    public boolean idle() {
        if (rules != null && rules.busy()) {
            return false;
        }
        return dns ? questions.isEmpty() : outstanding <= 0;
    }

    // ---- choosing a node

    private boolean choose() {
        switch (search.choose()) {
            case Next.Fail fail -> end(fail.fault());
            case Next.Wait _ -> {
                // A datagram that is late is worth nothing: the client has asked again by then.
                search.cancelWaiting();
                end(new TrafficFault.NoOpenNode("every node has as many sessions as it may"));
            }
            default -> {
                Lease chosen = search.lease();
                return chosen != null && open(chosen);
            }
        }
        return false;
    }

    private boolean open(Lease chosen) {
        chosen.usedAs(Use.UDP_SESSION);
        record.sentNanos = loop.nanos();
        record.connectedNanos = loop.nanos();
        if (!chosen.node().tryOpen()) {
            end(new TrafficFault.NoResources("the node has no room for another session"));
            return false;
        }
        node = connections.open(this, chosen);
        if (node == null) {
            chosen.node().connectionClosed();
            end(new TrafficFault.NoResources("this machine has no socket for a session"));
            return false;
        }
        return true;
    }

    @Override
    public boolean isOver() {
        return over;
    }

    @Override
    public void found() {
        throw new IllegalStateException("a session of datagrams waits for no node");
    }

    @Override
    public void chooseAgain() {
        throw new IllegalStateException("a session of datagrams waits for no node");
    }

    @Override
    public void notFound(TrafficFault why) {
        end(why);
    }

    /** The node's machine said that nobody listens there, or the socket broke. */
    public void nodeRefused(String text) {
        Lease chosen = search.lease();
        if (over || chosen == null) {
            return;
        }
        TrafficFault fault = new TrafficFault.NodeUnreachable(text);
        chosen.failed(NodeFailure.REFUSED);
        search.tried(chosen.node(), NodeFailure.REFUSED);
        search.lastFault(fault);
        ByteBuf again = unanswered;
        unanswered = null;
        releaseNode();
        if (again == null) {
            end(fault);
            return;
        }
        if (!chosen.pool().mayRetry()) {
            again.release();
            end(fault);
            return;
        }
        record.retries++;
        if (choose()) {
            unanswered = again.retainedDuplicate();
            send(again);
            flush();
        } else {
            again.release();
        }
    }

    // ---- the end

    private long firstLook() {
        long timeout = settings.timeout().toNanos();
        long response = settings.responseTimeout().toNanos();
        return response > 0 ? Math.min(response, timeout) : timeout;
    }

    private final class Watch extends Deadline {
        @Override
        protected void expired() {
            look();
        }
    }

    private void look() {
        long now = loop.nanos();
        long response = settings.responseTimeout().toNanos();
        long left = settings.timeout().toNanos() - (now - lastMoved);
        Lease chosen = search.lease();
        if (!answered && response > 0 && now - record.beginNanos() >= response) {
            if (chosen != null) {
                chosen.failed(NodeFailure.REPLY_TIMEOUT);
            }
            end(new TrafficFault.NodeTimedOut("no answer within response-timeout"));
        } else if (left <= 0) {
            boolean lacking = settings.responsesExpected() > 0 && !idle();
            end(lacking ? new TrafficFault.NodeTimedOut("no answer within udp.timeout") : null);
        } else {
            loop.deadlines().set(watch, now, left);
        }
    }

    /** Ends the session. */
    public void end(@Nullable TrafficFault fault) {
        if (over) {
            return;
        }
        over = true;
        record.fault = fault;
        record.endNanos = loop.nanos();
        record.persistence = session == null ? null : session.ended();
        record.sentToClient = record.bytesToClient;
        loop.deadlines().forget(watch);
        forgetUnanswered();
        DatagramRules ruled = rules;
        if (ruled != null) {
            ruled.left();
            try {
                ruled.drop();
            } catch (RuntimeException e) {
                LOG.error("defect in the completion rules of {}", server.name(), e);
            }
        }
        try {
            server.account().ended(this);
        } catch (RuntimeException e) {
            LOG.error("defect in the account of {}", server.name(), e);
        }
        releaseNode();
        answers.close();
    }

    private void forgetUnanswered() {
        ByteBuf kept = unanswered;
        if (kept != null) {
            unanswered = null;
            kept.release();
        }
    }

    private void releaseNode() {
        DatagramEnd end = node;
        Lease chosen = search.release();
        node = null;
        if (end != null) {
            end.close();
        }
        if (chosen != null) {
            if (over) {
                chosen.node().countBytes(record.receivedFromNode, record.sentToNode);
            }
            chosen.close();
        }
    }

    // ---- what others may ask

    @Nullable CarriedSession session() {
        return session;
    }

    NodeSearch search() {
        return search;
    }

    /** What it waits for. */
    ConnectionState stage() {
        return node == null
                ? ConnectionState.CONNECTING_TO_NODE
                : outstanding > 0 || !questions.isEmpty()
                        ? ConnectionState.READING_FROM_NODE
                        : ConnectionState.READING_FROM_CLIENT;
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

    @Override
    public ExchangeRecord record() {
        return record;
    }

    @Override
    public @Nullable String serverName() {
        return null;
    }

    @Override
    public VirtualServer server() {
        return server;
    }

    @Override
    public InetSocketAddress clientAddress() {
        return client;
    }

    @Override
    public InetSocketAddress askedAddress() {
        return asked;
    }

    @Override
    public boolean waitsFor(Lease chosen) {
        return !over && search.lease() == chosen;
    }

    @Override
    public void nodeFailed(NodeFailure why, String text) {
        nodeRefused(text);
    }

    @Override
    public void lacksResources(String text) {
        end(new TrafficFault.NoResources(text));
    }

    @Override
    public long hash(PoolConfig.HashKey key) {
        return Hashes.of(client.getAddress().getAddress());
    }

    @Override
    public boolean repeatable() {
        return true;
    }
}
