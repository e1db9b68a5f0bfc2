package io.weir.exchange;

import io.weir.config.VirtualServerConfig.RuleFailure;
import io.weir.exchange.ServerRules.Attached;
import io.weir.fault.TrafficFault;
import io.weir.http.RequestHead;
import io.weir.http.ResponseHead;
import io.weir.pool.Pool;
import io.weir.pool.PoolNode;
import io.weir.rule.RuleCaching;
import io.weir.rule.RuleOutcome;
import io.weir.rule.RuleSide;
import io.weir.rule.RuleState;
import io.weir.slm.ServiceLevel;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * The rules of one exchange at work: how far the list in hand has come, and what the rule that runs
 * may see and do. Confined to the exchange's event loop.
 */
final class RuleRun implements RuleSide {

    private static final Logger LOG = LoggerFactory.getLogger(RuleRun.class);

    /** Under this key a connection remembers that rules for its first exchange have run. */
    private static final String FIRST_DONE = "\0first done";

    /** How often response rules may send a request to a node again. */
    private static final int MAX_RETRIES = 10;

    private final Exchange x;
    private List<Attached> rules = List.of();
    private RuleState state = RuleState.REQUEST;
    private int at;
    private int retriesAsked;
    private boolean first;
    private boolean firstKnown;
    private boolean suspended;

    RuleRun(Exchange x) {
        this.x = x;
    }

    Next run(List<Attached> list, RuleState where) {
        rules = list;
        state = where;
        at = 0;
        return goOn();
    }

    private Next goOn() {
        while (at < rules.size()) {
            Attached attached = rules.get(at);
            if (attached.firstOnly() && !firstOfConnection()) {
                at++;
                continue;
            }
            RuleOutcome outcome = attached.rule().run(this);
            if (outcome instanceof RuleOutcome.Suspended) {
                suspended = true;
                return Next.WAIT;
            }
            Next next = after(attached.rule().name(), outcome);
            if (next != null) {
                return next;
            }
            at++;
        }
        return Next.CONTINUE;
    }

    private boolean firstOfConnection() {
        if (!firstKnown) {
            firstKnown = true;
            first = connectionData().put(FIRST_DONE, true) == null;
        }
        return first;
    }

    /** What the outcome means for the exchange; null when the next rule is to run. */
    private @Nullable Next after(String rule, RuleOutcome outcome) {
        return switch (outcome) {
            case RuleOutcome.Continue c -> null;
            case RuleOutcome.Stop s -> Next.CONTINUE;
            case RuleOutcome.Suspended s -> Next.WAIT;
            case RuleOutcome.Discard d ->
                    new Next.Fail(new TrafficFault.Discarded("discarded by rule " + rule));
            case RuleOutcome.Answer answer ->
                    new Next.Answer(
                            new Answered(
                                    answer.status(),
                                    answer.reason(),
                                    answer.contentType(),
                                    answer.body(),
                                    answer.fields()));
            case RuleOutcome.Retry retry -> retry(rule);
            case RuleOutcome.Failed failed -> {
                LOG.debug("exchange {}: rule {} failed: {}", x.id(), rule, failed.text());
                yield x.server().rules().failure() == RuleFailure.CONTINUE
                        ? null
                        : new Next.Fail(
                                new TrafficFault.RuleFailed("rule " + rule + ": " + failed.text()));
            }
        };
    }

    private @Nullable Next retry(String rule) {
        if (++retriesAsked > MAX_RETRIES || !x.retryByRule()) {
            LOG.debug("exchange {}: rule {} asked for a retry in vain", x.id(), rule);
            return null;
        }
        return Next.WAIT;
    }

    @Override
    public void resume(RuleOutcome outcome) {
        if (!suspended || x.isOver()) {
            return;
        }
        suspended = false;
        x.context().tick();
        Next next = after(rules.get(at).rule().name(), outcome);
        if (next == null) {
            at++;
            next = goOn();
        }
        if (!(next instanceof Next.Wait)) {
            x.proceed(next);
        }
    }

    @Override
    public RuleState state() {
        return state;
    }

    @Override
    public int loopIndex() {
        return x.context().index();
    }

    @Override
    public Executor loop() {
        return x.context().executor();
    }

    @Override
    public boolean over() {
        return x.isOver();
    }

    @Override
    public RequestHead request() {
        return x.request();
    }

    @Override
    public @Nullable ResponseHead response() {
        return x.response();
    }

    @Override
    public void awaitRequestBody(long limit, Runnable done) {
        x.bodies().awaitRequest(limit, done);
    }

    @Override
    public byte @Nullable [] requestBody() {
        return x.bodies().request();
    }

    @Override
    public void requestBody(byte[] body) {
        x.bodies().request(body);
    }

    @Override
    public void awaitResponseBody(long limit, Runnable done) {
        x.bodies().awaitResponse(limit, done);
    }

    @Override
    public byte @Nullable [] responseBody() {
        return x.bodies().response();
    }

    @Override
    public void responseBody(byte[] body) {
        x.bodies().response(body);
    }

    @Override
    public RuleCaching caching() {
        return x.cacheWish();
    }

    @Override
    public InetSocketAddress clientAddress() {
        return x.client().remote();
    }

    @Override
    public InetSocketAddress localAddress() {
        return x.client().local();
    }

    @Override
    public boolean secure() {
        return x.client().secure();
    }

    @Override
    public String virtualServer() {
        return x.server().name();
    }

    @Override
    public Map<String, Object> connectionData() {
        return x.client().connectionData();
    }

    @Override
    public Pool pool() {
        return x.pool();
    }

    @Override
    public void pool(Pool pool) {
        x.pool(pool);
    }

    @Override
    public void serviceLevel(@Nullable ServiceLevel level) {
        x.serviceLevel(level);
    }

    @Override
    public @Nullable String node() {
        PoolNode node = x.record().node();
        return node == null ? null : node.address().toString();
    }

    @Override
    public int retries() {
        return x.record().retries();
    }

    @Override
    public boolean resendable() {
        return x.mayResend();
    }

    @Override
    public long nanosSinceBegin() {
        ExchangeRecord r = x.record();
        return (r.endNanos() == 0 ? x.context().ticker().nanos() : r.endNanos()) - r.beginNanos();
    }

    @Override
    public long nanosOfNode() {
        ExchangeRecord r = x.record();
        return r.replyNanos() == 0 || r.connectedNanos() == 0
                ? 0
                : r.replyNanos() - r.connectedNanos();
    }

    @Override
    public long nanosInQueue() {
        ExchangeRecord r = x.record();
        return r.queued() && r.chosenNanos() != 0 ? r.chosenNanos() - r.beginNanos() : 0;
    }

    @Override
    public String completionReason() {
        TrafficFault fault = x.record().fault();
        return switch (fault) {
            case null -> "COMPLETE";
            case TrafficFault.Discarded f -> "DISCARDED_BY_RULE";
            case TrafficFault.ClientBroke f -> "BAD_REQUEST";
            case TrafficFault.ClientGone f -> "CONNECTION_CLOSED_CLIENT";
            case TrafficFault.ClientTimedOut f -> "TIMEOUT_CONNECT_CLIENT";
            case TrafficFault.NoOpenNode f -> "NODE_LOST";
            case TrafficFault.SessionLost f -> "SESSION_PERSISTENCE_FAILURE";
            case TrafficFault.NodeUnreachable f -> "TIMEOUT_CONNECT_SERVER";
            case TrafficFault.NodeBroke f -> "BAD_RESPONSE";
            case TrafficFault.NodeTimedOut f -> "TIMEOUT";
            case TrafficFault.TookTooLong f -> "TIMEOUT_MAXDURATION";
            case TrafficFault.NoResources f -> "CONNECTION_ERROR";
            default -> "INTERNAL_ERROR";
        };
    }
}
