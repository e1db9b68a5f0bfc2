package io.weir.pool;

import io.weir.balance.Balancer;
import io.weir.balance.BalancerFactory;
import io.weir.config.NodeAddress;
import io.weir.config.NodeConfig;
import io.weir.config.Overlay;
import io.weir.config.OverlayEntry;
import io.weir.config.PoolConfig;
import io.weir.event.EventBus;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
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

    private PoolConfig config;
    private Overlay overlay = Overlay.EMPTY;
    private @Nullable Pool failurePool;

    private final Map<NodeAddress, Member> members = new LinkedHashMap<>();
    private final List<Member> leaving = new ArrayList<>();
    private final List<PoolNode> removed = new ArrayList<>();
    private final Map<String, Member.Verdict> poolVerdicts = new HashMap<>();

    /** What monitors said of names that stand for a node per address. */
    private final Map<NodeAddress, Map<String, Member.Verdict>> nameVerdicts = new HashMap<>();

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
    }

    /** The view of a pool that has not begun yet. */
    PoolView empty() {
        return new PoolView(
                config,
                List.of(),
                Lists.closed(0),
                (open, request, now) -> Balancer.NONE,
                Absence.of(config.name(), null, List.of()),
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
        poolVerdicts.keySet().retainAll(next.monitors());
        nameVerdicts.keySet().retainAll(next.nodes().stream().map(NodeConfig::address).toList());
        nameVerdicts.values().forEach(of -> of.keySet().retainAll(next.monitors()));
        names.follow(next, !started);
        enlist();
        refresh();
        started = true;
        lookForOutliers();
    }

    void apply(Overlay next) {
        overlay = next;
        enlist();
        refresh();
    }

    /** Ends name look-ups. What runs on the pool may end; nodes keep no idle connections. */
    void close() {
        closed = true;
        names.close();
        for (Member member : allMembers()) {
            member.node.retired(true);
            member.node.closeIdle(Integer.MAX_VALUE);
            pool.departed(member.node);
        }
    }

    /** Cuts what runs on a node, in the pool or on its way out of it. */
    void cut(NodeAddress address) {
        for (Member member : allMembers()) {
            if (member.node.address().equals(address)) {
                member.node.cutConnections();
            }
        }
    }

    /** Makes the members those that are wanted now. */
    private void enlist() {
        Map<NodeAddress, Wanted> wanted = Wanted.all(config, names);
        for (Member member : List.copyOf(members.values())) {
            if (!wanted.containsKey(member.node.address())) {
                members.remove(member.node.address());
                dismiss(member);
            }
        }
        Map<NodeAddress, Member> ordered = new LinkedHashMap<>();
        for (Map.Entry<NodeAddress, Wanted> entry : wanted.entrySet()) {
            Member member = members.get(entry.getKey());
            ordered.put(
                    entry.getKey(),
                    member != null ? member : recruit(entry.getKey(), entry.getValue()));
        }
        members.clear();
        members.putAll(ordered);
        for (Map.Entry<NodeAddress, Wanted> entry : wanted.entrySet()) {
            Member member = ordered.get(entry.getKey());
            if (member != null) {
                instruct(member, entry.getValue());
            }
        }
    }

    private Member recruit(NodeAddress address, Wanted wanted) {
        for (Member member : leaving) {
            if (member.node.address().equals(address)) {
                leaving.remove(member);
                member.leaving = false;
                member.node.retired(false);
                return member;
            }
        }
        Member member = new Member(new PoolNode(pool, address));
        FollowedName name = wanted.name();
        member.original = !started || name != null && name.original;
        member.trusted = member.original;
        return member;
    }

    private void instruct(Member member, Wanted wanted) {
        NodeConfig own = wanted.config();
        NodeConfig configured =
                new NodeConfig(wanted.configured(), own.state(), own.weight(), own.priority());
        NodeConfig named =
                new NodeConfig(
                        own.address(),
                        overlay.stateOf(pool.name(), configured),
                        overlay.weightOf(pool.name(), configured),
                        own.priority());
        boolean usable = member.status.health().usable();
        member.verdicts.keySet().retainAll(config.monitors());
        if (usable) {
            // A monitor that is new to a node that serves does not put it out of use.
            member.trusted = true;
        }
        boolean kept = member.ejected ? config.outliers().enabled() : config.passiveMonitoring();
        if (!kept) {
            member.condemned = null;
            member.ejected = false;
        }
        member.want(
                overlay.stateOf(pool.name(), named),
                overlay.lease(own.address()) != null || overlay.lease(wanted.configured()) != null,
                overlay.weightOf(pool.name(), named),
                own.priority(),
                decision(own.address(), wanted.configured()));
        member.ofName =
                own.address().equals(wanted.configured())
                        ? Map.of()
                        : nameVerdicts.computeIfAbsent(wanted.configured(), n -> new HashMap<>());
        Addresses before = member.node.addresses();
        if (!before.list().equals(wanted.addresses())) {
            member.node.addresses(new Addresses(wanted.addresses()));
            if (!wanted.addresses().containsAll(before.list())) {
                member.node.closeIdle(Integer.MAX_VALUE);
            }
        }
        FollowedName name = wanted.name();
        member.unresolved = wanted.addresses().isEmpty();
        member.resolveFailure = name == null ? null : name.failure;
    }

    private @Nullable String decision(NodeAddress own, NodeAddress configured) {
        String everywhere = null;
        for (OverlayEntry entry : overlay.entries()) {
            if (entry.covers(pool.name(), own) || entry.covers(pool.name(), configured)) {
                String text =
                        entry.reason().isEmpty()
                                ? entry.owner()
                                : entry.owner() + ": " + entry.reason();
                if (entry.pool() != null) {
                    return text;
                }
                everywhere = text;
            }
        }
        return everywhere;
    }

    /** Takes a node out, at once or after its exchanges have ended. */
    private void dismiss(Member member) {
        member.node.closeIdle(Integer.MAX_VALUE);
        member.node.retired(true);
        if (config.nodeDelete() == PoolConfig.NodeDelete.IMMEDIATE || member.node.inFlight() == 0) {
            remove(member);
            return;
        }
        member.leaving = true;
        member.admin = Admin.DRAINING;
        leaving.add(member);
        Duration patience = config.drainToDeleteTimeout();
        if (!patience.isZero()) {
            after(
                    patience,
                    () -> {
                        if (leaving.remove(member)) {
                            remove(member);
                            refresh();
                            member.node.cutConnections();
                        }
                    });
        }
    }

    /**
     * Takes a node out. It is closed only once a view without it is published: until then requests
     * that look at the old view must still find a node. What runs on it may end.
     */
    private void remove(Member member) {
        removed.add(member.node);
    }

    private void closeRemoved() {
        for (PoolNode node : removed) {
            node.status(new NodeStatus(Admin.DISABLED, node.status().health()));
            node.closeIdle(Integer.MAX_VALUE);
            pool.departed(node);
        }
        removed.clear();
    }

    // ---- what was seen

    void verdict(@Nullable NodeAddress address, String monitor, Member.Verdict verdict) {
        if (!config.monitors().contains(monitor)) {
            return;
        }
        if (address == null) {
            if (!verdict.equals(poolVerdicts.put(monitor, verdict))) {
                refresh();
            }
            return;
        }
        Member member = members.get(address);
        if (member == null) {
            Map<String, Member.Verdict> ofName = nameVerdicts.get(address);
            if (ofName != null && !verdict.equals(ofName.put(monitor, verdict))) {
                refresh();
            }
            return;
        }
        if (member.admin == Admin.DISABLED) {
            return;
        }
        Member.Verdict before = member.verdicts.put(monitor, verdict);
        if (verdict.equals(before)) {
            return;
        }
        if (before != null && !before.ok() && verdict.ok() && member.condemned != null) {
            // The monitor has seen the same outage end; it is newer evidence than live traffic.
            acquit(member);
        }
        refresh(member);
    }

    void condemn(PoolNode node, String why) {
        Member member = members.get(node.address());
        if (member == null
                || member.node != node
                || member.condemned != null
                || !config.passiveMonitoring()) {
            return;
        }
        int inRow = config.nodeConnectionAttempts();
        member.condemned = inRow == 1 ? why : inRow + " failures in a row, the last: " + why;
        quarantine(member);
    }

    void trialFailed(PoolNode node) {
        Member member = members.get(node.address());
        if (member != null && member.node == node && member.condemned != null) {
            quarantine(member);
        }
    }

    private void quarantine(Member member) {
        long nanos =
                member.ejected
                        ? new Outliers(config.outliers()).ejectionNanos(member.ejections)
                        : config.retryFailTime().toNanos();
        member.triedAgainFrom = ticker.nanos() + nanos;
        refresh();
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
                        new Outliers(config.outliers()).look(members.values()).forEach(this::eject);
                        lookForOutliers();
                    }
                });
    }

    private void eject(Outliers.Finding finding) {
        Member member = finding.member();
        member.ejected = true;
        member.ejections++;
        member.condemned =
                finding.why()
                        + " within "
                        + config.outliers().interval().toMillis() / 1000.0
                        + " s, so it is left out for a while";
        quarantine(member);
    }

    /**
     * The answer to a trial: an error is not what brings a node back that was left out for them.
     */
    void trialAnswered(PoolNode node, boolean error) {
        Member member = members.get(node.address());
        if (error && member != null && member.node == node && member.ejected) {
            member.ejections++;
            quarantine(member);
        } else {
            trialPassed(node);
        }
    }

    private void trialPassed(PoolNode node) {
        Member member = members.get(node.address());
        if (member != null && member.node == node && member.condemned != null) {
            acquit(member);
            node.proven(true);
            refresh();
        }
    }

    private static void acquit(Member member) {
        member.condemned = null;
        member.ejected = false;
        member.node.recovered();
    }

    void proven(PoolNode node) {
        Member member = members.get(node.address());
        if (!node.proven() && member != null && member.node == node) {
            node.proven(true);
            refresh(member);
        }
    }

    // ---- what follows

    /**
     * Works out anew what has changed with one member. Where nothing follows for requests, as when
     * the nodes of a pool that begins pass their first checks, the rest stays as it is.
     */
    private void refresh(Member member) {
        NodeStatus before = member.status;
        NodeStatus after = member.judge(config, poolVerdicts, ticker.now());
        if (before.admin() != after.admin()
                || !before.health().usable()
                || !after.health().usable()) {
            refresh();
            return;
        }
        member.status = after;
        member.node.status(after);
        pool.publish(pool.view().with(member.position, member.entry()));
        reports.member(member);
    }

    /**
     * Works everything out anew; cheap enough to be done at every change. A node that opens does so
     * before the new view is published and one that closes afterwards: so whatever view a request
     * looks at, it finds every node that is open in both, and a closed one sends it to the new
     * view.
     */
    void refresh() {
        long now = ticker.nanos();
        List<NodeAddress> order = List.copyOf(members.keySet());
        Balancer choosing = balancer;
        if (choosing == null || !order.equals(balanced)) {
            choosing = balancer(order);
            balancer = choosing;
            balanced = order;
        }
        List<Change> changes = new ArrayList<>();
        for (Member member : allMembers()) {
            changes.add(review(member, now));
        }
        List<Member> present = List.copyOf(members.values());
        for (int i = 0; i < present.size(); i++) {
            present.get(i).position = i;
        }
        String poolFailure = poolFailure();
        Lists lists =
                poolFailure != null ? Lists.closed(present.size()) : Lists.of(present, config, now);
        List<PoolView.Entry> entries = new ArrayList<>();
        for (Member member : allMembers()) {
            entries.add(member.entry());
        }
        NoNode none = Absence.of(pool.name(), poolFailure, present);
        pool.publish(new PoolView(config, entries, lists, choosing, none, failurePool));
        closeRemoved();
        changes.forEach(this::conclude);
        reports.pool(lists.open().size() > 0, none, poolFailure != null, present);
        if (leaving.removeIf(this::drained)) {
            refresh();
        }
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
        NodeStatus after = member.judge(config, poolVerdicts, ticker.now());
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

    /** Whether a node that leaves may go: asked after it was closed, so that nobody is missed. */
    private boolean drained(Member member) {
        boolean empty = member.node.inFlight() == 0;
        if (empty) {
            remove(member);
        }
        return empty;
    }

    /** What a look at a member has changed. */
    private record Change(Member member, NodeStatus before, NodeStatus after) {}

    private @Nullable String poolFailure() {
        for (String monitor : config.monitors()) {
            Member.Verdict verdict = poolVerdicts.get(monitor);
            if (verdict != null && !verdict.ok()) {
                return "monitor "
                        + monitor
                        + (verdict.cause() == null ? " failed" : ": " + verdict.cause());
            }
        }
        return null;
    }

    private Collection<Member> allMembers() {
        List<Member> all = new ArrayList<>(members.values());
        all.addAll(leaving);
        return all;
    }

    private void after(Duration delay, Runnable task) {
        try {
            scheduler.schedule(() -> serial.run(task), delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // The process is stopping; nothing will be left to drain.
            return;
        }
    }
}
