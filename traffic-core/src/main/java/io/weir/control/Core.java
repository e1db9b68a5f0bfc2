package io.weir.control;

import io.weir.config.Overlay;
import io.weir.config.RuleConfig;
import io.weir.config.WeirConfig;
import io.weir.config.load.KeptConfig;
import io.weir.config.load.Problem;
import io.weir.control.ControlStatus.Configuration;
import io.weir.control.store.LastGood;
import io.weir.control.store.OverlayStore;
import io.weir.event.EventBus;
import io.weir.event.EventTag;
import io.weir.runtime.DataPlane;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What the parts of {@link Control} share: the state, the one lock under which it changes, and the
 * ways to put a configuration or an overlay in force. Looking at {@link #state} never waits; what
 * changes it is called by whoever holds the lock.
 */
final class Core {

    private static final int MAX_OVERLAY_ENTRIES = 10_000;

    final ConfigSource source;
    final @Nullable ConfigStore store;
    final DataPlane plane;
    final Audit audit;
    final EventBus events;
    final Ticker ticker;
    final ReentrantLock lock = new ReentrantLock();
    final Map<String, Cause> troubles = new ConcurrentSkipListMap<>();

    private final OverlayStore overlays;
    private final @Nullable LastGood lastGood;
    private final List<Consumer<WeirConfig>> followers = new ArrayList<>();

    /** Written under the lock, read by anybody. */
    volatile ControlState state;

    /** Whether the overlay in force is on disk; guarded by the lock. */
    boolean overlaySaved = true;

    /** What is yet to be remembered as last good; guarded by the lock. */
    @Nullable Supplier<KeptConfig> unsaved;

    Core(
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
        this.state = state;
    }

    /** What is done for an author. */
    @FunctionalInterface
    interface Deed<T> {
        T run() throws RefusedException;
    }

    /**
     * Does what {@code author} asks for, and records it whether it is done or refused.
     *
     * @param detail what is to be told about the result; null when there was nothing to do
     */
    <T> T audited(
            Author author,
            String action,
            List<String> objects,
            Deed<T> deed,
            Function<T, @Nullable String> detail)
            throws RefusedException {
        try {
            T result = deed.run();
            String done = detail.apply(result);
            if (done != null) {
                audit.accepted(author, action, objects, done);
            }
            return result;
        } catch (RefusedException e) {
            audit.refused(author, action, objects, e.problem().message());
            throw e;
        }
    }

    /**
     * Says that a part of Weir is worse than it should be, which shows in {@link Control#health},
     * or that it is well again.
     *
     * @param component such as {@code metrics listener}
     * @param trouble one clause; null when all is well
     */
    void report(String component, @Nullable String trouble) {
        if (trouble == null) {
            troubles.remove(component);
        } else {
            troubles.merge(
                    component,
                    new Cause(component + ": " + trouble, null, ticker.now()),
                    (before, now) -> new Cause(now.text(), null, before.since()));
        }
    }

    /** Calls {@code follower} with the configuration now, and with each later one in force. */
    void follow(Consumer<WeirConfig> follower) {
        lock.lock();
        try {
            followers.add(follower);
            tell(follower, state.config());
        } finally {
            lock.unlock();
        }
    }

    /** What a reload would find now. */
    CheckReport found() {
        lock.lock();
        try {
            ConfigSource.Candidate candidate = source.read();
            try {
                WeirConfig config = judged(candidate, false);
                return new CheckReport(candidate.problems(), null, !config.equals(state.config()));
            } catch (RefusedException e) {
                return new CheckReport(candidate.problems(), e.problem(), false);
            }
        } finally {
            lock.unlock();
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
                        null,
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
        unsaved = candidate.kept();
        saveLastGood();
        followers.forEach(f -> tell(f, config));
        return new ReloadReport(changed, revision, result.objects(), candidate.problems());
    }

    /**
     * Thinks decisions through, one upon the other; nothing is in force yet.
     *
     * @param config that the nodes are looked for in
     * @throws RefusedException for the first that cannot be followed
     */
    List<NodeStep> steps(
            List<NodeCommand> commands, Overlay before, WeirConfig config, Author author)
            throws RefusedException {
        Instant now = ticker.now().truncatedTo(ChronoUnit.MILLIS);
        DataPlane.Status observed = plane.status();
        Overlay next = before;
        List<NodeStep> steps = new ArrayList<>();
        for (NodeCommand command : commands) {
            NodeStep step = NodeStep.of(command, author, next, config, observed, now);
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
        return steps;
    }

    /** The configuration of a candidate, if it may be put in force. */
    WeirConfig judged(ConfigSource.Candidate candidate, boolean allowShrink)
            throws RefusedException {
        WeirConfig config = FirstConfiguration.valid(source, candidate);
        mustBeSound(config, candidate);
        if (!allowShrink) {
            guard(config);
        }
        return config;
    }

    /** Refuses rules that are no sound programs; those in force are known to be. */
    void mustBeSound(WeirConfig config, ConfigSource.Candidate candidate) throws RefusedException {
        Map<String, RuleConfig> present = state.config().rules();
        List<RuleConfig> changed =
                config.rules().values().stream()
                        .filter(rule -> !rule.equals(present.get(rule.name())))
                        .toList();
        List<Problem> problems =
                new ArrayList<>(RulePrograms.problems(plane.check(changed), config.rules()));
        if (!problems.isEmpty()) {
            problems.addAll(candidate.problems());
            throw new RefusedException(
                    new ControlProblem.BadConfiguration(source.name(), problems));
        }
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
            throw RefusedException.madeFail(e);
        }
        if (!result.applied()) {
            throw new RefusedException(ControlProblem.NotApplied.of(result));
        }
        return result;
    }

    void guard(WeirConfig next) throws RefusedException {
        List<String> losses = ShrinkGuard.losses(state.config(), next);
        if (!losses.isEmpty()) {
            throw new RefusedException(new ControlProblem.Shrinks(source.name(), losses));
        }
    }

    private void tell(Consumer<WeirConfig> follower, WeirConfig config) {
        try {
            follower.accept(config);
        } catch (RuntimeException e) {
            events.emit(EventTag.INTERNALERROR, "a follower of the configuration failed: " + e);
        }
    }

    void saveLastGood() {
        Supplier<KeptConfig> due = unsaved;
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

    void putOverlay(Overlay next) throws RefusedException {
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

    void saveOverlay() {
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
}
