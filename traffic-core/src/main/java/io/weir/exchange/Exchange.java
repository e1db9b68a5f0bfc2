package io.weir.exchange;

import io.netty.buffer.ByteBuf;
import io.weir.fault.TrafficFault;
import io.weir.http.BodySink;
import io.weir.http.Fields;
import io.weir.http.Framing;
import io.weir.http.RequestHead;
import io.weir.http.ResponseHead;
import io.weir.pool.Pool;
import io.weir.protect.Protection;
import io.weir.rate.Turn;
import io.weir.slm.ServiceLevel;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * One request and its response: the meeting point of a client side, the steps of the path and a
 * node side. Confined to one event loop.
 *
 * <p>Request data flows client side → {@link #data} → node side; response data flows node side →
 * {@link Attempts#nodeData} → {@link Answer} → client side. Each direction is held back when its
 * taker is full. Nodes are the business of {@link Attempts}, what comes back that of {@link
 * Answer}; here are the walk along the path, what the client side reports, and the end.
 */
public final class Exchange extends ExchangeFacts implements NodeSearch.Owner, BodySink {

    private final Attempts attempts;
    private final Answer answer;

    private int position;
    private @Nullable Turn turn;
    private @Nullable TransactionLimit limit;
    private boolean background;
    private boolean over;

    private long bodyLimit;
    private @Nullable RequestSession session;
    private @Nullable CacheWish cacheWish;
    private @Nullable Promptness promptness;
    private @Nullable RuleRun rules;
    private @Nullable RuleBodies bodies;

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
        super(server, loop, client, request, requestLength);
        this.attempts = new Attempts(this, server.pool(), connections);
        this.answer = new Answer(this);
        Protection protection = server.classes().protection();
        this.bodyLimit = protection == null ? 0 : protection.bodyLimit();
    }

    // ---- the path

    /** Sends the exchange on its way. */
    public void begin() {
        server().account().begun(this);
        ServiceLevel level = server().serviceLevel();
        if (level != null) {
            serviceLevel(level);
        }
        limit = TransactionLimit.of(this, server().config().maxTransactionDuration());
        advance();
    }

    private void advance() {
        while (!over && take(server().path().step(position).run(this))) {}
    }

    /** Does what a step decided; whether the step at the new position is to run now. */
    private boolean take(Next next) {
        switch (next) {
            case Next.Continue c -> position++;
            case Next.Wait w -> {
                return false;
            }
            case Next.FromStore s -> position = server().path().stored();
            case Next.Answer given ->
                    answer(given.answer(), Math.max(server().path().response(), position + 1));
            case Next.Fail fail -> {
                fail(fail.fault());
                return false;
            }
        }
        return true;
    }

    /** Goes on after a step that said {@link Next#WAIT}, with what it has decided since. */
    void proceed(Next next) {
        turn = null;
        if (!over && take(next)) {
            advance();
        }
    }

    /** Goes on with the next step after one that said {@link Next#WAIT}. */
    void resume() {
        if (!over) {
            position++;
            advance();
        }
    }

    /** Goes on with another step than the next one. */
    void goOnAt(int step) {
        position = step;
        advance();
    }

    /** Goes on behind the step that stores, with an answer out of the store. */
    void goOnStored() {
        attempts.release(false);
        goOnAt(server().path().stored());
    }

    /** The exchange waits for its turn at a rate class. */
    void awaits(Turn place) {
        turn = place;
    }

    private void answer(Answered given, int next) {
        attempts.release(false);
        bodies = null;
        answer.ofWeir(given, session == null ? null : session.farewell());
        record().replyNanos = context().nanos();
        position = next;
    }

    /** The client gets a response with {@code status} now. */
    void answered(int status) {
        record().status = status;
        leavePlaces(status < 500 || status == 504 ? Places.End.ANSWERED : Places.End.OTHER);
        if (promptness != null) {
            promptness.answered();
        }
    }

    /**
     * Ends the exchange because of {@code fault}: with an error page while the client has seen
     * nothing, else by cutting the response.
     */
    public void fail(TrafficFault fault) {
        if (over) {
            return;
        }
        attempts.cancelWaiting();
        leaveWaitingRule();
        if (client() instanceof AbsentClient) {
            record().fault = fault;
            finish();
            return;
        }
        CacheUse use = cacheUse();
        if (use != null && !answer.begun() && isUnserved(fault) && use.rescue(this, fault)) {
            goOnStored();
            return;
        }
        record().fault = fault;
        if (answer.begun() || fault.cuts()) {
            if (!blamesClient(fault)) {
                // Before the client sees the end: nobody may join what is broken.
                answer.releaseSource();
            }
            client().abort();
            endWithoutClient(fault);
            return;
        }
        if (fault instanceof TrafficFault.SessionLost lost && lost.url() == null) {
            client().closeAfterResponse();
        }
        answer(server().errorPages().answer(fault), server().path().reply());
        advance();
    }

    private void leaveWaitingRule() {
        RuleRun run = rules;
        if (run != null && run.waits()) {
            run.abandon();
            rules = null;
        }
    }

    /** Whether no node could answer, for whatever reason; a refusal stays one. */
    private static boolean isUnserved(TrafficFault fault) {
        return fault.side() == TrafficFault.Side.NODE
                || fault instanceof TrafficFault.TookTooLong
                || fault instanceof TrafficFault.NoResources
                || fault instanceof TrafficFault.Shed;
    }

    // ---- what the search for a node reports

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

    @Override
    public boolean repeatable() {
        return mayResend();
    }

    // ---- what the client side reports

    /** A piece of the request body; the exchange becomes its owner. */
    @Override
    public void data(ByteBuf piece) {
        if (over) {
            piece.release();
            return;
        }
        long came = record().bytesFromClient + piece.readableBytes();
        record().bytesFromClient = came;
        if (bodyLimit > 0 && came > bodyLimit && !answer.isTunnel() && bodyTooLong()) {
            piece.release();
            return;
        }
        NodeSide side = attempts.side();
        if (side == null && answer.body() != null) {
            piece.release();
        } else {
            requestFlow().data(piece, side);
        }
    }

    /** The protection class finds the body too long; whether that was the end of the exchange. */
    private boolean bodyTooLong() {
        TrafficFault fault = Protect.bodyTooLong(this);
        bodyLimit = 0;
        if (fault != null) {
            fail(fault);
        }
        return fault != null;
    }

    /** The request is complete. */
    @Override
    public void end(@Nullable Fields trailers) {
        NodeSide side = over ? null : attempts.side();
        record().requestEndNanos = context().nanos();
        requestFlow().end(trailers, side);
        requestIsLoad();
        if (side != null && answer.isTunnelHalfDone()) {
            side.flush();
            finish();
        }
    }

    /** What the client had to say for now has been handed on. */
    public void clientReadComplete() {
        NodeSide side = attempts.side();
        if (side != null) {
            side.flushSoon();
        }
    }

    /** The client takes data again. */
    public void clientWritable() {
        if (!over) {
            answer.clientWritable();
        }
    }

    /** The client has gone, or has been too slow. */
    public void clientLost(TrafficFault why) {
        if (!over) {
            record().fault = why;
            attempts.cancelWaiting();
            endWithoutClient(why);
        }
    }

    // ---- the end

    private static boolean blamesClient(TrafficFault fault) {
        return fault instanceof TrafficFault.ClientGone
                || fault instanceof TrafficFault.ClientTimedOut;
    }

    /** The client gets nothing more; the node's answer may all the same be fetched to its end. */
    private void endWithoutClient(TrafficFault why) {
        BodySource from = answer.source();
        if (over) {
            return;
        }
        if (!blamesClient(why) || from == null || attempts.side() == null || !from.clientGone()) {
            finish();
            return;
        }
        ClientSide gone = client();
        AbsentClient absent = leaveClient();
        absent.attend(this);
        answer.leaveClient(absent);
        within(server().config().timeout());
        gone.finished();
    }

    /** Gives the exchange this much time from now on, and no limit when it is zero. */
    void within(Duration time) {
        if (limit != null) {
            limit.forget();
        }
        limit = TransactionLimit.of(this, time);
    }

    /** Ends the exchange: nothing more is to come that anybody wants. */
    void finish() {
        if (over) {
            return;
        }
        over = true;
        leavePlaces(
                record().fault() instanceof TrafficFault.ClientGone
                        ? Places.End.ABANDONED
                        : Places.End.OTHER);
        Turn place = turn;
        if (place != null) {
            turn = null;
            place.cancel();
        }
        RuleRun run = rules;
        if (run != null) {
            run.left();
        }
        record().endNanos = context().nanos();
        if (promptness != null) {
            promptness.ended();
        }
        if (wishesIfAny() != null) {
            // What goes to the client now still has what rules wanted for it.
            client().flush();
        }
        endWishes();
        if (limit != null) {
            limit.forget();
        }
        requestFlow().drop();
        answer.drop();
        record().persistence = session == null ? null : session.ended();
        countClient();
        attempts.count();
        answer.releaseSource();
        CacheUse use = cacheUse();
        if (use != null) {
            use.close(this);
        }
        if (!background) {
            Completion.of(this);
        }
        attempts.release(answer.complete());
        answer.close();
        client().finished();
    }

    @Override
    public boolean isOver() {
        return over;
    }

    // ---- an exchange without a client

    /** An exchange that asks {@code head} of a node for nobody but the store. */
    Exchange inBackground(RequestHead head) {
        NodeConnections connections = attempts.connections();
        AbsentClient nobody = new AbsentClient(client(), context());
        Exchange x = new Exchange(server(), context(), connections, nobody, head, 0);
        x.background = true;
        nobody.attend(x);
        x.pool(pool());
        return x;
    }

    void beginInBackground() {
        if (over) {
            return;
        }
        context().tick();
        within(server().config().timeout());
        goOnAt(server().path().chooseNode());
    }

    /** Whether the exchange never had a client. */
    boolean inBackground() {
        return background;
    }

    // ---- its parts; those that few exchanges need are made when they are asked for

    /** What becomes of the request at nodes. */
    public Attempts attempts() {
        return attempts;
    }

    /** The answer as far as it has come. */
    Answer answer() {
        return answer;
    }

    /** The head of the answer as far as it has come; null before there is one. */
    public @Nullable ResponseHead response() {
        return answer.head();
    }

    /** The pool that the exchange asks for a node. */
    public Pool pool() {
        return attempts.pool();
    }

    void pool(Pool other) {
        attempts.pool(other);
    }

    /** What is known about the session that the exchange belongs to. */
    RequestSession session() {
        RequestSession known = session;
        if (known == null) {
            known = new RequestSession(this);
            session = known;
            attempts.session(known);
        }
        return known;
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

    /** The rules of the exchange at work. */
    RuleRun rules() {
        RuleRun run = rules;
        if (run == null) {
            run = new RuleRun(this);
            rules = run;
        }
        return run;
    }

    /**
     * Whether request rules added or removed fields: they may make the answer depend on what no
     * cache knows of.
     */
    boolean editedByRules() {
        RuleRun run = rules;
        return run != null && run.editedRequest();
    }

    RuleBodies bodies() {
        RuleBodies both = bodies;
        if (both == null) {
            both = new RuleBodies(this, requestFlow(), answer.flow());
            bodies = both;
        }
        return both;
    }

    /** Forgets the body of an answer that nobody will see. */
    void forgetResponseBody() {
        answer.flow().forget();
        bodies = null;
    }
}
