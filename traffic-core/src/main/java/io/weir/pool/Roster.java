package io.weir.pool;

import io.weir.balance.Balancer;
import io.weir.balance.BalancerFactory;
import io.weir.config.NodeAddress;
import io.weir.config.Overlay;
import io.weir.config.PoolConfig;
import io.weir.event.EventBus;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The book of one pool: what is wanted of its nodes and what was seen of them. Every change, from
 * wherever it comes, is entered here; then statuses and the pool's view are worked out anew and
 * events are raised for what has become of them. Confined to the pool's {@link Serial}.
 */
final class Roster {

    private final Pool pool;
    private final Serial serial;
    private final Ticker ticker;
    private final Reports reports;
    private final FollowedNames names;
    private final ScheduledExecutorService scheduler;
    private final Supplier<? extends RandomGenerator> random;
    private final Members members;
    private final Findings findings;

    private PoolConfig config;
    private Overlay overlay = Overlay.EMPTY;
    private @Nullable Pool failurePool;

    private @Nullable Balancer balancer;
    private List<NodeAddress> balanced = List.of();
    private boolean started;
    private boolean looking;
    private boolean closed;

    Roster(
            Pool pool,
            Serial serial,
            Ticker ticker,
            EventBus events,
            NodeNames names,
            ScheduledExecutorService scheduler,
            Supplier<? extends RandomGenerator> random,
            PoolConfig config) {
        this.pool = pool;
        this.serial = serial;
        this.ticker = ticker;
        reports = new Reports(pool.name(), events);
        this.names =
                new FollowedNames(
                        names,
                        serial,
                        () -> {
                            enlist();
                            refresh();
                        });
        this.scheduler = scheduler;
        this.random = random;
        this.config = config;
        this.members = new Members(pool);
        this.findings = new Findings(members, ticker, this, config);
    }

    /** What was seen of the nodes; who sees more of them tells it here. */
    Findings findings() {
        return findings;
    }

    /** The view of a pool that has not begun yet. */
    PoolView empty() {
        return new PoolView(
                config,
                List.of(),
                Lists.closed(0),
                (open, request, now) -> Balancer.NONE,
                Absence.of(config.name(), null, List.of()),
                null,
                null);
    }

    // ---- what is wanted

    void apply(PoolConfig next, Overlay nextOverlay, @Nullable Pool nextFailurePool) {
        if (!next.algorithm().equals(config.algorithm()) || !next.hash().equals(config.hash())) {
            balancer = null;
        }
        config = next;
        overlay = nextOverlay;
        failurePool = nextFailurePool;
        findings.configure(next, nextOverlay);
        names.follow(next, !started);
        enlist();
        refresh();
        started = true;
        lookForOutliers();
    }

    void apply(Overlay next) {
        overlay = next;
        findings.configure(config, next);
        enlist();
        refresh();
    }

    /**
     * Ends name look-ups and events. What knows the pool may go on using it, within what operators
     * decide of its nodes; these keep no idle connections.
     */
    void close() {
        closed = true;
        names.close();
        for (Member member : members.all()) {
            member.node.retired(true);
            member.node.closeIdle(Integer.MAX_VALUE);
            pool.departed(member.node);
        }
    }

    /**
     * Cuts what runs on the nodes that {@code name} means, in the pool or on their way out of it.
     * Those that come of a name may each have a decision of their own, which goes before.
     */
    void cut(NodeAddress name) {
        for (Member member : members.all()) {
            PoolNode node = member.node;
            if (node.isCalled(name)
                    && (node.address().equals(name)
                            || !overlay.hasState(pool.name(), node.address()))) {
                node.cutConnections();
            }
        }
    }

    /** Makes the members those that are wanted now. */
    private void enlist() {
        Map<NodeAddress, Wanted> wanted = Wanted.all(config, names);
        List<Member> dismissed = members.enlist(config, overlay, wanted, findings, !started);
        members.present().forEach(this::quarantined);
        Duration patience = config.drainToDeleteTimeout();
        if (!patience.isZero()) {
            for (Member member : dismissed) {
                int which = member.dismissals;
                after(patience, () -> waitNoLonger(member, which));
            }
        }
    }

    /** A draining node is given back when its quarantine is over. */
    void quarantined(Member member) {
        if (member.admin == Admin.DRAINING && member.condemned != null) {
            after(
                    Duration.ofNanos(Math.max(0, member.triedAgainFrom - ticker.nanos())),
                    () -> findings.giveBack(member));
        }
    }

    /**
     * The time is over that a node had which was taken out; it may have come back and left again.
     */
    private void waitNoLonger(Member member, int dismissal) {
        if (member.dismissals == dismissal && members.removeLeaving(member)) {
            refresh();
            member.node.cutConnections();
        }
    }

    /** Judges nodes by how they answer, again and again while the pool wants that. */
    private void lookForOutliers() {
        if (looking || closed || !config.outliers().enabled()) {
            return;
        }
        looking = true;
        after(
                config.outliers().interval(),
                () -> {
                    looking = false;
                    if (!closed && config.outliers().enabled()) {
                        findings.look();
                        lookForOutliers();
                    }
                });
    }

    // ---- what follows

    /**
     * Works out anew what has changed with one member. Where nothing follows for requests, as when
     * the nodes of a pool that begins pass their first checks, the rest stays as it is.
     */
    void refresh(Member member) {
        NodeStatus before = member.status;
        NodeStatus after = member.judge(config, findings.ofPool(), ticker.now());
        if (before.admin() != after.admin()
                || !before.health().usable()
                || !after.health().usable()) {
            refresh();
            return;
        }
        member.status = after;
        member.node.status(after);
        pool.publish(pool.view().with(member.position, member.entry()));
        if (!closed) {
            reports.member(member);
        }
    }

    /**
     * Works everything out anew; cheap enough to be done at every change. A node that opens does so
     * before the new view is published and one that closes afterwards: so whatever view a request
     * looks at, it finds every node that is open in both, and a closed one sends it to the new
     * view.
     */
    void refresh() {
        long now = ticker.nanos();
        List<NodeAddress> order = members.addresses();
        Balancer choosing = balancer;
        if (choosing == null || !order.equals(balanced)) {
            choosing = balancer(order);
            balancer = choosing;
            balanced = order;
        }
        List<Change> changes = new ArrayList<>();
        for (Member member : members.all()) {
            changes.add(review(member, now));
        }
        List<Member> present = List.copyOf(members.present());
        for (int i = 0; i < present.size(); i++) {
            present.get(i).position = i;
        }
        String poolFailure = findings.poolFailure();
        Lists lists =
                poolFailure != null ? Lists.closed(present.size()) : Lists.of(present, config, now);
        List<PoolView.Entry> entries = new ArrayList<>();
        for (Member member : members.all()) {
            entries.add(member.entry());
        }
        NoNode none = Absence.of(pool.name(), poolFailure, present);
        pool.publish(
                new PoolView(
                        config, entries, lists, choosing, none, failurePool, deadSince(lists)));
        members.closeRemoved();
        changes.forEach(this::conclude);
        if (!closed) {
            reports.pool(lists.open().size() > 0, none, poolFailure != null, present);
        }
        if (members.removeDrained()) {
            refresh();
        }
    }

    private @Nullable Instant deadSince(Lists lists) {
        if (lists.open().size() > 0) {
            return null;
        }
        Instant before = pool.view().deadSince();
        return before == null ? ticker.now() : before;
    }

    private Balancer balancer(List<NodeAddress> order) {
        BalancerFactory factory = BalancerFactory.of(config.algorithm());
        if (factory == null) {
            throw new IllegalStateException("unknown algorithm " + config.algorithm());
        }
        return factory.create(config, order, random);
    }

    private Change review(Member member, long now) {
        PoolNode node = member.node;
        NodeStatus before = member.status;
        NodeStatus after = member.judge(config, findings.ofPool(), ticker.now());
        member.status = after;
        if (!closes(before, after)) {
            node.status(after);
        }
        if (!after.accepts(false)) {
            member.ramping = false;
        } else if (!before.accepts(false)) {
            member.ramping = !member.original && !config.slowStart().isZero();
            if (member.ramping) {
                member.rampStart = now;
                node.fed.set(false);
            }
        }
        if (member.ramping && now - member.rampStart >= config.slowStart().toNanos()) {
            member.ramping = false;
        }
        if (!member.unresolved || member.resolveFailure != null) {
            member.original = false;
        }
        return new Change(member, before, after);
    }

    private void conclude(Change change) {
        Member member = change.member;
        PoolNode node = member.node;
        NodeStatus before = change.before;
        NodeStatus after = change.after;
        if (closes(before, after)) {
            node.status(after);
        }
        boolean disabled = shut(after.admin()) && !shut(before.admin());
        boolean died =
                after.health() instanceof Health.Down && !(before.health() instanceof Health.Down);
        if (died && config.closeOnDeath()) {
            node.cutConnections();
        } else if (died || disabled) {
            node.closeIdle(Integer.MAX_VALUE);
        }
        if (closed) {
            return;
        }
        if (started) {
            reports.member(member);
        } else {
            reports.begin(member);
        }
    }

    private static boolean shut(Admin admin) {
        return admin == Admin.DISABLED || admin == Admin.HELD;
    }

    private static boolean closes(NodeStatus before, NodeStatus after) {
        return before.accepts(false) && !after.accepts(false)
                || before.accepts(true) && !after.accepts(true);
    }

    /** What a look at a member has changed. */
    private record Change(Member member, NodeStatus before, NodeStatus after) {}

    private void after(Duration delay, Runnable task) {
        try {
            scheduler.schedule(() -> serial.run(task), delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // The process is stopping; nothing will be left to drain.
            return;
        }
    }
}
