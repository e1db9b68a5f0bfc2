package io.weir.control;

import io.weir.cache.CacheContents;
import io.weir.cache.CacheQuery;
import io.weir.config.NodeAddress;
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

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The one façade through which a running Weir is looked at and changed. Safe for every thread but
 * an event loop: changes are made one after another under one lock and may wait for disk and
 * sockets; looking never waits for a change.
 *
 * <p>A change is checked as a whole and then put in force as a whole; when it is refused with a
 * {@link RefusedException}, nothing has changed.
 */
public final class Control {

    private final Core core;
    private final Decisions decisions;
    private final Revisions revisions;
    private final Instant started;
    private final Ending ending;
    private final Traffic traffic;
    private volatile Actions actions = Actions.NONE;

    private Control(Core core) {
        this.core = core;
        this.decisions = new Decisions(core);
        this.revisions = new Revisions(core);
        this.ending = new Ending(core);
        this.traffic = new Traffic(core.plane, this::config, this::overlay);
        this.started = core.ticker.now();
        core.audit.reportTo(trouble -> core.report("audit record", trouble));
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
        // With a revision that was undone while no Weir ran, pools have their former names again.
        Overlay named =
                source instanceof ConfigStore managed
                        ? kept.overlay().renamed(managed.undoneRenames())
                        : kept.overlay();
        boolean renamed = !named.equals(kept.overlay());
        Overlay overlay = named.unexpired(ticker.now());
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
                        first.refusal(),
                        first.refusal() == null ? null : ticker.now());
        ControlState state =
                new ControlState(
                        first.config(),
                        configuration,
                        overlay,
                        kept.revision() + (renamed ? 1 : 0),
                        first.read().watched(),
                        first.read().hash(),
                        first.chosen().document(),
                        false);
        Control control =
                new Control(
                        new Core(
                                source,
                                first.plane(),
                                overlays,
                                lastGood,
                                audit,
                                events,
                                ticker,
                                state));
        if (renamed) {
            control.core.saveOverlay();
        }
        control.announce(kept.fault(), first);
        return control;
    }

    private void announce(@Nullable String overlayFault, FirstConfiguration first) {
        ControlProblem refusal = first.refusal();
        if (refusal == null) {
            core.unsaved = first.chosen().kept();
        } else {
            core.events.emit(
                    EventTag.CONFREFUSED,
                    "started with the last good configuration: " + refusal.message());
        }
        if (overlayFault != null) {
            core.events.emit(EventTag.OVERLAYLOST, overlayFault);
            core.report("overlay", "drains and other decisions may be lost: " + overlayFault);
        }
        revisions.announce();
        core.events.emit(
                EventTag.RUNNING, "Weir serves the configuration of " + core.source.name());
    }

    /** The configuration in force. */
    public WeirConfig config() {
        return core.state.config();
    }

    /** The operational decisions in force. */
    public Overlay overlay() {
        return core.state.overlay();
    }

    /** What people call the place that configurations come from. */
    public String source() {
        return core.source.name();
    }

    /** The files and directories whose content makes the configuration. */
    public List<Path> watched() {
        return core.state.watched();
    }

    /** All there is to know at this moment. */
    public ControlStatus status() {
        ControlState s = core.state;
        DataPlane.Status observed = core.plane.status();
        return new ControlStatus(
                observed,
                s.configuration(),
                s.overlay(),
                s.overlayRevision(),
                judge(s, observed),
                started,
                core.ticker.now());
    }

    /** How Weir itself is. */
    public Health health() {
        return judge(core.state, core.plane.status());
    }

    private Health judge(ControlState s, DataPlane.Status observed) {
        return HealthCheck.judge(
                s.stopping(),
                s.config(),
                s.configuration(),
                observed,
                List.copyOf(core.troubles.values()),
                core.plane.expired());
    }

    /** The latest events, oldest first, at most {@code max}. */
    public List<Event> events(int max) {
        return core.events.recent(max);
    }

    /**
     * Says that a part of Weir is worse than it should be, or well again; see {@link #health}.
     *
     * @param component such as {@code metrics listener}
     * @param trouble one clause; null when all is well
     */
    public void report(String component, @Nullable String trouble) {
        core.report(component, trouble);
    }

    /** Calls {@code follower} with the configuration now, and with each later one in force. */
    public void follow(Consumer<WeirConfig> follower) {
        core.follow(follower);
    }

    /** What a reload would find now. */
    public CheckReport check() {
        return core.found();
    }

    /**
     * Reads the configuration again and puts it in force as a whole.
     *
     * @throws RefusedException when it has errors, takes away too much, or cannot be put in force;
     *     what runs goes on
     */
    public ReloadReport reload(ReloadRequest request, Author author) throws RefusedException {
        return core.audited(
                author,
                "reload",
                List.of(),
                () -> reloaded(request, author),
                report -> report.objects().isEmpty() ? null : "revision " + report.revision());
    }

    private ReloadReport reloaded(ReloadRequest request, Author author) throws RefusedException {
        core.lock.lock();
        try {
            core.mustRun();
            Configuration present = core.state.configuration();
            Core.expect("configuration", request.expectedRevision(), present.revision());
            ConfigSource.Candidate candidate = core.source.read();
            if (request.onlyIfNew() && candidate.hash().equals(core.state.tried())) {
                return new ReloadReport(false, present.revision(), List.of(), List.of());
            }
            try {
                ConfigStore managed = core.store;
                return core.put(
                        candidate,
                        request.allowShrink(),
                        core.state.overlay(),
                        author,
                        result -> managed == null ? result.revision() : managed.revision());
            } catch (RefusedException e) {
                core.state = core.state.refused(e.problem(), candidate, core.ticker.now());
                core.events.emit(
                        EventTag.CONFREFUSED,
                        author + " asked for a reload; what runs goes on: " + e.getMessage());
                throw e;
            }
        } finally {
            core.lock.unlock();
        }
    }

    /** The desired configuration in force, as it was written. */
    public Desired desired() {
        return revisions.desired(core.state);
    }

    /** The number of the revision in force, which costs less than all of {@link #desired}. */
    public long revision() {
        return core.state.configuration().revision();
    }

    /** The revisions of the desired configuration. */
    public Revisions revisions() {
        return revisions;
    }

    /** The files beside the desired configuration; none when files own it. */
    public List<ConfigStore.StoredFile> files() {
        return revisions.files();
    }

    /** Whether there is a file at {@code path}, as {@link #files} writes it. */
    public boolean hasFile(String path) {
        return files().stream().anyMatch(file -> file.path().equals(path));
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
        return core.audit;
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
        return core.audited(
                author,
                "change",
                Changes.objects(change.edits()),
                () -> revisions.change(change, author),
                report -> "revision " + report.revision());
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
        return core.audited(
                author,
                NodeStep.action(commands),
                NodeStep.objects(commands),
                () -> decisions.set(commands, expectedRevision, author),
                changes -> NodeStep.reasons(commands));
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
    public ActionTest testAction(String name, Author author) throws RefusedException {
        return core.audited(
                author,
                "test-action",
                List.of("actions/" + name),
                () -> tested(name),
                test -> test.trouble() == null ? "delivered" : test.trouble());
    }

    private ActionTest tested(String name) throws RefusedException {
        Optional<ActionTest> test = actions.test(name);
        if (test.isEmpty()) {
            List<String> known = actions.list().stream().map(ActionStatus::name).toList();
            throw new RefusedException(
                    new ControlProblem.NotFound("action", name, "", Nearest.to(name, known)));
        }
        return test.get();
    }

    /** What can be seen of the traffic. */
    public Traffic traffic() {
        return traffic;
    }

    /** What is in the cache. */
    public CacheContents cache() {
        return core.plane.cache();
    }

    /**
     * Removes stored responses from the cache, or makes them stale.
     *
     * @param soft whether they only become stale, so that the node is asked before their next use
     * @throws RefusedException when there is no such virtual server
     */
    public CacheContents.Purged purgeCache(CacheQuery query, boolean soft, Author author)
            throws RefusedException {
        String server = query.virtualServer();
        return core.audited(
                author,
                "purge-cache",
                server == null ? List.of() : List.of("virtual-servers/" + server),
                () -> purged(query, soft, author),
                purged -> purged.responses() + " stored responses");
    }

    private CacheContents.Purged purged(CacheQuery query, boolean soft, Author author)
            throws RefusedException {
        mustExist(query);
        CacheContents.Purged purged = core.plane.cache().purge(query, soft);
        core.events.emit(
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
        Set<String> known = core.state.config().virtualServers().keySet();
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
        return decisions.safety(question, author);
    }

    /**
     * As {@link #safety}; if the answer is yes, nothing new reaches the node until the lease is
     * over, ends by {@link #release}, or its owner puts the node to use again. Asked again by its
     * owner, a lease goes on from now.
     *
     * @throws RefusedException when no pool has the node, or an argument is not allowed
     */
    public Safety lease(LeaseRequest request, Author author) throws RefusedException {
        return decisions.lease(request, author);
    }

    /** Ends the lease of a node, whoever has it; refused when nobody has one. */
    public void release(NodeAddress node, Author author) throws RefusedException {
        core.audited(
                author,
                "release",
                List.of("node " + node),
                () -> decisions.release(node, author),
                lease -> "lease of " + lease.owner());
    }

    /**
     * Does what is due: ends decisions whose time is over and writes what could not be written
     * before. To be called about once a second.
     */
    public void tick() {
        core.lock.lock();
        try {
            if (core.state.stopping()) {
                return;
            }
            core.saveLastGood();
            revisions.tick();
            decisions.tick();
        } catch (RefusedException e) {
            // Reported as an event; the next tick tries again.
        } finally {
            core.lock.unlock();
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
        return ending.stop(deadline, author);
    }

    /** Stopping and starting again. */
    public Ending ending() {
        return ending;
    }

    /** Waits until the traffic has ended by {@link #stop}. */
    public void awaitStop() throws InterruptedException {
        ending.await();
    }
}
