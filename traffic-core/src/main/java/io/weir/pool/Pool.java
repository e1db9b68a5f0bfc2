package io.weir.pool;

import io.weir.config.NodeAddress;
import io.weir.config.Overlay;
import io.weir.config.PoolConfig;
import io.weir.event.EventBus;
import io.weir.event.EventBus.Subscription;
import io.weir.event.EventTag;
import io.weir.event.ObjectRef;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * A live pool: gives each exchange the node that is to serve it. It lives as long as its name is in
 * the configuration. Safe for every thread, event loops included; {@link #choose} takes no lock and
 * makes no garbage but the answer.
 */
public final class Pool {

    private final String name;
    private final Ticker ticker;
    private final Serial serial;
    private final Roster roster;
    private final WaitingQueue queue;
    private final RetryBudget budget;
    private final Breaker breaker;
    private final NodePicker picker = new NodePicker(this);
    private final Consumer<PoolNode> departed;
    private final List<Consumer<PoolView>> watchers = new CopyOnWriteArrayList<>();

    /** Whether a task that will end ramps has not begun yet: one is enough for all requests. */
    private final AtomicBoolean rampsAsked = new AtomicBoolean();

    private volatile PoolView view;

    Pool(
            PoolConfig config,
            Ticker ticker,
            EventBus events,
            Supplier<? extends RandomGenerator> random,
            ScheduledExecutorService scheduler,
            NodeNames names,
            Consumer<PoolNode> departed) {
        name = config.name();
        this.departed = departed;
        this.ticker = ticker;
        serial =
                new Serial(
                        scheduler,
                        e ->
                                events.emit(
                                        EventTag.INTERNALERROR,
                                        "Pool " + config.name() + " could not be changed: " + e,
                                        ObjectRef.pool(config.name())));
        roster = new Roster(this, serial, ticker, events, names, scheduler, random, config);
        queue = new WaitingQueue(this, serial, scheduler);
        budget = new RetryBudget(ticker.nanos());
        breaker = new Breaker(name, events, ticker);
        view = roster.empty();
    }

    public String name() {
        return name;
    }

    /** The settings in force. */
    public PoolConfig config() {
        return view.config();
    }

    /** The pool as it is now. */
    public PoolView view() {
        return view;
    }

    /** How its circuit breaker is; null where it has none. */
    public @Nullable BreakerStatus breaker() {
        return breaker.status();
    }

    /**
     * Whether its circuit breaker would send a request that asks for any node elsewhere.
     *
     * @param now as reading of the ticker
     */
    public boolean breakerRefuses(long now) {
        return breaker.wouldRefuse(now);
    }

    /** Requests that wait for a node with room. */
    public int queued() {
        return queue.length();
    }

    /** Requests that have asked for a node since the start, repeated attempts not counted. */
    public long requests() {
        return budget.requests();
    }

    /**
     * Calls {@code watcher} with every new view, one at a time, on any thread, perhaps an event
     * loop; it must not block.
     */
    public Subscription onChange(Consumer<PoolView> watcher) {
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
    }

    // ---- choosing

    /**
     * Chooses a node for the exchange {@code s}, in this pool or, when nothing here is usable, in
     * its failure pools. To be called on the exchange's event loop.
     *
     * @param later called on that loop with a {@link Lease} or a {@link NoNode}, after a {@link
     *     Waiting} was returned
     */
    public Choice choose(Selection s, Consumer<Choice> later) {
        return choose(s, later, ticker.nanos());
    }

    /**
     * As {@link #choose(Selection, Consumer)}, without reading the clock.
     *
     * @param now as reading of the ticker, not long ago
     */
    public Choice choose(Selection s, Consumer<Choice> later, long now) {
        PoolView v = view;
        String open = breaker.refuses(now);
        if (open != null) {
            return elsewhere(v, new NoNode(NoNode.Reason.BREAKER_OPEN, open), s, later);
        }
        if (v.plain() && s.attempts() == 0 && s.pinned() == null) {
            int index = v.balancer().pick(v.open(), s, now);
            if (index >= 0) {
                Lease lease = picker.enter(v, v.openNode(index), now);
                if (lease != null) {
                    budget.request(now);
                    return lease;
                }
            }
        }
        if (!s.retried()) {
            budget.request(now);
        }
        return chooseWithCare(s, later, now);
    }

    /**
     * Takes a place on {@code wanted} for the exchange {@code s}, and on no other node: neither
     * balancer, session, queue nor failure pools have a say.
     *
     * @param wanted a node of this pool that accepts sessions, or an {@link #outsider}
     */
    public Choice choose(PoolNode wanted, Selection s) {
        PoolView v = view;
        long now = ticker.nanos();
        if (!s.retried()) {
            budget.request(now);
        }
        String why = "has failed the request";
        if (!s.hasFailedOn(wanted)) {
            Lease lease = picker.enter(v, wanted, now, s.attempts() > 0);
            if (lease != null) {
                return lease;
            }
            PoolView.Entry entry = wanted.status().accepts(true) ? null : v.entry(wanted);
            why = entry == null ? "has no room" : v.standing(entry);
        }
        return new NoNode(
                NoNode.Reason.ATTEMPTS_EXHAUSTED, "Node " + wanted + ", asked for by name, " + why);
    }

    /** The node of the pool that is configured as {@code address}; null when there is none. */
    public @Nullable PoolNode node(NodeAddress address) {
        for (PoolView.Entry entry : view.entries()) {
            if (!entry.leaving() && entry.node().address().equals(address)) {
                return entry.node();
            }
        }
        return null;
    }

    /**
     * A node at an address that the pool does not have, for one exchange: it gets the pool's
     * settings, and nobody watches it or keeps connections to it.
     */
    public PoolNode outsider(InetSocketAddress at) {
        return PoolNode.outsider(this, at);
    }

    private Choice chooseWithCare(Selection s, Consumer<Choice> later, long now) {
        PoolView v = view;
        if (v.open().anyRamping()
                && now - v.rampsEnd() >= 0
                && rampsAsked.compareAndSet(false, true)) {
            serial.run(this::endRamps);
        }
        while (true) {
            v = view;
            Choice choice = choose(v, s, later, now);
            if (choice != null) {
                return choice;
            }
            if (view == v) {
                // Should not be, since nodes close after their view was replaced.
                return v.none();
            }
        }
    }

    /** The view is worked out anew because its ramps have ended. */
    private void endRamps() {
        rampsAsked.set(false);
        roster.refresh();
    }

    /** The choice by view {@code v}; null when nodes have closed that were open in it. */
    private @Nullable Choice choose(PoolView v, Selection s, Consumer<Choice> later, long now) {
        NoNode exhausted = exhausted(v, s);
        if (exhausted != null) {
            return exhausted;
        }
        if (picker.pinned(v, s) == null) {
            Lease trial = picker.tryOut(v, s, now);
            if (trial != null) {
                return trial;
            }
            if (!v.alive()) {
                return elsewhere(v, v.none(), s, later);
            }
        }
        if (!picker.mayHope(v, s)) {
            return new NoNode(
                    NoNode.Reason.ATTEMPTS_EXHAUSTED,
                    "The request has failed on every usable node of pool " + name);
        }
        if (v.limit() <= 0 || queue.length() == 0) {
            Lease lease = picker.pick(v, s, now);
            if (lease != null || v.limit() <= 0) {
                return lease;
            }
        }
        return enqueue(v, s, later, now);
    }

    private @Nullable NoNode exhausted(PoolView v, Selection s) {
        if (s.attempts() == 0) {
            return null;
        }
        int most = s.maxAttempts(v.config().maxConnectionAttempts());
        int attempts = most > 0 ? attemptsHere(v, s) : 0;
        if (most > 0 && attempts >= most) {
            return new NoNode(
                    NoNode.Reason.ATTEMPTS_EXHAUSTED,
                    "The request has failed on "
                            + attempts
                            + " nodes of pool "
                            + name
                            + ", as many as max-connection-attempts allows");
        }
        int timedOut = s.timedOutAttempts();
        int mostTimedOut = s.maxTimedOutAttempts(v.config().maxTimedOutConnectionAttempts());
        if (mostTimedOut > 0 && timedOut >= mostTimedOut) {
            return new NoNode(
                    NoNode.Reason.ATTEMPTS_EXHAUSTED,
                    "The request has run into the reply time on "
                            + timedOut
                            + " nodes of pool "
                            + name
                            + ", as many as max-timed-out-connection-attempts allows");
        }
        return null;
    }

    /** How many nodes of this pool the request has tried; those of other pools do not count. */
    private static int attemptsHere(PoolView v, Selection s) {
        int count = 0;
        for (PoolView.Entry entry : v.entries()) {
            count += s.hasFailedOn(entry.node()) ? 1 : 0;
        }
        return count;
    }

    private static Choice elsewhere(PoolView v, NoNode here, Selection s, Consumer<Choice> later) {
        Pool failurePool = v.failurePool();
        if (failurePool == null) {
            return here;
        }
        Choice choice = failurePool.choose(s, later);
        return choice instanceof NoNode more
                ? new NoNode(here.reason(), here.text() + "; " + more.text())
                : choice;
    }

    // ---- the queue

    private Choice enqueue(PoolView v, Selection s, Consumer<Choice> later, long now) {
        if (!queue.reserve(v.config().maxQueueSize())) {
            // All who wait may wait for the one node of their session.
            Lease lease = picker.pick(v, s, now);
            if (lease != null) {
                return lease;
            }
            return new NoNode(
                    NoNode.Reason.QUEUE_FULL,
                    "Every node of pool "
                            + name
                            + " is full and "
                            + queue.length()
                            + " requests wait already");
        }
        Waiting place = new Waiting(this, v, s, later, now);
        serial.run(() -> queue.add(place));
        return place;
    }

    /** Whether a node that new requests go to has room for another exchange. */
    boolean hasRoom(PoolView v) {
        return picker.hasRoom(v);
    }

    /** A node for an exchange that has waited; null when it has to wait on. */
    @Nullable Lease place(PoolView v, Selection s) {
        return picker.pick(v, s, ticker.nanos());
    }

    /** Whether a node of this pool could serve {@code s} if it had room. */
    boolean mayHope(PoolView v, Selection s) {
        return picker.mayHope(v, s);
    }

    void forget(Waiting place) {
        serial.run(() -> queue.remove(place));
    }

    // ---- what becomes of leases

    void replied(Lease lease, long nanos, boolean first, boolean busy) {
        PoolNode node = lease.node();
        // Near enough to the present, and reading the clock costs more than all the rest of this.
        node.answered(nanos, lease.began() + Math.max(0, nanos));
        if (!first) {
            return;
        }
        if (!node.outsider()) {
            breaker.answered(nanos < 0, lease.began(), lease.began() + Math.max(0, nanos));
        }
        if (nanos < 0) {
            node.countError();
        }
        if (busy) {
            accuse(lease, NodeFailure.BUSY_503, NodeFailure.BUSY_503.text());
            return;
        }
        if (lease.trial()) {
            boolean error = nanos < 0;
            serial.run(() -> roster.findings().trialAnswered(node, error));
            return;
        }
        if (node.failuresInRow.get() != 0) {
            node.failuresInRow.set(0);
        }
        if (!node.proven()) {
            serial.run(() -> roster.findings().proven(node));
        }
    }

    void failed(Lease lease, NodeFailure why, String text, boolean first) {
        if (why.beforeConnection()) {
            shun(lease);
        }
        if (first) {
            lease.node().countError();
            if (!lease.node().outsider()) {
                breaker.answered(true, lease.began(), ticker.nanos());
            }
            accuse(lease, why, text);
        }
    }

    private void accuse(Lease lease, NodeFailure why, String text) {
        PoolNode node = lease.node();
        PoolConfig config = view.config();
        if (lease.trial()) {
            serial.run(() -> roster.findings().trialFailed(node));
        } else if (config.passiveMonitoring()
                && lease.epoch() == node.epoch()
                && node.failuresInRow.incrementAndGet() >= config.nodeConnectionAttempts()) {
            serial.run(() -> roster.findings().condemn(node, why, text));
        }
    }

    void released(Lease lease, long now) {
        PoolNode node = lease.node();
        node.ended(now);
        if (lease.trial()) {
            node.onTrial.set(false);
        }
        left(node);
    }

    /** An exchange has left {@code node}. */
    void left(PoolNode node) {
        if (node.leave()) {
            serial.run(roster::refresh);
        }
        queue.roomGiven();
    }

    /** Passes the lease's target over for a while and finds another one for it. */
    @Nullable InetSocketAddress shun(Lease lease) {
        Addresses addresses = lease.node().addresses();
        long now = ticker.nanos();
        addresses.shun(lease.target(), now + lease.config().retryFailTime().toNanos());
        return addresses.otherThan(lease.target(), now);
    }

    /** Takes one retry out of the retry budget; false when it is used up. */
    public boolean mayRetry() {
        return budget.take(view.config().retryBudget(), ticker.nanos());
    }

    // ---- what others have to say

    /**
     * Takes the verdict of a monitor, which holds until the next one or until it is {@linkplain
     * #monitorRetracts retracted}. A node is usable when every monitor of the pool passes.
     *
     * @param node whom the verdict is about, as in {@link PoolNode#address}; null for the whole
     *     pool
     * @param monitor its name; verdicts of monitors that the pool does not have are ignored
     * @param cause why it failed; null when it passed
     */
    public void monitorResult(
            @Nullable NodeAddress node, String monitor, boolean ok, @Nullable String cause) {
        serial.run(
                () ->
                        roster.findings()
                                .verdict(node, monitor, new Member.Verdict(ok, ok ? null : cause)));
    }

    /**
     * Forgets the verdict of a monitor, which does not look any more. Nodes that are in use stay
     * so.
     *
     * @param node whom the verdict was about; null for the whole pool
     */
    public void monitorRetracts(@Nullable NodeAddress node, String monitor) {
        serial.run(() -> roster.findings().retract(node, monitor));
    }

    void apply(PoolConfig config, Overlay overlay, @Nullable Pool failurePool) {
        breaker.configure(config.breaker());
        serial.await(() -> roster.apply(config, overlay, failurePool));
    }

    void apply(Overlay overlay) {
        serial.await(() -> roster.apply(overlay));
    }

    /**
     * Cuts the connections of the nodes that {@code node} means, whatever runs on them; nothing if
     * there are none in the pool.
     */
    void cut(NodeAddress node) {
        serial.await(() -> roster.cut(node));
    }

    /** A node is in the pool no more; exchanges may still run on it. */
    void departed(PoolNode node) {
        departed.accept(node);
    }

    /** Ends what goes on by itself; exchanges that still know the pool may go on using it. */
    void close() {
        serial.await(roster::close);
    }

    // ---- for roster and queue

    void publish(PoolView next) {
        view = next;
        if (queue.length() != 0) {
            serial.run(queue::changed);
        }
        for (Consumer<PoolView> watcher : watchers) {
            watcher.accept(next);
        }
    }

    long nanos() {
        return ticker.nanos();
    }
}
