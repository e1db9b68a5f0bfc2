package io.weir.exchange;

import io.weir.config.VirtualServerConfig.RuleFailure;
import io.weir.exchange.ServerRules.Attached;
import io.weir.fault.TrafficFault;
import io.weir.pool.PoolNode;
import io.weir.rule.RuleOutcome;
import io.weir.rule.RuleSide;
import io.weir.rule.RuleState;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.concurrent.Executor;

/**
 * The rules of one exchange at work, whatever its protocol: how far the list in hand has come, and
 * what the end of each rule means for the rest. Confined to the exchange's event loop.
 */
abstract class RuleWalk implements RuleSide {

    private static final Logger LOG = LoggerFactory.getLogger(RuleWalk.class);

    /** Under this key a connection remembers that rules for its first exchange have run. */
    private static final String FIRST_DONE = "\0first done";

    private final VirtualServer server;
    private final LoopContext loop;
    private final ExchangeRecord record;
    private List<Attached> rules = List.of();
    private RuleState state = RuleState.REQUEST;
    private int at;
    private long began;
    private boolean suspended;
    private boolean abandoned;
    private @Nullable Runnable leaving;

    RuleWalk(VirtualServer server, LoopContext loop, ExchangeRecord record) {
        this.server = server;
        this.loop = loop;
        this.record = record;
    }

    final Next run(List<Attached> list, RuleState where) {
        rules = list;
        state = where;
        at = 0;
        return goOn();
    }

    private Next goOn() {
        while (at < rules.size()) {
            Attached attached = rules.get(at);
            if (attached.firstOnly() && !firstOfConnection(state)) {
                at++;
                continue;
            }
            began = loop.ticker().nanos();
            RuleOutcome outcome = attached.rule().run(this);
            if (outcome instanceof RuleOutcome.Suspended) {
                suspended = true;
                record.waitsInRule = attached.rule().name();
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

    /** Whether rules that run once for a connection have their turn. */
    abstract boolean firstOfConnection(RuleState where);

    /** Whether this is the first call for the client connection. */
    final boolean noteFirst() {
        return connectionData().put(FIRST_DONE, true) == null;
    }

    /** What the outcome means for the exchange; null when the next rule is to run. */
    private @Nullable Next after(String rule, RuleOutcome outcome) {
        record.ruled(rule, state, outcome, began, loop.ticker().nanos());
        Next streamed = streamed(rule, outcome);
        if (streamed != null) {
            return streamed;
        }
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
            case RuleOutcome.Close close -> close(rule, close.data());
            case RuleOutcome.Retry retry -> retry(rule);
            case RuleOutcome.Refused refused -> new Next.Fail(refused.fault());
            case RuleOutcome.Failed failed -> {
                LOG.debug("exchange {}: rule {} failed: {}", id(), rule, failed.text());
                yield server.rules().failure() == RuleFailure.CONTINUE
                        ? null
                        : new Next.Fail(
                                new TrafficFault.RuleFailed("rule " + rule + ": " + failed.text()));
            }
        };
    }

    /** What the end of a rule means that has sent the answer itself; null when it has not. */
    @Nullable Next streamed(String rule, RuleOutcome outcome) {
        return null;
    }

    /** A rule wants the request to go to a node once more; null when that is not to be had. */
    @Nullable Next retry(String rule) {
        LOG.debug("exchange {}: rule {} asked for a retry in vain", id(), rule);
        return null;
    }

    /** A rule closes the connection behind some last bytes. */
    Next close(String rule, byte[] data) {
        return new Next.Fail(new TrafficFault.Discarded("closed by rule " + rule));
    }

    @Override
    public final void resume(RuleOutcome outcome) {
        if (!suspended || over()) {
            return;
        }
        suspended = false;
        leaving = null;
        record.waitsInRule = null;
        loop.tick();
        Next next = after(rules.get(at).rule().name(), outcome);
        if (next == null) {
            at++;
            next = goOn();
        }
        if (!(next instanceof Next.Wait)) {
            proceed(next);
        }
    }

    /** Whether a rule waits for something. */
    final boolean waits() {
        return suspended;
    }

    /** The exchange goes on without the rule that waits, which is not to be heard any more. */
    final void abandon() {
        suspended = false;
        abandoned = true;
        record.waitsInRule = null;
        left();
    }

    @Override
    public final void whenLeft(Runnable leave) {
        leaving = leave;
    }

    /** Nobody is there any more for whom a rule could wait. */
    final void left() {
        Runnable leave = leaving;
        if (leave != null) {
            leaving = null;
            leave.run();
        }
    }

    final boolean abandoned() {
        return abandoned;
    }

    /** The list that had to wait has come to its end. */
    abstract void proceed(Next next);

    /** Names the exchange in logs. */
    abstract String id();

    @Override
    public final RuleState state() {
        return state;
    }

    @Override
    public final int loopIndex() {
        return loop.index();
    }

    @Override
    public final Executor loop() {
        return loop.executor();
    }

    @Override
    public final String virtualServer() {
        return server.name();
    }

    @Override
    public final @Nullable String node() {
        PoolNode node = record.node();
        return node == null ? null : node.address().toString();
    }

    @Override
    public final boolean logged() {
        return !record.unlogged;
    }

    @Override
    public final void logged(boolean wanted) {
        record.unlogged = !wanted;
    }

    @Override
    public final boolean kept() {
        return Boolean.TRUE.equals(record.keep);
    }

    @Override
    public final void kept(boolean wanted) {
        record.keep = wanted;
    }

    @Override
    public final int retries() {
        return record.retries();
    }

    @Override
    public final boolean persistence(String name) {
        if (!name.isEmpty() && server.persistence().named(name) == null) {
            return false;
        }
        persistenceClass(name);
        return true;
    }

    /** See {@link #persistence(String)}, for a class that is there. */
    abstract void persistenceClass(String name);

    /** The class that a rule has chosen; null when none has. */
    abstract @Nullable String chosenClass();

    @Override
    public final @Nullable String persistence() {
        String chosen = chosenClass();
        return chosen == null ? pool().view().config().persistence() : chosen;
    }

    @Override
    public final long nanosSinceBegin() {
        return (record.endNanos() == 0 ? loop.ticker().nanos() : record.endNanos())
                - record.beginNanos();
    }

    @Override
    public final long nanosOfNode() {
        return record.replyNanos() == 0 || record.connectedNanos() == 0
                ? 0
                : record.replyNanos() - record.connectedNanos();
    }

    @Override
    public final long nanosInQueue() {
        return record.queued() && record.chosenNanos() != 0
                ? record.chosenNanos() - record.beginNanos()
                : 0;
    }

    @Override
    public final String completionReason() {
        TrafficFault fault = record.fault();
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
