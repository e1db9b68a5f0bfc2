package io.weir.control;

import io.weir.cache.CacheContents;
import io.weir.cache.CacheQuery;
import io.weir.config.NodeAddress;
import io.weir.config.NodeLease;
import io.weir.config.Overlay;
import io.weir.config.WeirConfig;
import io.weir.config.load.Nearest;
import io.weir.control.ControlStatus.Configuration;
import io.weir.control.store.LastGood;
import io.weir.control.store.OverlayStore;
import io.weir.event.Event;
import io.weir.event.EventBus;
import io.weir.event.EventTag;
import io.weir.runtime.DataPlane;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The one façade through which a running Weir is looked at and changed. Safe for every thread but
 * an event loop: changes are made one after another under one lock and may wait for disk and
 * sockets; looking never waits for a change.
 *
 * <p>A change is checked as a whole and then put in force as a whole; when it is refused with a
 * {@link RefusedException}, nothing has changed.
 */
public final class Control {

    private static final int MAX_OVERLAY_ENTRIES = 10_000;

    private final ConfigSource source;
    private final @Nullable ConfigStore store;
    private final DataPlane plane;
    private final OverlayStore overlays;
    private final @Nullable LastGood lastGood;
    private final Audit audit;
    private final EventBus events;
    private final Ticker ticker;
    private final Instant started;
    private final Revisions revisions;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, String> troubles = new ConcurrentSkipListMap<>();
    private final List<Consumer<WeirConfig>> followers = new ArrayList<>();
    private final CountDownLatch stopped = new CountDownLatch(1);

    /** Written under the lock, read by anybody. */
    private volatile ControlState state;

    private volatile Actions actions = Actions.NONE;

    /** Whether the overlay in force is on disk; guarded by the lock. */
    private boolean overlaySaved = true;

    /** What is yet to be remembered as last good; guarded by the lock. */
    private @Nullable Supplier<String> unsaved;

    private Control(
            ConfigSource source,
            DataPlane plane,
            OverlayStore overlays,
            @Nullable LastGood lastGood,
            Audit audit,
            EventBus events,
            Ticker ticker,
            ControlState state) {
        this.source = source;
        this.store = source instanceof ConfigStore managed ? managed : null;
        this.plane = plane;
        this.overlays = overlays;
        this.lastGood = lastGood;
        this.audit = audit;
        this.events = events;
        this.ticker = ticker;
        this.started = ticker.now();
        this.revisions = new Revisions(this, store, events, ticker);
        audit.reportTo(trouble -> report("audit record", trouble));
        this.state = state;
    }

    /** As the other {@code start}, without a record of what is asked for. */
    public static Control start(
            ConfigSource source,
            DataPlaneStarter starter,
            OverlayStore overlays,
            @Nullable LastGood lastGood,
            EventBus events,
            Ticker ticker)
            throws RefusedException {
        return start(source, starter, overlays, lastGood, Audit.none(ticker), events, ticker);
    }

    /**
     * Starts a data plane with the configuration that {@code source} has now, or, if that is
     * refused, with the last good one; and with the overlay as kept.
     *
     * @param lastGood null when nothing is to be remembered, as for a configuration from arguments
     * @throws RefusedException when there is no configuration that can be put in force
     */
    public static Control start(
            ConfigSource source,
            DataPlaneStarter starter,
            OverlayStore overlays,
            @Nullable LastGood lastGood,
            Audit audit,
            EventBus events,
            Ticker ticker)
            throws RefusedException {
        OverlayStore.Loaded kept = overlays.load();
        Overlay overlay = kept.overlay().unexpired(ticker.now());
        FirstConfiguration first = FirstConfiguration.start(source, starter, overlay, lastGood);
        Configuration configuration =
                new Configuration(
                        source.name(),
                        source instanceof ConfigStore managed
                                ? managed.revision()
                                : first.plane().status().revision(),
                        first.chosen().hash(),
                        first.refusal() != null,
                        Author.WEIR,
                        ticker.now(),
                        first.refusal());
        ControlState state =
                new ControlState(
                        first.config(),
                        configuration,
                        overlay,
                        kept.revision(),
                        first.read().watched(),
                        first.read().hash(),
                        first.chosen().document(),
                        false);
        Control control =
                new Control(
                        source, first.plane(), overlays, lastGood, audit, events, ticker, state);
        control.announce(kept.fault(), first);
        return control;
    }

    private void announce(@Nullable String overlayFault, FirstConfiguration first) {
        ControlProblem refusal = first.refusal();
        if (refusal == null) {
            unsaved = first.chosen().canonical();
        } else {
            events.emit(
                    EventTag.CONFREFUSED,
                    "started with the last good configuration: " + refusal.message());
        }
        if (overlayFault != null) {
            events.emit(EventTag.OVERLAYLOST, overlayFault);
            report("overlay", "drains and other decisions may be lost: " + overlayFault);
        }
        revisions.announce();
        events.emit(EventTag.RUNNING, "Weir serves the configuration of " + source.name());
    }

    /** The configuration in force. */
    public WeirConfig config() {
        return state.config();
    }

    /** The operational decisions in force. */
    public Overlay overlay() {
        return state.overlay();
    }

    /** What people call the place that configurations come from. */
    public String source() {
        return source.name();
    }

    /** The files and directories whose content makes the configuration. */
    public List<Path> watched() {
        return state.watched();
    }

    /** All there is to know at this moment. */
    public ControlStatus status() {
        ControlState s = state;
        DataPlane.Status observed = plane.status();
        return new ControlStatus(
                observed,
                s.configuration(),
                s.overlay(),
                s.overlayRevision(),
                judge(s, observed),
                started,
                ticker.now());
    }

    /** How Weir itself is. */
    public Health health() {
        return judge(state, plane.status());
    }

    private Health judge(ControlState s, DataPlane.Status observed) {
        return HealthCheck.judge(
                s.stopping(),
                s.config(),
                s.configuration(),
                observed,
                List.copyOf(troubles.values()));
    }

    /** The latest events, oldest first, at most {@code max}. */
    public List<Event> events(int max) {
        return events.recent(max);
    }

    /**
     * Says that a part of Weir is worse than it should be, which shows in {@link #health}, or that
     * it is well again.
     *
     * @param component such as {@code admin listener}
     * @param trouble one clause; null when all is well
     */
    public void report(String component, @Nullable String trouble) {
        if (trouble == null) {
            troubles.remove(component);
        } else {
            troubles.put(component, component + ": " + trouble);
        }
    }

    /** Calls {@code follower} with the configuration now, and with each later one in force. */
    public void follow(Consumer<WeirConfig> follower) {
        lock.lock();
        try {
            followers.add(follower);
            tell(follower, state.config());
        } finally {
            lock.unlock();
        }
    }

    /** What a reload would find now. */
    public CheckReport check() {
        lock.lock();
        try {
            ConfigSource.Candidate candidate = source.read();
            try {
                WeirConfig config = FirstConfiguration.valid(source, candidate);
                guard(config);
                return new CheckReport(candidate.problems(), null, !config.equals(state.config()));
            } catch (RefusedException e) {
                return new CheckReport(candidate.problems(), e.problem(), false);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Reads the configuration again and puts it in force as a whole.
     *
     * @throws RefusedException when it has errors, takes away too much, or cannot be put in force;
     *     what runs goes on
     */
    public ReloadReport reload(ReloadRequest request, Author author) throws RefusedException {
        return audited(
                author,
                "reload",
                List.of(),
                () -> reloaded(request, author),
                report -> "revision " + report.revision());
    }

    private ReloadReport reloaded(ReloadRequest request, Author author) throws RefusedException {
        lock.lock();
        try {
            mustRun();
            Configuration present = state.configuration();
            expect("configuration", request.expectedRevision(), present.revision());
            ConfigSource.Candidate candidate = source.read();
            if (request.onlyIfNew() && candidate.hash().equals(state.tried())) {
                return new ReloadReport(false, present.revision(), List.of(), List.of());
            }
            try {
                ConfigStore managed = store;
                return put(
                        candidate,
                        request.allowShrink(),
                        state.overlay(),
                        author,
                        result -> managed == null ? result.revision() : managed.revision());
            } catch (RefusedException e) {
                state = state.refused(e.problem(), candidate);
                events.emit(
                        EventTag.CONFREFUSED,
                        author + " asked for a reload; what runs goes on: " + e.getMessage());
                throw e;
            }
        } finally {
            lock.unlock();
        }
    }

    /** The desired configuration in force, as it was written. */
    public Desired desired() {
        return revisions.desired(state);
    }

    /** The revisions of the desired configuration. */
    public Revisions revisions() {
        return revisions;
    }

    /** The files beside the desired configuration; none when files own it. */
    public List<ConfigStore.StoredFile> files() {
        return revisions.files();
    }

    /**
     * The content of a file beside the desired configuration.
     *
     * @return null when there is none, or when it is a secret
     */
    public byte @Nullable [] file(String path) {
        return revisions.file(path);
    }

    /** The record of what was asked for. */
    public Audit audit() {
        return audit;
    }

    /**
     * Changes the desired configuration and puts it in force, as a whole.
     *
     * @throws RefusedException when files own the configuration, when it is not at the revision
     *     that the author looked at, when an edit does not fit, when the result has errors or takes
     *     away too much, or when it cannot be put in force or kept; what runs goes on
     */
    public ChangeReport change(Change change, Author author) throws RefusedException {
        if (change.dryRun()) {
            return revisions.change(change, author);
        }
        return audited(
                author,
                "change",
                Changes.objects(change.edits()),
                () -> revisions.change(change, author),
                report -> "revision " + report.revision());
    }

    /** What is done for an author. */
    @FunctionalInterface
    interface Deed<T> {
        T run() throws RefusedException;
    }

    /** Does what {@code author} asks for, and records it whether it is done or refused. */
    <T> T audited(
            Author author,
            String action,
            List<String> objects,
            Deed<T> deed,
            Function<T, String> detail)
            throws RefusedException {
        try {
            T result = deed.run();
            audit.accepted(author, action, objects, detail.apply(result));
            return result;
        } catch (RefusedException e) {
            audit.refused(author, action, objects, e.problem().message());
            throw e;
        }
    }

    /** Keeps what has just been put in force and tells the number of the revision. */
    @FunctionalInterface
    interface Keeper {
        long keep(DataPlane.ApplyResult result) throws IOException;
    }

    /** Puts a candidate in force; the caller holds the lock. */
    ReloadReport put(
            ConfigSource.Candidate candidate,
            boolean allowShrink,
            Overlay overlay,
            Author author,
            Keeper keeper)
            throws RefusedException {
        WeirConfig config = judged(candidate, allowShrink);
        DataPlane.ApplyResult result = apply(config, overlay);
        long revision = kept(keeper, result);
        boolean changed = !config.equals(state.config());
        Configuration next =
                new Configuration(
                        source.name(),
                        revision,
                        candidate.hash(),
                        false,
                        author,
                        ticker.now(),
                        null);
        state = state.with(config, next, candidate);
        if (!overlay.equals(state.overlay())) {
            state = state.with(overlay);
            saveOverlay();
        }
        if (changed) {
            events.emit(
                    EventTag.CONFMOD,
                    author + " put " + ApplySummary.changes(result) + " in force");
        }
        events.emit(
                EventTag.CONFOK,
                "revision "
                        + revision
                        + " of "
                        + source.name()
                        + " is in force, asked for by "
                        + author);
        unsaved = candidate.canonical();
        saveLastGood();
        followers.forEach(f -> tell(f, config));
        return new ReloadReport(changed, revision, result.objects(), candidate.problems());
    }

    /** The configuration of a candidate, if it may be put in force. */
    WeirConfig judged(ConfigSource.Candidate candidate, boolean allowShrink)
            throws RefusedException {
        WeirConfig config = FirstConfiguration.valid(source, candidate);
        if (!allowShrink) {
            guard(config);
        }
        return config;
    }

    ReentrantLock lock() {
        return lock;
    }

    ControlState state() {
        return state;
    }

    /** What cannot be kept must not stay in force, or a restart would undo it unasked. */
    private long kept(Keeper keeper, DataPlane.ApplyResult result) throws RefusedException {
        try {
            return keeper.keep(result);
        } catch (IOException e) {
            apply(state.config(), state.overlay());
            throw new RefusedException(
                    new ControlProblem.Unavailable("the change cannot be kept: " + e.getMessage()),
                    e);
        }
    }

    private DataPlane.ApplyResult apply(WeirConfig config, Overlay overlay)
            throws RefusedException {
        DataPlane.ApplyResult result;
        try {
            result = plane.apply(config, overlay);
        } catch (RuntimeException e) {
            events.emit(EventTag.INTERNALERROR, "a configuration could not be applied: " + e);
            throw new RefusedException(
                    new ControlProblem.NotApplied(
                            "the configuration made Weir fail: " + e, List.of()),
                    e);
        }
        if (!result.applied()) {
            throw new RefusedException(ControlProblem.NotApplied.of(result));
        }
        return result;
    }

    /**
     * Puts an operational decision in force and on disk.
     *
     * @throws RefusedException when there is no such pool or node, a value is not allowed, or the
     *     state of the node does not fit
     */
    public NodeChange setNode(NodeCommand command, Author author) throws RefusedException {
        return setNodes(List.of(command), null, author).getFirst();
    }

    /**
     * Puts operational decisions in force and on disk, all or none, one upon the other.
     *
     * @param expectedRevision of the overlay that the author looked at; null for any
     * @throws RefusedException for the first command that cannot be followed
     */
    public List<NodeChange> setNodes(
            List<NodeCommand> commands, @Nullable Long expectedRevision, Author author)
            throws RefusedException {
        return audited(
                author,
                NodeStep.action(commands),
                NodeStep.objects(commands),
                () -> decided(commands, expectedRevision, author),
                changes -> NodeStep.reasons(commands));
    }

    private List<NodeChange> decided(
            List<NodeCommand> commands, @Nullable Long expectedRevision, Author author)
            throws RefusedException {
        lock.lock();
        try {
            mustRun();
            expect("overlay", expectedRevision, state.overlayRevision());
            Instant now = ticker.now().truncatedTo(ChronoUnit.MILLIS);
            DataPlane.Status observed = plane.status();
            Overlay next = state.overlay();
            List<NodeStep> steps = new ArrayList<>();
            for (NodeCommand command : commands) {
                NodeStep step = NodeStep.of(command, author, next, state.config(), observed, now);
                next = step.after();
                steps.add(step);
            }
            if (next.entries().size() > MAX_OVERLAY_ENTRIES) {
                throw new RefusedException(
                        new ControlProblem.Unavailable(
                                "the overlay would hold "
                                        + next.entries().size()
                                        + " decisions, expected at most "
                                        + MAX_OVERLAY_ENTRIES));
            }
            if (!next.equals(state.overlay())) {
                putOverlay(next);
            }
            List<NodeChange> changes = new ArrayList<>();
            for (NodeStep step : steps) {
                NodeChange change = step.change(overlaySaved, state.overlayRevision());
                changes.add(change);
                if (change.changed()) {
                    step.announce(overlaySaved, events);
                }
            }
            return changes;
        } finally {
            lock.unlock();
        }
    }

    /** Where events go. */
    public Actions actions() {
        return actions;
    }

    /** Says once, at the start, where events go. */
    public void provide(Actions provided) {
        actions = provided;
    }

    /**
     * Delivers a test event through an action and waits for the outcome.
     *
     * @throws RefusedException when there is no such action
     */
    public ActionTest testAction(String name) throws RefusedException {
        Optional<ActionTest> test = actions.test(name);
        if (test.isEmpty()) {
            List<String> known = actions.list().stream().map(ActionStatus::name).toList();
            throw new RefusedException(
                    new ControlProblem.NotFound("action", name, "", Nearest.to(name, known)));
        }
        return test.get();
    }

    /** What is in the cache. */
    public CacheContents cache() {
        return plane.cache();
    }

    /**
     * Removes stored responses from the cache, or makes them stale.
     *
     * @param soft whether they only become stale, so that the node is asked before their next use
     * @throws RefusedException when there is no such virtual server
     */
    public CacheContents.Purged purgeCache(CacheQuery query, boolean soft, Author author)
            throws RefusedException {
        mustExist(query);
        CacheContents.Purged purged = plane.cache().purge(query, soft);
        events.emit(
                EventTag.CACHEPURGED,
                author
                        + (soft ? " made " : " removed ")
                        + purged.responses()
                        + " stored responses"
                        + (soft ? " stale" : ""));
        return purged;
    }

    /** Refuses a query that names a virtual server that is not there. */
    public void mustExist(CacheQuery query) throws RefusedException {
        String name = query.virtualServer();
        Set<String> known = state.config().virtualServers().keySet();
        if (name != null && !known.contains(name)) {
            throw new RefusedException(
                    new ControlProblem.NotFound(
                            "virtual server", name, "", Nearest.to(name, known)));
        }
    }

    /**
     * Whether it is safe to take a node now: that nothing is on it, nothing new comes, and every
     * pool keeps enough nodes.
     *
     * @throws RefusedException when no pool has the node
     */
    public Safety safety(SafetyQuestion question, Author author) throws RefusedException {
        ControlState s = state;
        return Leasing.ask(question, author.name(), plane, s.overlay(), ticker.now());
    }

    /**
     * As {@link #safety}; if the answer is yes, nothing new reaches the node until the lease is
     * over, ends by {@link #release}, or its owner puts the node to use again. Asked again by its
     * owner, a lease goes on from now.
     *
     * @throws RefusedException when no pool has the node, or an argument is not allowed
     */
    public Safety lease(LeaseRequest request, Author author) throws RefusedException {
        lock.lock();
        try {
            mustRun();
            Leasing leasing =
                    Leasing.of(request, author, ticker.now().truncatedTo(ChronoUnit.MILLIS));
            Safety safety = leasing.ask(plane, state.overlay(), ticker.now());
            if (safety.verdict() != Safety.Verdict.YES) {
                return safety;
            }
            Overlay before = state.overlay();
            putOverlay(before.with(leasing.lease()));
            // A request may have come between the answer and the hold: with the hold it is seen.
            Safety held = leasing.ask(plane, state.overlay(), ticker.now());
            if (held.verdict() != Safety.Verdict.YES) {
                putOverlay(before);
                return leasing.ask(plane, before, ticker.now());
            }
            leasing.announce(overlaySaved, events);
            // What is refused is a question answered; who waits asks it many times.
            audit.accepted(author, "lease", List.of("node " + held.node()), request.reason());
            return held;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends the lease of a node, whoever has it.
     *
     * @throws RefusedException when nobody has one
     */
    public void release(NodeAddress node, Author author) throws RefusedException {
        audited(
                author,
                "release",
                List.of("node " + node),
                () -> released(node, author),
                lease -> "lease of " + lease.owner());
    }

    private NodeLease released(NodeAddress node, Author author) throws RefusedException {
        lock.lock();
        try {
            mustRun();
            NodeLease lease = state.overlay().lease(node);
            if (lease == null) {
                throw new RefusedException(
                        new ControlProblem.NotFound("lease", node.toString(), "", null));
            }
            putOverlay(state.overlay().withoutLease(node));
            Leasing.announceEnd(lease, "was ended by " + author, events);
            return lease;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Does what is due: ends decisions whose time is over and writes what could not be written
     * before. To be called about once a second.
     */
    public void tick() {
        lock.lock();
        try {
            if (state.stopping()) {
                return;
            }
            saveLastGood();
            revisions.tick();
            if (!overlaySaved) {
                saveOverlay();
            }
            Overlay before = state.overlay();
            Overlay lasting = before.unexpired(ticker.now());
            Deadlines deadlines = Deadlines.of(lasting, ticker.now());
            if (!deadlines.after().equals(before)) {
                putOverlay(deadlines.after());
                before.entries().stream()
                        .filter(e -> !lasting.entries().contains(e))
                        .forEach(e -> NodeStep.announceEnd(e, events));
                before.leases().stream()
                        .filter(l -> !lasting.leases().contains(l))
                        .forEach(l -> Leasing.announceEnd(l, "is over", events));
                deadlines.conclude(plane, events);
            }
        } catch (RefusedException e) {
            // Reported as an event; the next tick tries again.
        } finally {
            lock.unlock();
        }
    }

    private void putOverlay(Overlay next) throws RefusedException {
        try {
            plane.apply(next);
        } catch (RuntimeException e) {
            events.emit(EventTag.INTERNALERROR, "an overlay could not be applied: " + e);
            throw new RefusedException(
                    new ControlProblem.NotApplied("the change made Weir fail: " + e, List.of()), e);
        }
        state = state.with(next);
        saveOverlay();
    }

    private void saveOverlay() {
        try {
            overlays.save(state.overlay(), state.overlayRevision());
            overlaySaved = true;
            report("overlay", null);
        } catch (IOException e) {
            // Better a drain that a restart forgets than none while the disk is full.
            overlaySaved = false;
            report("overlay", "not saved, so a restart forgets it: " + e);
        }
    }

    /**
     * Ends the traffic gracefully: no new connections, exchanges in flight may end. Returns when
     * that is done; a second call changes nothing and returns at once.
     *
     * @param deadline after which what is left is cut; null for that of the configuration
     * @return whether everything ended by itself
     */
    public boolean stop(@Nullable Duration deadline, Author author) {
        lock.lock();
        try {
            if (state.stopping()) {
                return true;
            }
            saveLastGood();
            state = state.stop();
        } finally {
            lock.unlock();
        }
        audit.accepted(author, "stop", List.of(), "");
        events.emit(EventTag.STOPPING, "Weir stops, asked by " + author);
        try {
            return plane.stop(deadline == null ? state.config().global().stopTimeout() : deadline);
        } finally {
            stopped.countDown();
        }
    }

    /** Waits until the traffic has ended by {@link #stop}. */
    public void awaitStop() throws InterruptedException {
        stopped.await();
    }

    private void saveLastGood() {
        Supplier<String> due = unsaved;
        if (due == null || lastGood == null) {
            return;
        }
        try {
            lastGood.save(new LastGood.Kept(source.name(), due.get()));
            unsaved = null;
            report("last good configuration", null);
        } catch (IOException | RuntimeException e) {
            report("last good configuration", "not saved: " + e);
        }
    }

    private void tell(Consumer<WeirConfig> follower, WeirConfig config) {
        try {
            follower.accept(config);
        } catch (RuntimeException e) {
            events.emit(EventTag.INTERNALERROR, "a follower of the configuration failed: " + e);
        }
    }

    private void guard(WeirConfig next) throws RefusedException {
        List<String> losses = ShrinkGuard.losses(state.config(), next);
        if (!losses.isEmpty()) {
            throw new RefusedException(new ControlProblem.Shrinks(source.name(), losses));
        }
    }

    void mustRun() throws RefusedException {
        if (state.stopping()) {
            throw new RefusedException(new ControlProblem.Unavailable("Weir is stopping"));
        }
    }

    static void expect(String thing, @Nullable Long expected, long found) throws RefusedException {
        if (expected != null && expected != found) {
            throw new RefusedException(
                    new ControlProblem.Conflict(
                            "the "
                                    + thing
                                    + " is at revision "
                                    + found
                                    + ", expected "
                                    + expected));
        }
    }
}
