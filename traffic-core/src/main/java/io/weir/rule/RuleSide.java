package io.weir.rule;

import io.weir.http.RequestHead;
import io.weir.http.ResponseHead;
import io.weir.pool.Pool;
import io.weir.slm.ServiceLevel;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * An exchange as the rules of one list see it. Confined to the event loop of the exchange, and of
 * no use when the exchange is over.
 */
public interface RuleSide {

    RuleState state();

    /** Which event loop this is, counted from 0. */
    int loopIndex();

    /** Runs tasks on the event loop. */
    Executor loop();

    /** Whether the exchange has ended meanwhile, so that nothing can be done for it any more. */
    boolean over();

    /** The outcome of a rule that was suspended. */
    void resume(RuleOutcome outcome);

    // ---- the message

    RequestHead request();

    /** The answer; null as long as there is none. */
    @Nullable ResponseHead response();

    /**
     * Calls {@code done} once the whole body of the request is there, or more than {@code limit}
     * bytes of it are; at once when that is so already.
     */
    void awaitRequestBody(long limit, Runnable done);

    /** The body of the request; null unless the whole of it is there. */
    byte @Nullable [] requestBody();

    /** Replaces the body of the request, of which the whole is there. */
    void requestBody(byte[] body);

    /** See {@link #awaitRequestBody}. */
    void awaitResponseBody(long limit, Runnable done);

    /** The body of the answer; null unless the whole of it is there. */
    byte @Nullable [] responseBody();

    /** Replaces the body of the answer. */
    void responseBody(byte[] body);

    /** What may be asked of cache and compression. */
    RuleCaching caching();

    // ---- who and where

    InetSocketAddress clientAddress();

    /** The address that the client connected to. */
    InetSocketAddress localAddress();

    boolean secure();

    String virtualServer();

    /** What rules have stored with the client connection. */
    Map<String, Object> connectionData();

    // ---- decisions

    /** The pool that the exchange asks for a node. */
    Pool pool();

    /** Asks {@code pool} for a node. */
    void pool(Pool pool);

    /** Counts the exchange with another service level class; null for none. */
    void serviceLevel(@Nullable ServiceLevel level);

    /** The node chosen last, as {@code host:port}; null before one was chosen. */
    @Nullable String node();

    /** How often the request has been sent to another node. */
    int retries();

    /** Whether the request may be sent to a node again. */
    boolean resendable();

    // ---- times in nanoseconds; 0 for what has not come about

    /** How long the exchange has taken so far, or in all. */
    long nanosSinceBegin();

    /** How long the node took from the request to the head of its answer. */
    long nanosOfNode();

    /** How long the exchange waited for a node. */
    long nanosInQueue();

    /** How the exchange ended, as a word of ZXTM's list; COMPLETE while it has not. */
    String completionReason();
}
