package io.weir.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weir.cache.Outcome;
import io.weir.cache.Stored;
import io.weir.config.PoolConfig;
import io.weir.fault.TrafficFault;
import io.weir.http.BodySink;
import io.weir.http.FieldName;
import io.weir.http.Fields;
import io.weir.http.Framing;
import io.weir.http.Method;
import io.weir.http.RequestHead;
import io.weir.http.ResponseHead;
import io.weir.pool.Lease;
import io.weir.pool.NodeFailure;
import io.weir.pool.Pool;
import io.weir.pool.Use;
import io.weir.protect.Protection;
import io.weir.rate.Turn;
import io.weir.rule.RuleState;
import io.weir.slm.ServiceLevel;
import io.weir.time.DeadlineWheel.Deadline;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * One request and its response: the meeting point of a client side, the steps of the path and a
 * node side, and the record of what was decided on the way. Confined to one event loop.
 *
 * <p>Request data flows client side → {@link #data} → node side; response data flows node side →
 * {@link #nodeData} → client side. Each direction is held back when its taker is full.
 */
public final class Exchange implements NodeSearch.Owner, BodySink, NodeSeeker {

    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    /** Interim responses passed on before a node is taken to be hostile. */
    private static final int MAX_INTERIM = 32;

    private final VirtualServer server;
    private final LoopContext loop;
    private final NodeConnections connections;
    private ClientSide client;
    private RequestHead request;
    private long requestLength;
    private final ExchangeRecord record;

    private final long number;
    private final long writtenBefore;

    private int position;
    private final NodeSearch search;
    private @Nullable NodeSide node;
    private boolean reusableNode = true;

    /** The node that has got a new connection after its kept one had been closed. */
    private @Nullable Lease freshTried;

    private boolean upgradeAsked;
    private boolean tunnel;

    private final RequestFlow requestFlow;
    private ResponseFlow responseFlow;
    private long bodyLimit;
    private @Nullable Turn turn;
    private @Nullable RequestSession session;
    private boolean nodeDirectionDone;

    private final Answer answer;
    private int interim;
    private @Nullable CacheUse cacheUse;
    private @Nullable CacheWish cacheWish;
    private boolean background;
    private @Nullable String unwrappedCoding;
    private @Nullable Promptness promptness;

    private @Nullable RuleRun rules;
    private int editsBeforeRules;
    private boolean editedByRules;
    private @Nullable RuleBodies bodies;

    private @Nullable Deadline transactionDeadline;
    private boolean over;

    /**
     * @param request stays readable until {@link ClientSide#finished}
     * @param requestLength as {@link Framing} decided
     */
    public Exchange(
            VirtualServer server,
            LoopContext loop,
            NodeConnections connections,
            ClientSide client,
            RequestHead request,
            long requestLength) {
        this.server = server;
        this.loop = loop;
        this.connections = connections;
        this.client = client;
        this.request = request;
        this.requestLength = requestLength;
        this.number = loop.nextExchange();
        this.requestFlow =
                new RequestFlow(client, server.config().maxClientBuffer(), requestLength == 0);
        this.responseFlow = new ResponseFlow(client);
        this.record = new ExchangeRecord(loop.nanos());
        this.search = new NodeSearch(this, loop, record, server.pool());
        this.answer = new Answer(loop);
        this.writtenBefore = client.bytesWritten();
        Protection protection = server.classes().protection();
        this.bodyLimit = protection == null ? 0 : protection.bodyLimit();
    }

    // ---- the path

    /** Sends the exchange on its way. */
    public void begin() {
        server.account().begun(this);
        ServiceLevel level = server.serviceLevel();
        if (level != null) {
            serviceLevel(level);
        }
        limit(server.config().maxTransactionDuration());
        advance();
    }

    private void limit(Duration limit) {
        Deadline before = transactionDeadline;
        if (before != null) {
            loop.deadlines().forget(before);
            transactionDeadline = null;
        }
        if (!limit.isZero()) {
            Deadline deadline = new TransactionDeadline(this, limit);
            transactionDeadline = deadline;
            loop.deadlines().set(deadline, limit.toNanos());
        }
    }

    private static final class TransactionDeadline extends Deadline {
        private final Exchange x;
        private final Duration limit;

        TransactionDeadline(Exchange x, Duration limit) {
            this.x = x;
            this.limit = limit;
        }

        @Override
        protected void expired() {
            x.fail(
                    new TrafficFault.TookTooLong(
                            "the exchange took longer than max-transaction-duration "
                                    + limit.toMillis()
                                    + " ms"));
        }
    }

    private void advance() {
        while (!over && take(server.path().step(position).run(this))) {}
    }

    /** Does what a step decided; whether the step at the new position is to run now. */
    private boolean take(Next next) {
        switch (next) {
            case Next.Continue c -> position++;
            case Next.Wait w -> {
                return false;
            }
            case Next.FromStore s -> position = server.path().stored();
            case Next.Answer given ->
                    answer(given.answer(), Math.max(server.path().response(), position + 1));
            case Next.Fail fail -> {
                fail(fail.fault());
                return false;
            }
        }
        return true;
    }

    /** Goes on after a step that said {@link Next#WAIT}, with what it has decided since. */
    void proceed(Next next) {
        if (turn != null) {
            turn = null;
            record.turnNanos = loop.nanos();
        }
        if (!over && take(next)) {
            advance();
        }
    }

    /** The exchange waits for its turn at a rate class. */
    void awaits(Turn place) {
        turn = place;
    }

    private void cancelTurn() {
        Turn place = turn;
        if (place != null) {
            turn = null;
            place.cancel();
        }
    }

    /** Goes on with the next step after one that said {@link Next#WAIT}. */
    public void resume() {
        if (!over) {
            position++;
            advance();
        }
    }

    private void answer(Answered given, int next) {
        releaseNode(false);
        answer.forgetSource();
        responseFlow.forget();
        bodies = null;
        ResponseHead head = loop.responseHead();
        head.setStatus(given.status(), given.reason());
        head.add(FieldName.CONTENT_TYPE, given.contentType());
        head.add(FieldName.CONTENT_LENGTH, Integer.toString(given.body().length));
        for (Map.Entry<String, String> field : given.fields()) {
            head.add(FieldName.of(field.getKey()), field.getValue());
        }
        String farewell = session == null ? null : session.farewell();
        if (farewell != null) {
            head.add(FieldName.SET_COOKIE, farewell);
        }
        answer.ofWeir(head, given.body());
        record.replyNanos = loop.nanos();
        position = next;
    }

    /**
     * Ends the exchange because of {@code fault}: with an error page while the client has seen
     * nothing, else by cutting the response.
     */
    public void fail(TrafficFault fault) {
        if (over) {
            return;
        }
        search.cancelWaiting();
        if (client instanceof AbsentClient) {
            record.fault = fault;
            finish();
            return;
        }
        CacheUse use = cacheUse;
        if (use != null && !responseFlow.open() && use.rescue(this, fault)) {
            goOnStored();
            return;
        }
        record.fault = fault;
        if (responseFlow.open() || fault.cuts()) {
            if (!blamesClient(fault)) {
                // Before the client sees the end: nobody may join what is broken.
                answer.releaseSource();
            }
            client.abort();
            if (!goesOnWithoutClient(fault)) {
                finish();
            }
            return;
        }
        if (fault instanceof TrafficFault.SessionLost lost && lost.url() == null) {
            client.closeAfterResponse();
        }
        answer(server.errorPages().answer(fault), server.path().reply());
        advance();
    }

    // ---- choosing a node

    NodeSearch search() {
        return search;
    }

    /** The pool that the exchange asks for a node. */
    public Pool pool() {
        return search.pool();
    }

    void pool(Pool other) {
        search.pool(other);
    }

    /** The class that the exchange is counted with; null for none. */
    @Nullable ServiceLevel serviceLevel() {
        Promptness mine = promptness;
        return mine == null ? null : mine.level();
    }

    /** Counts the exchange with {@code level}; null for no class. */
    void serviceLevel(@Nullable ServiceLevel level) {
        Promptness mine = promptness;
        if (mine == null) {
            mine = new Promptness(this);
            promptness = mine;
        }
        mine.belongsTo(level);
    }

    @Override
    public void found() {
        resume();
    }

    @Override
    public void chooseAgain() {
        advance();
    }

    @Override
    public void notFound(TrafficFault why) {
        fail(why);
    }

    void connect() {
        Lease chosen = search.lease();
        if (chosen == null) {
            fail(new TrafficFault.Internal("no node was chosen before the request was sent"));
            return;
        }
        PoolConfig config = chosen.config();
        boolean repeatable = request.method().idempotent() && requestLength == 0;
        // A PROXY header names one client for the whole life of a connection.
        boolean shareable = config.proxyProtocol() == PoolConfig.ProxyProtocol.OFF;
        boolean kept =
                config.keepalive() && shareable && (repeatable || config.keepaliveNonIdempotent());
        reusableNode = kept && !upgradeAsked;
        connections.connect(this, chosen, !kept || freshTried == chosen);
    }

    // ---- what the node side reports

    @Override
    public boolean waitsFor(Lease chosen) {
        return !over && search.lease() == chosen && node == null;
    }

    /** A connection to the chosen node is there. */
    public void nodeReady(NodeSide side) {
        if (over) {
            side.release(false);
            return;
        }
        node = side;
        if (side.multiplexed()) {
            search.usedAs(Use.H2_STREAM);
        }
        record.connectedNanos = loop.nanos();
        record.reusedConnection = side.reused();
        side.request(request, requestLength, reusableNode);
        record.sentNanos = record.connectedNanos;
        requestFlow.startOn(side);
    }

    /**
     * The attempt on the chosen node has failed: before its answer began the request may go to
     * another node, afterwards the response is cut.
     */
    @Override
    public void nodeFailed(NodeFailure why, String text) {
        Lease chosen = search.lease();
        if (over || chosen == null) {
            return;
        }
        NodeSide side = node;
        boolean sent = side != null;
        if (answer.head() != null) {
            chosen.failed(why, text);
            releaseNode(false);
            fail(new TrafficFault.NodeBroke(text));
            return;
        }
        TrafficFault fault = NodeSearch.faultOf(why, text);
        boolean resendable = !sent || mayResend();
        // A kept connection that the node had closed meanwhile says nothing about the node.
        boolean closed = why == NodeFailure.CLOSED_EARLY || why == NodeFailure.RESET;
        if (side != null && side.reused() && freshTried != chosen && closed && resendable) {
            freshTried = chosen;
            node = null;
            side.release(false);
            connect();
            return;
        }
        chosen.failed(why, text);
        search.tried(chosen.node(), why);
        releaseNode(false);
        search.lastFault(fault);
        if (resendable && chosen.pool().mayRetry()) {
            record.retries++;
            position = server.path().chooseNode();
            advance();
        } else {
            fail(fault);
        }
    }

    /**
     * The node says that it has not looked at the request, which may go again whatever it is: to
     * the same node, unless that was tried already.
     */
    public void nodeRefused(String text) {
        NodeSide side = node;
        if (over || side == null) {
            return;
        }
        Lease chosen = search.lease();
        if (answer.head() == null && freshTried != chosen && !requestFlow.begun()) {
            freshTried = chosen;
            node = null;
            side.release(false);
            connect();
        } else {
            nodeFailed(NodeFailure.RESET, text);
        }
    }

    @Override
    public void lacksResources(String text) {
        fail(new TrafficFault.NoResources(text));
    }

    boolean mayResend() {
        return request.method().idempotent() && !requestFlow.begun() && requestLength == 0;
    }

    /** A response rule wants another answer; whether the request is on its way again. */
    boolean retryByRule() {
        Lease chosen = search.lease();
        if (chosen == null || responseFlow.open() || !mayResend() || !chosen.pool().mayRetry()) {
            return false;
        }
        search.lastFault(new TrafficFault.NodeBroke(search.nodeText() + " was refused by a rule"));
        releaseNode(false);
        responseFlow.forget();
        bodies = null;
        record.retries++;
        position = server.path().chooseNode();
        // Not from within the step that is still running.
        loop.executor().execute(this::advance);
        return true;
    }

    /** A 1xx response of the node; {@code head} is lent for the call only. */
    public void nodeInterim(ResponseHead head) {
        if (over || responseFlow.open()) {
            return;
        }
        if (++interim > MAX_INTERIM) {
            nodeFailed(
                    NodeFailure.BAD_RESPONSE,
                    search.nodeText() + " sent too many interim responses");
            return;
        }
        head.removeHopByHop();
        client.interim(head);
        client.flush();
    }

    /**
     * The head of the node's answer; the body follows through {@link #nodeData}.
     *
     * @param head stays readable until the node side is released
     */
    public void nodeHead(ResponseHead head, long bodyLength) {
        Lease chosen = search.lease();
        if (over || chosen == null) {
            return;
        }
        long now = loop.nanos();
        record.replyNanos = now;
        // Where the node of a session answers, the session stays: another node does not know it.
        boolean elsewhere = head.status() == 503 && mayResend() && search.pinned() == null;
        if (elsewhere && triedElsewhere(chosen)) {
            return;
        }
        if (head.status() == 503) {
            chosen.failed(NodeFailure.BUSY_503);
        }
        chosen.replied(head.status(), now - record.sentNanos);
        answer.ofNode(head, bodyLength);
        position = server.path().response();
        advance();
    }

    /** ZXTM: a 503 of a node is tried on another one before anybody sees it. */
    private boolean triedElsewhere(Lease busy) {
        search.tried(busy.node(), NodeFailure.BUSY_503);
        if (!busy.pool().mayRetry()) {
            return false;
        }
        Lease better = search.elsewhere();
        if (better == null) {
            return false;
        }
        busy.failed(NodeFailure.BUSY_503);
        search.lastFault(new TrafficFault.NodeBroke(search.nodeText() + " answered 503"));
        releaseNode(false);
        record.retries++;
        position = server.path().chooseNode();
        search.take(better);
        resume();
        return true;
    }

    /** A piece of the node's response body; the exchange becomes its owner. */
    public void nodeData(ByteBuf piece) {
        if (over) {
            piece.release();
            return;
        }
        BodySource from = answer.source();
        if (from != null) {
            record.receivedFromNode += piece.readableBytes();
            from.nodeData(piece);
            return;
        }
        record.bytesToClient += piece.readableBytes();
        responseFlow.data(piece, node);
    }

    /** The node's response is complete. */
    public void nodeEnd(@Nullable Fields trailers) {
        if (over) {
            return;
        }
        BodySource from = answer.source();
        if (from != null) {
            countNode();
            releaseNode(reusableNode && requestFlow.complete());
            from.nodeEnd();
            return;
        }
        CacheUse use = cacheUse;
        if (use != null && use.takeConfirmed()) {
            serveConfirmed(use);
            return;
        }
        if (responseFlow.end(trailers)) {
            responseEnded();
        }
    }

    private void responseEnded() {
        if (!tunnel) {
            finish();
            return;
        }
        nodeDirectionDone = true;
        client.flush();
        if (requestFlow.complete()) {
            finish();
        }
    }

    /** The node takes data again. */
    public void nodeWritable() {
        NodeSide side = node;
        if (!over && side != null) {
            requestFlow.nodeWritable(side);
        }
    }

    /** What the node had to say for now has been handed on. */
    public void nodeReadComplete() {
        if (!over && (responseFlow.open() || interim > 0)) {
            responseFlow.flush();
        }
    }

    // ---- what the client side reports

    /** A piece of the request body; the exchange becomes its owner. */
    @Override
    public void data(ByteBuf piece) {
        if (over) {
            piece.release();
            return;
        }
        record.bytesFromClient += piece.readableBytes();
        if (bodyLimit > 0 && record.bytesFromClient > bodyLimit && !tunnel && bodyTooLong()) {
            piece.release();
            return;
        }
        if (node == null && answer.body() != null) {
            piece.release();
        } else {
            requestFlow.data(piece, node);
        }
    }

    /** The protection class finds the body too long; whether that was the end of the exchange. */
    private boolean bodyTooLong() {
        Protection protection = server.classes().protection();
        TrafficFault fault = protection == null ? null : Protect.bodyTooLong(this, protection);
        bodyLimit = 0;
        if (fault != null) {
            fail(fault);
        }
        return fault != null;
    }

    /** The request is complete. */
    @Override
    public void end(@Nullable Fields trailers) {
        NodeSide side = over ? null : node;
        record.requestEndNanos = loop.nanos();
        requestFlow.end(trailers, side);
        if (side != null && tunnel && nodeDirectionDone) {
            side.flush();
            finish();
        }
    }

    /** What the client had to say for now has been handed on. */
    public void clientReadComplete() {
        NodeSide side = node;
        if (side != null) {
            side.flushSoon();
        }
    }

    /** The client takes data again. */
    public void clientWritable() {
        NodeSide side = node;
        BodySource from = answer.source();
        if (over || !responseFlow.open()) {
            return;
        }
        if (from != null) {
            from.pull();
        } else if (side != null) {
            side.pauseResponse(false);
        }
    }

    /** The client has gone, or has been too slow. */
    public void clientLost(TrafficFault why) {
        if (!over) {
            record.fault = why;
            search.cancelWaiting();
            if (!goesOnWithoutClient(why)) {
                finish();
            }
        }
    }

    // ---- out of the store, and into it

    @Nullable CacheUse cacheUse() {
        return cacheUse;
    }

    void cacheUse(CacheUse use) {
        cacheUse = use;
    }

    /** Whether nothing of the response's body has come, and no rule has changed it. */
    boolean responseUntouched() {
        return responseFlow.untouched();
    }

    void unwrappedCoding(String coding) {
        unwrappedCoding = coding;
    }

    /** The mark that was taken out of the client's entity tags; null for none. */
    @Nullable String unwrappedCoding() {
        return unwrappedCoding;
    }

    /** Goes on behind the step that stores, with an answer out of the store. */
    void goOnStored() {
        releaseNode(false);
        position = server.path().stored();
        advance();
    }

    /** Gives the node up; its answer is not used. */
    void dropNode() {
        releaseNode(false);
    }

    /** The request as the client meant it, while the node was asked about a stored response. */
    RequestHead requestOfClient(CacheUse use) {
        if (use.stale() != null) {
            use.conditions().restore(request);
        }
        return request;
    }

    private void serveConfirmed(CacheUse use) {
        countNode();
        releaseNode(reusableNode && requestFlow.complete());
        Stored confirmed = use.take();
        use.conditions().restore(request);
        if (confirmed == null) {
            fail(new TrafficFault.Internal("nothing was stored that the node could confirm"));
            return;
        }
        use.confirmedFill(confirmed);
        if (background) {
            confirmed.body().letGo();
            finish();
            return;
        }
        ServeStored.serve(this, use, confirmed, Outcome.REVALIDATED);
        position = server.path().stored();
        advance();
    }

    /** Whether the client takes more of a body out of the store. */
    boolean clientTakesMore() {
        if (!client.writable()) {
            responseFlow.flush();
        }
        return client.writable();
    }

    void flushClient() {
        responseFlow.flush();
    }

    /** A piece of a body out of the store; the exchange becomes its owner. */
    void storedData(ByteBuf piece) {
        record.bytesToClient += piece.readableBytes();
        responseFlow.data(piece, null);
    }

    /** The body out of the store is complete. */
    void storedEnd() {
        if (!over && responseFlow.end(null)) {
            responseEnded();
        }
    }

    void pauseNode(boolean paused) {
        NodeSide side = node;
        if (side != null) {
            side.pauseResponse(paused);
        }
    }

    /** What is still to come from the node is of no use to anybody. */
    void nobodyListens() {
        finish();
    }

    private static boolean blamesClient(TrafficFault fault) {
        return fault instanceof TrafficFault.ClientGone
                || fault instanceof TrafficFault.ClientTimedOut;
    }

    /** Whether the node's answer is fetched to its end although the client is gone. */
    private boolean goesOnWithoutClient(TrafficFault why) {
        BodySource from = answer.source();
        if (over) {
            return true;
        }
        if (!blamesClient(why) || from == null || node == null || !from.clientGone()) {
            return false;
        }
        record.sentToClient = client.bytesWritten() - writtenBefore;
        request = request.copy();
        ClientSide gone = client;
        client = new AbsentClient(gone);
        responseFlow.drop();
        responseFlow = new ResponseFlow(client);
        limit(server.config().timeout());
        gone.finished();
        return true;
    }

    /** An exchange that asks {@code head} of a node for nobody but the store. */
    Exchange inBackground(RequestHead head) {
        Exchange x = new Exchange(server, loop, connections, new AbsentClient(client), head, 0);
        x.background = true;
        x.pool(pool());
        return x;
    }

    void beginInBackground() {
        loop.tick();
        limit(server.config().timeout());
        position = server.path().chooseNode();
        advance();
    }

    /**
     * Puts a filter in front of the client, and in front of filters that are there already: bodies
     * meet the last one added first. Steps call it before the {@link Reply}; one that changes the
     * length of the body calls {@link #responseLength(long)} too.
     */
    public void filterResponse(Function<BodySink, ResponseFilter> maker) {
        responseFlow.filter(maker);
    }

    /** The length of the response body as {@link Framing} knows lengths. */
    public long responseLength() {
        return answer.length();
    }

    /** Says how long the body will be when it reaches the client. */
    public void responseLength(long length) {
        answer.length(length);
    }

    // ---- the response to the client

    void reply() {
        ResponseHead head = answer.head();
        if (head == null) {
            fail(new TrafficFault.Internal("no response before the reply"));
            return;
        }
        record.status = head.status();
        FieldName idField = server.idForClients();
        if (idField != null) {
            head.set(idField, id());
        }
        if (promptness != null) {
            promptness.answered();
        }
        NodeSide side = node;
        if (head.status() == 101 && side != null) {
            tunnel = true;
            search.usedAs(Use.TUNNEL);
            requestFlow.reopen();
            client.respond(head, 0);
            side.tunnel();
            client.tunnel();
        } else {
            client.respond(head, answer.length());
        }
        byte[] body = answer.body();
        if (body != null) {
            if (request.method() != Method.HEAD && body.length > 0) {
                nodeData(Unpooled.wrappedBuffer(body));
            }
            nodeEnd(null);
        }
        BodySource from = answer.source();
        if (responseFlow.begin(side)) {
            responseEnded();
        } else if (from != null) {
            from.pull();
        }
    }

    private void countNode() {
        NodeSide side = node;
        if (side != null) {
            record.sentToNode += side.bytesWritten();
            ResponseHead head = answer.head();
            record.receivedFromNode += head == null ? 0 : head.headLength();
            if (answer.source() == null) {
                record.receivedFromNode += record.bytesToClient;
            }
        }
    }

    private void finish() {
        if (over) {
            return;
        }
        over = true;
        cancelTurn();
        record.endNanos = loop.nanos();
        if (promptness != null) {
            promptness.ended();
        }
        Deadline deadline = transactionDeadline;
        if (deadline != null) {
            loop.deadlines().forget(deadline);
        }
        requestFlow.drop();
        responseFlow.drop();
        record.persistence = session == null ? null : session.ended();
        record.sentToClient = Math.max(record.sentToClient, client.bytesWritten() - writtenBefore);
        countNode();
        answer.releaseSource();
        CacheUse use = cacheUse;
        if (use != null) {
            use.close(this);
        }
        if (!background) {
            runCompletionRules();
        }
        try {
            if (!background) {
                server.account().ended(this);
                server.countCache(record);
            }
        } catch (RuntimeException e) {
            LOG.error("defect in the account of {}", server.name(), e);
        }
        releaseNode(reusableNode && requestFlow.complete() && responseFlow.complete());
        answer.close();
        client.finished();
    }

    private void runCompletionRules() {
        List<ServerRules.Attached> list = server.rules().completion();
        if (!list.isEmpty()) {
            try {
                rules().run(list, RuleState.COMPLETION);
            } catch (RuntimeException e) {
                LOG.error("defect in the completion rules of {}", server.name(), e);
            }
        }
    }

    private void releaseNode(boolean reusable) {
        NodeSide side = node;
        Lease chosen = search.release();
        node = null;
        if (side != null) {
            side.release(reusable);
            answer.nodeReleased();
        }
        if (chosen != null) {
            if (responseFlow.open()) {
                chosen.node().countBytes(record.receivedFromNode, record.sentToNode);
            }
            chosen.close();
        }
    }

    // ---- what others may ask

    /** What is known about the session that the exchange belongs to. */
    RequestSession session() {
        RequestSession known = session;
        if (known == null) {
            known = new RequestSession(this);
            session = known;
            search.session(known);
        }
        return known;
    }

    /** The same; null when nothing was asked or told about a session. */
    @Nullable RequestSession sessionIfAny() {
        return session;
    }

    /** The key by which a rule knows the session; null to take it back. */
    public void persistenceKey(@Nullable String key) {
        session().key(key);
    }

    /** The node, {@code host} or {@code host:port}, that a rule wants for the session. */
    public void persistenceNode(@Nullable String node) {
        session().node(node);
    }

    /** The persistence class that a rule wants instead of the pool's. */
    public void persistenceClass(@Nullable String name) {
        session().chosenClass(name);
    }

    /** The answer as far as it has come. */
    Answer answer() {
        return answer;
    }

    /** Which exchange of its event loop it is. */
    long number() {
        return number;
    }

    /** Names the exchange in logs: the event loop and a number. Unique while the process lives. */
    public String id() {
        return loop.index() + "-" + Long.toString(number, 36);
    }

    /** What all exchanges of the event loop share. */
    public LoopContext context() {
        return loop;
    }

    @Override
    public VirtualServer server() {
        return server;
    }

    public ClientSide client() {
        return client;
    }

    @Override
    public InetSocketAddress clientAddress() {
        return client.remote();
    }

    @Override
    public InetSocketAddress askedAddress() {
        return client.local();
    }

    public RequestHead request() {
        return request;
    }

    /** What is wanted of cache and compression, to be added to. */
    CacheWish cacheWish() {
        CacheWish wish = cacheWish;
        if (wish == null) {
            wish = new CacheWish(this);
            cacheWish = wish;
        }
        return wish;
    }

    /** The same; null when nothing is wanted. */
    @Nullable CacheWish cacheWishIfAny() {
        return cacheWish;
    }

    /** Request rules are about to run. */
    void beforeRequestRules() {
        editsBeforeRules = request.edits();
    }

    /** Request rules have run. */
    void afterRequestRules() {
        editedByRules = request.edits() != editsBeforeRules;
    }

    /**
     * Whether request rules added or removed fields: they may make the answer depend on what no
     * cache knows of.
     */
    boolean editedByRules() {
        return editedByRules;
    }

    /** The rules of the exchange at work. */
    RuleRun rules() {
        RuleRun run = rules;
        if (run == null) {
            run = new RuleRun(this);
            rules = run;
        }
        return run;
    }

    /** The same; null when no rule has run. */
    @Nullable RuleRun rulesIfAny() {
        return rules;
    }

    RuleBodies bodies() {
        RuleBodies both = bodies;
        if (both == null) {
            both = new RuleBodies(this, requestFlow, responseFlow);
            bodies = both;
        }
        return both;
    }

    /** The connection to the node; null without one. */
    @Nullable NodeSide nodeSide() {
        return node;
    }

    @Override
    public boolean isOver() {
        return over;
    }

    void requestLength(long length) {
        requestLength = length;
    }

    /** The length of the request body as {@link Framing} decided. */
    public long requestLength() {
        return requestLength;
    }

    /** The response as far as it has come; null before there is one. */
    public @Nullable ResponseHead response() {
        return answer.head();
    }

    /** What was decided and how long it took. */
    public ExchangeRecord record() {
        return record;
    }

    /** Whether the request, as far as the client is concerned, has come as a whole. */
    public boolean requestComplete() {
        return requestFlow.complete();
    }

    /** Whether the node is asked to switch protocols. */
    boolean upgradeAsked() {
        return upgradeAsked;
    }

    void askUpgrade() {
        upgradeAsked = true;
    }

    /** Whether a 101 may be accepted from the node. */
    public boolean acceptsUpgrade() {
        return upgradeAsked && !over;
    }

    @Override
    public long hash(PoolConfig.HashKey key) {
        String header = key.header();
        return switch (key.kind()) {
            case PATH -> request.targetHash();
            case SOURCE_ADDRESS -> Hashes.of(client.remote().getAddress().getAddress());
            case HEADER -> {
                String value = header == null ? null : request.get(FieldName.of(header));
                yield value == null
                        ? Hashes.of(client.remote().getAddress().getAddress())
                        : Hashes.of(value);
            }
        };
    }

    @Override
    public boolean repeatable() {
        return mayResend();
    }
}
