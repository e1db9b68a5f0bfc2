package io.weir.exchange;

import io.weir.cache.Outcome;
import io.weir.fault.TrafficFault;
import io.weir.persist.Verdict;
import io.weir.pool.BreakerStatus;
import io.weir.pool.NodeFailure;
import io.weir.pool.PoolNode;
import io.weir.pool.PoolView;
import io.weir.rule.RuleOutcome;
import io.weir.rule.RuleState;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What was decided about one exchange and when: read by the access log, the statistics and whoever
 * asks why a request went where it went. Times are monotonic nanoseconds, 0 where the phase was not
 * reached. Confined to one event loop.
 */
public final class ExchangeRecord {

    long chosenNanos;
    long connectedNanos;
    long sentNanos;
    long replyNanos;
    long endNanos;
    long bytesFromClient;
    long sentToClient;
    long sentToNode;
    long receivedFromNode;
    long bytesToClient;
    int status;
    int attempts;
    int retries;
    boolean queued;
    boolean reusedConnection;
    boolean cacheStored;
    boolean unlogged;
    @Nullable Outcome cacheOutcome;
    @Nullable String cacheDetail;

    /** Why the cache could not answer, in a word; empty when nothing was stored. */
    String cacheMiss = "";

    /** What compression did, or why it did nothing, in a word; null where it has no say. */
    @Nullable String compression;

    /** How long the client's connection may be still; null for as long as configured. */
    @Nullable Duration idleLimit;

    /** Whether a rule wants the exchange kept for those who ask later; null when none has said. */
    @Nullable Boolean keep;

    @Nullable String pool;
    @Nullable PoolNode node;
    @Nullable TrafficFault fault;
    @Nullable Verdict persistence;

    /** When the client had sent the whole body; 0 where there was none or it did not come. */
    long requestEndNanos;

    /** When the turn at the rate class had come; 0 where there was nothing to wait for. */
    long turnNanos;

    /** The rule that waits for something; null when none does. */
    @Nullable String waitsInRule;

    /** The pool that was asked for a node, as it was then. */
    @Nullable PoolView asked;

    /** How the circuit breaker of that pool was then; null where it has none. */
    @Nullable BreakerStatus breaker;

    /** The failure pool that had the node, as it was then; null when the pool asked had it. */
    @Nullable PoolView failurePool;

    private final long beginNanos;
    private @Nullable List<FailedAttempt> failedAttempts;
    private @Nullable List<RuledBy> ruled;

    ExchangeRecord(long beginNanos) {
        this.beginNanos = beginNanos;
    }

    /**
     * A node that was tried in vain.
     *
     * @param chosenNanos when it was chosen
     * @param failedNanos when that was over
     */
    public record FailedAttempt(
            PoolNode node, NodeFailure why, long chosenNanos, long failedNanos, boolean reused) {}

    void failedAttempt(PoolNode failed, NodeFailure why, long now) {
        List<FailedAttempt> list = failedAttempts;
        if (list == null) {
            list = new ArrayList<>(2);
            failedAttempts = list;
        }
        list.add(new FailedAttempt(failed, why, chosenNanos, now, reusedConnection));
    }

    /**
     * A rule that has run.
     *
     * @param decision {@code continue}, {@code stop}, {@code answer}, {@code close}, {@code
     *     discard}, {@code retry} or {@code failed}
     * @param text why it failed; null when it did not
     */
    public record RuledBy(
            String rule,
            RuleState state,
            String decision,
            long beganNanos,
            long endedNanos,
            @Nullable String text) {
        @Override
        public String toString() {
            return rule + "=" + decision;
        }
    }

    /** Rules noted of one exchange; a long connection runs its rules again and again. */
    private static final int MAX_RULED = 32;

    void ruled(String rule, RuleState state, RuleOutcome outcome, long began, long ended) {
        List<RuledBy> list = ruled;
        if (list == null) {
            list = new ArrayList<>(4);
            ruled = list;
        }
        if (list.size() < MAX_RULED) {
            list.add(new RuledBy(rule, state, word(outcome), began, ended, text(outcome)));
        }
    }

    private static @Nullable String text(RuleOutcome outcome) {
        return switch (outcome) {
            case RuleOutcome.Failed failed -> failed.text();
            case RuleOutcome.Refused refused -> refused.fault().text();
            default -> null;
        };
    }

    private static String word(RuleOutcome outcome) {
        return switch (outcome) {
            case RuleOutcome.Continue c -> "continue";
            case RuleOutcome.Stop s -> "stop";
            case RuleOutcome.Discard d -> "discard";
            case RuleOutcome.Retry r -> "retry";
            case RuleOutcome.Suspended s -> "suspended";
            case RuleOutcome.Close c -> "close";
            case RuleOutcome.Answer a -> "answer";
            case RuleOutcome.Refused r -> "refused";
            case RuleOutcome.Failed f -> "failed";
        };
    }

    /** The rules that have run and what each decided, in order; the first 32. */
    public List<RuledBy> ruled() {
        List<RuledBy> list = ruled;
        return list == null ? List.of() : list;
    }

    /** The same for log lines: {@code route=stop mask=continue}; null when no rule has run. */
    @Nullable String rulesText() {
        List<RuledBy> list = ruled;
        if (list == null) {
            return null;
        }
        StringBuilder text = new StringBuilder();
        for (RuledBy each : list) {
            text.append(text.isEmpty() ? "" : " ").append(each);
        }
        return text.toString();
    }

    /** How long the client's connection may be still, where {@code configured} is the rule. */
    public Duration idleLimit(Duration configured) {
        Duration wanted = idleLimit;
        return wanted == null ? configured : wanted;
    }

    /** When the whole request head had come. */
    public long beginNanos() {
        return beginNanos;
    }

    /** When a node was chosen for the last attempt. */
    public long chosenNanos() {
        return chosenNanos;
    }

    /** When the last attempt had a connection. */
    public long connectedNanos() {
        return connectedNanos;
    }

    /** When the head of the answer had come. */
    public long replyNanos() {
        return replyNanos;
    }

    /** When the exchange was over. */
    public long endNanos() {
        return endNanos;
    }

    /** Bytes of request body that came. */
    public long bytesFromClient() {
        return bytesFromClient;
    }

    /** Bytes of response body that were passed on. */
    public long bytesToClient() {
        return bytesToClient;
    }

    /** Bytes written to the client, head and framing included. */
    public long sentToClient() {
        return sentToClient;
    }

    /** Bytes written to the last node, head and framing included. */
    public long sentToNode() {
        return sentToNode;
    }

    /** Bytes that came from the last node, head included. */
    public long receivedFromNode() {
        return receivedFromNode;
    }

    /** The status sent to the client; 0 when none was. */
    public int status() {
        return status;
    }

    /** Nodes that were tried, the last one included. */
    public int attempts() {
        return attempts;
    }

    /** How often the request went to another node. */
    public int retries() {
        return retries;
    }

    /** Whether the exchange waited in the pool's queue. */
    public boolean queued() {
        return queued;
    }

    /** Whether the last attempt used a kept connection. */
    public boolean reusedConnection() {
        return reusedConnection;
    }

    /** The pool of the last attempt; null when there was none. */
    public @Nullable String pool() {
        return pool;
    }

    /** The node of the last attempt; null when there was none. */
    public @Nullable PoolNode node() {
        return node;
    }

    /** When the request went out to the last node. */
    public long sentNanos() {
        return sentNanos;
    }

    /** What the cache was to the exchange; null where there is no cache. */
    public @Nullable Outcome cacheOutcome() {
        return cacheOutcome;
    }

    /** Why the cache did not serve or store, in a word; null or empty when there is no reason. */
    public @Nullable String cacheDetail() {
        return cacheDetail;
    }

    /** What compression did, or why it did nothing, in a word; null where it has no say. */
    public @Nullable String compression() {
        return compression;
    }

    /** Whether the node's answer went into the store. */
    public boolean cacheStored() {
        return cacheStored;
    }

    /** Why the exchange did not end well; null when it did. */
    public @Nullable TrafficFault fault() {
        return fault;
    }

    /** What session persistence had to say; null when no class was in force. */
    public @Nullable Verdict persistence() {
        return persistence;
    }

    /** The rule that waits for something at this moment; null when none does. */
    public @Nullable String waitsInRule() {
        return waitsInRule;
    }

    /** The nodes that were tried in vain, in order. */
    public List<FailedAttempt> failedAttempts() {
        List<FailedAttempt> list = failedAttempts;
        return list == null ? List.of() : list;
    }
}
