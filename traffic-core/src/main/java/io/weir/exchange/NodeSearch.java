package io.weir.exchange;

import io.weir.config.PoolConfig;
import io.weir.fault.TrafficFault;
import io.weir.pool.Choice;
import io.weir.pool.Lease;
import io.weir.pool.NoNode;
import io.weir.pool.NodeFailure;
import io.weir.pool.Pool;
import io.weir.pool.PoolNode;
import io.weir.pool.Selection;
import io.weir.pool.Use;
import io.weir.pool.Waiting;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The search of one exchange for a node, whatever its protocol: the pool that it asks, the session
 * that comes before the balancer, the place in the queue, the node it has got and those it has
 * tried in vain. Confined to one event loop.
 */
class NodeSearch implements Selection, Consumer<Choice> {

    /** How often a choice is made anew because the session has got another node meanwhile. */
    private static final int MAX_CHANGES = 3;

    /** Whose search it is. */
    interface Owner {

        /** See {@link io.weir.pool.HashSource}. */
        long hash(PoolConfig.HashKey key);

        /** See {@link Selection#repeatable}. */
        boolean repeatable();

        /** Whether a node is of no use any more. */
        boolean isOver();

        /** The queue has given a node. */
        void found();

        /** The choice has to be made anew. */
        void chooseAgain();

        /** There is no node to be had. */
        void notFound(TrafficFault why);
    }

    private final Owner owner;
    private final LoopContext loop;
    private final ExchangeRecord record;

    private Pool pool;
    private @Nullable PoolNode only;
    private @Nullable SessionChoice session;
    private @Nullable Lease lease;
    private @Nullable Waiting waiting;
    private @Nullable List<PoolNode> failed;
    private @Nullable TrafficFault lastFault;
    private int timedOut;
    private @Nullable Wishes wishes;

    /**
     * @param record gets pool, node, attempts and failures
     * @param pool to be asked unless another one is named
     */
    NodeSearch(Owner owner, LoopContext loop, ExchangeRecord record, Pool pool) {
        this.owner = owner;
        this.loop = loop;
        this.record = record;
        this.pool = pool;
    }

    /** Asks {@code asked} from now on, before the balancer. */
    void session(SessionChoice asked) {
        session = asked;
    }

    /** What rules want of the search. */
    void wishes(Wishes wanted) {
        wishes = wanted;
    }

    /** The pool that is asked for a node. */
    Pool pool() {
        return pool;
    }

    void pool(Pool other) {
        pool(other, null);
    }

    /**
     * Asks {@code other} from now on.
     *
     * @param node the only one of its nodes that will do; null when any will
     */
    void pool(Pool other, @Nullable PoolNode node) {
        pool = other;
        only = node;
    }

    /** Whether one node alone will do. */
    boolean byName() {
        return only != null;
    }

    /**
     * Chooses a node: {@link Next#CONTINUE} when {@link #lease} is there, {@link Next#WAIT} with a
     * place in the pool's queue.
     */
    Next choose() {
        SessionChoice asked = asked();
        record.asked = pool.view();
        for (int changes = 0; ; changes++) {
            TrafficFault lost = asked == null ? null : asked.seek(pool, this);
            if (lost != null) {
                return new Next.Fail(lost);
            }
            PoolNode wanted = only;
            Choice choice =
                    wanted == null
                            ? pool.choose(this, this, loop.nanos())
                            : pool.choose(wanted, this);
            record.breaker = pool.breaker();
            switch (choice) {
                case Lease chosen -> {
                    if (asked != null && !asked.took(chosen, this) && changes < MAX_CHANGES) {
                        chosen.close();
                    } else {
                        take(chosen);
                        return Next.CONTINUE;
                    }
                }
                case Waiting place -> {
                    waiting = place;
                    record.queued = true;
                    return Next.WAIT;
                }
                case NoNode none -> {
                    Wishes wishing = wishes;
                    if (wishing == null || !wishing.avoidNobody()) {
                        return new Next.Fail(faultOf(none));
                    }
                }
            }
        }
    }

    /** The session that has a say; null where there is none, or one node alone will do. */
    private @Nullable SessionChoice asked() {
        return only == null ? session : null;
    }

    /** Takes a node other than the one there is, if there is one without waiting; else null. */
    @Nullable Lease elsewhere() {
        Choice choice = pool.choose(this, this);
        if (choice instanceof Waiting place) {
            place.cancel();
        }
        if (choice instanceof Lease other) {
            SessionChoice asked = session;
            if (asked == null || asked.took(other, this)) {
                return other;
            }
            other.close();
        }
        return null;
    }

    /** The node that the exchange goes to from now on. */
    void take(Lease chosen) {
        lease = chosen;
        waiting = null;
        record.chosenNanos = loop.nanos();
        record.pool = chosen.pool().name();
        record.failurePool = chosen.pool() == pool ? null : chosen.pool().view();
        record.node = chosen.node();
        record.attempts++;
    }

    /** Says what the exchange is to its node. */
    void usedAs(Use use) {
        Lease chosen = lease;
        if (chosen != null) {
            chosen.usedAs(use);
        }
    }

    /** The queue's answer to an exchange that waited for a node with room. */
    @Override
    public void accept(Choice choice) {
        loop.tick();
        waiting = null;
        if (owner.isOver()) {
            if (choice instanceof Lease late) {
                late.close();
            }
            return;
        }
        SessionChoice asked = session;
        switch (choice) {
            case Lease chosen when asked != null && !asked.took(chosen, this) -> {
                chosen.close();
                owner.chooseAgain();
            }
            case Lease chosen -> {
                take(chosen);
                owner.found();
            }
            case NoNode none -> owner.notFound(faultOf(none));
            case Waiting again -> waiting = again;
        }
    }

    private TrafficFault faultOf(NoNode none) {
        TrafficFault last = lastFault;
        return last != null ? last : new TrafficFault.NoOpenNode(none.text());
    }

    /** Gives the place in the queue up. */
    void cancelWaiting() {
        Waiting place = waiting;
        if (place != null) {
            waiting = null;
            place.cancel();
        }
    }

    /** The node that was chosen; null before that and after {@link #release}. */
    @Nullable Lease lease() {
        return lease;
    }

    /** Hands the chosen node over to the caller, who closes it; null when there is none. */
    @Nullable Lease release() {
        Lease chosen = lease;
        lease = null;
        return chosen;
    }

    /** How the chosen node is named in messages. */
    String nodeText() {
        Lease chosen = lease;
        return chosen == null
                ? "the node"
                : "node " + chosen.node().address() + " of pool " + chosen.pool().name();
    }

    /** {@code node} was tried in vain and is not chosen again. */
    void tried(PoolNode node, NodeFailure why) {
        List<PoolNode> list = failed;
        if (list == null) {
            list = new ArrayList<>(2);
            failed = list;
        }
        list.add(node);
        if (why == NodeFailure.REPLY_TIMEOUT) {
            timedOut++;
        }
        record.failedAttempt(node, why, loop.nanos());
    }

    /** What the client is told when no further node can be had. */
    void lastFault(TrafficFault fault) {
        lastFault = fault;
    }

    /** What the client is told of an attempt that failed like this. */
    static TrafficFault faultOf(NodeFailure why, String text) {
        return switch (why) {
            case REFUSED, CONNECT_TIMEOUT, UNREACHABLE -> new TrafficFault.NodeUnreachable(text);
            case REPLY_TIMEOUT -> new TrafficFault.NodeTimedOut(text);
            default -> new TrafficFault.NodeBroke(text);
        };
    }

    // ---- what the pool may ask

    @Override
    public long hash(PoolConfig.HashKey key) {
        return owner.hash(key);
    }

    @Override
    public boolean tried(PoolNode candidate) {
        Wishes wanted = wishes;
        return hasFailedOn(candidate) || wanted != null && wanted.avoids(candidate.address());
    }

    @Override
    public boolean retried() {
        return failed != null;
    }

    @Override
    public boolean hasFailedOn(PoolNode candidate) {
        List<PoolNode> list = failed;
        return list != null && list.contains(candidate);
    }

    @Override
    public int maxAttempts(int configured) {
        Wishes wanted = wishes;
        return wanted == null ? configured : wanted.attempts(configured);
    }

    @Override
    public int maxTimedOutAttempts(int configured) {
        Wishes wanted = wishes;
        return wanted == null ? configured : wanted.timedOutAttempts(configured);
    }

    @Override
    public int attempts() {
        List<PoolNode> list = failed;
        Wishes wanted = wishes;
        return (list == null ? 0 : list.size()) + (wanted != null && wanted.avoids() ? 1 : 0);
    }

    @Override
    public int timedOutAttempts() {
        return timedOut;
    }

    @Override
    public @Nullable PoolNode pinned() {
        SessionChoice asked = session;
        return only != null ? only : asked == null ? null : asked.pinned();
    }

    @Override
    public boolean repeatable() {
        return owner.repeatable();
    }

    @Override
    public Executor loop() {
        return loop.executor();
    }
}
