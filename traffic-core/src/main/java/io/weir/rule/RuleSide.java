package io.weir.rule;

import io.weir.pool.Pool;
import io.weir.pool.PoolNode;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * An exchange as the rules of one list see it: what all protocols have. It is an {@link HttpSide}
 * or a {@link CarriedSide}. Confined to the event loop of the exchange, and of no use when the
 * exchange is over.
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

    /**
     * Has {@code leave} run if the exchange ends, or goes on without its rules, before the rule
     * that begins to wait is through. There is one at a time.
     */
    void whenLeft(Runnable leave);

    // ---- who and where

    InetSocketAddress clientAddress();

    /** The address that the client connected to. */
    InetSocketAddress localAddress();

    boolean secure();

    /** TLS of the client's connection; null when the client came in the clear. */
    @Nullable RuleTls tls();

    String virtualServer();

    /** Whether the exchange gets a line in the access log, where its virtual server has one. */
    boolean logged();

    void logged(boolean wanted);

    /** Whether a rule wants the exchange among those that are kept to be explained. */
    boolean kept();

    /** Puts the exchange among those that are kept to be explained, or leaves it out of them. */
    void kept(boolean wanted);

    /** What rules have stored with the client connection. */
    Map<String, Object> connectionData();

    // ---- decisions

    /** The pool that the exchange asks for a node. */
    Pool pool();

    /** Asks {@code pool} for a node. */
    default void pool(Pool pool) {
        pool(pool, null);
    }

    /**
     * Asks {@code pool} for a node.
     *
     * @param only the only one that will do, of the pool or {@link Pool#outsider}; null when any
     *     will
     */
    void pool(Pool pool, @Nullable PoolNode only);

    /** What is wanted for this exchange alone. */
    RuleWishes wishes();

    /** The address of the connection to the node at our end; null without one. */
    @Nullable InetSocketAddress addressTowardsNode();

    // ---- the session

    /** The persistence class in force for the exchange; null when there is none. */
    @Nullable String persistence();

    /**
     * Puts a persistence class in the place of the pool's.
     *
     * @param name empty for none at all
     * @return false when there is no class of that name, and nothing was changed
     */
    boolean persistence(String name);

    /** Gives the key that the session is known by, where the class asks rules for it. */
    void persistenceKey(String key);

    /** Names the node, as {@code host} or {@code host:port}, that the session belongs to. */
    void persistenceNode(String node);

    // ---- what came of it

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
